import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { isKnown } from "../../../provider/resources/sdk";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../../provider/testing/emulator";

/** Every variable that look-ups read. */
const VARIABLES = ["HOLOGRAM_API_KEY", "HOLOGRAM_ORG_ID", "HOLOGRAM_BASE_URL"] as const;

export interface Run {
  /** True for `pulumi preview`: what no mock tells is not known. */
  readonly preview?: boolean;
  /** The program's environment; the key and address of the account are in it unless they are named here. */
  readonly env?: Readonly<Partial<Record<(typeof VARIABLES)[number], string>>>;
  readonly config?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
}

/** An account on this machine, and runs of a program that looks things up in it, in this process. */
export class Program {
  constructor(readonly emulator: Emulator) {}

  /** Begins another run of the program, which remembers nothing of the one before. */
  async begin({ preview = false, env, config = {}, secrets = [] }: Run = {}): Promise<void> {
    const { apiKey, url } = this.emulator;
    const variables = { HOLOGRAM_API_KEY: apiKey, HOLOGRAM_BASE_URL: url, ...env };
    for (const name of VARIABLES) process.env[name] = "";
    Object.assign(process.env, variables);
    pulumi.runtime.setAllConfig({ ...config }, [...secrets]);
    const mocks = {
      newResource: ({ name, inputs }: pulumi.runtime.MockResourceArgs) => ({ id: name, state: inputs }),
      call: ({ inputs }: pulumi.runtime.MockCallArgs) => inputs,
    };
    await pulumi.runtime.setMocks(mocks, "project", "stack", preview);
    this.emulator.clearRequests();
  }

  /** Paths of the requests of this run, in order. */
  get paths(): string[] {
    return this.emulator.requests.map(({ path }) => path);
  }
}

/** Runs a test against an account of its own; afterwards the environment is as it was. */
export async function withProgram(
  options: EmulatorOptions,
  test: (program: Program) => Promise<void>,
): Promise<void> {
  const before = VARIABLES.map((name) => [name, process.env[name]] as const);
  const program = new Program(await startEmulator(options));
  try {
    await program.begin();
    await test(program);
  } finally {
    await program.emulator.close();
    pulumi.runtime.setAllConfig({}, []);
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

/** The value of an Output; fails where it is not known. */
export async function known<T>(output: pulumi.OutputInstance<T>): Promise<T> {
  assert.ok(await isKnown(output), "it is not known");
  return new Promise((resolve) => output.apply((value) => resolve(value)));
}

/** What a look-up fails with: a sentence that the SDK shows as it is, without the key. */
export async function sentence({ emulator }: Program, work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    assert(error instanceof pulumi.RunError, String(error));
    assert.ok(!error.message.includes(emulator.apiKey));
    return error.message;
  }
  return assert.fail("it was to fail, and did not");
}
