/** States of stacks on one emulated account, for the command that looks for SIMs which none of them declares. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { type Emulator, startEmulator } from "../../../provider/testing/emulator";
import type { Engine, ResourceState } from "../../../provider/testing/engine";
import { account, type Fleet, KEY, ORG, PLAN } from "../engine/fleetStack";
import { ended, runWith } from "./commandLine";

export const OTHER_ORG = 777;
/** How a state marks a secret. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

export class OrphanStates {
  readonly folder = mkdtempSync(join(tmpdir(), "orphans-"));
  /** Resources of the stack `dev` with its secrets shown, as `pulumi stack export --show-secrets` does. */
  withSecrets: unknown;

  private constructor(readonly emulator: Emulator) {}

  static async start(): Promise<OrphanStates> {
    return new OrphanStates(
      await startEmulator({ account: twoOrganizations, behaviour: { settleReads: 0 } }),
    );
  }

  async close(): Promise<void> {
    await this.emulator.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Runs a program of these fleets, and writes the state that it leaves to a file. */
  async ofPrograms(engine: Engine, stack: string, fleets: readonly Fleet[]): Promise<string> {
    const [directory, declared] = [join(this.folder, stack), join(this.folder, `${stack}.fleets.json`)];
    mkdirSync(directory);
    writeFileSync(declared, JSON.stringify({ fleets }));
    const env = {
      HOLOGRAM_API_KEY: KEY,
      HOLOGRAM_BASE_URL: this.emulator.url,
      HOLOGRAM_JOURNAL: join(this.folder, "journal"),
      FLEETS: declared,
    };
    const program = join(__dirname, "../programs", "fleets.js");
    const opened = await engine.stack({ program, project: "fleets", stack, directory, env });
    try {
      const { ok, text } = await opened.up({ preview: false });
      assert.ok(ok, text);
      const file = join(this.folder, `${stack}.json`);
      writeFileSync(file, await opened.exportText());
      if (stack === "dev") this.withSecrets = shown((await opened.export()).resources);
      return file;
    } finally {
      await opened.close();
    }
  }

  /** A state made by hand; `fleetIn` makes what is in it. */
  write(stack: string, state: object): string {
    const file = join(this.folder, `written-${stack}.json`);
    writeFileSync(file, JSON.stringify(state).replaceAll("STACK", stack));
    return file;
  }

  /** `pulumi-hologram orphans` in the environment of the account, changed by `env`. */
  async run(env: Readonly<Record<string, string>>, input: string | Uint8Array, ...args: readonly string[]) {
    return this.runCommand(env, input, "orphans", ...args);
  }

  /** Any command, in the same environment. */
  async runCommand(
    env: Readonly<Record<string, string>>,
    input: string | Uint8Array,
    ...args: readonly string[]
  ) {
    const usual = { HOLOGRAM_API_KEY: KEY, HOLOGRAM_BASE_URL: this.emulator.url };
    const running = runWith({ env: { ...usual, ...env }, input }, ...args);
    return { code: await ended(running), output: running.output(), errors: running.errors() };
  }
}

/** A fleet of a program. */
export function fleet(name: string, args: object, secrets: string[] = []): Fleet {
  return { name, args: { plan: PLAN, orgId: ORG, ...args }, secrets };
}

/** A fleet as a state holds it. */
export function fleetIn(name: string, inputs: object, outputs: object): object {
  const type = "pulumi-nodejs:dynamic/hologram:SimActivation";
  return {
    urn: `urn:pulumi:STACK::fleets::${type}::${name}`,
    type,
    inputs: { plan: PLAN, ...inputs },
    outputs,
  };
}

export function resourcesIn(file: string): readonly ResourceState[] {
  return JSON.parse(readFileSync(file, "utf8")).resources;
}

/** What `--json` prints: this and nothing else. */
export function readFindings(output: string) {
  return findings.parse(JSON.parse(output));
}

export function iccidsIn(found: readonly { readonly iccid: string }[]): string[] {
  return found.map(({ iccid }) => iccid);
}

const twoOrganizations = {
  ...account,
  organizations: [...(account.organizations ?? []), { id: OTHER_ORG, name: "Field Trials" }],
  keys: [{ key: KEY, role: "admin", orgIds: [ORG, OTHER_ORG] }],
} as const;

const finding = z.looseObject({
  iccid: z.string(),
  stacks: z.array(z.string()).optional(),
  lostIn: z.array(z.string()).optional(),
  profiles: z.array(z.string()).optional(),
});
const findings = z.strictObject({
  stacks: z.array(z.string()),
  organizations: z.array(z.number()),
  orphans: z.array(finding),
  declaredTwice: z.array(finding),
  monthlyCost: z.number(),
});

function shown(resources: readonly ResourceState[]): unknown {
  return JSON.parse(JSON.stringify(resources), (_key, value) =>
    Object(value)[SIGNATURE] === undefined
      ? value
      : { ...value, value: undefined, plaintext: JSON.stringify(value.value) },
  );
}
