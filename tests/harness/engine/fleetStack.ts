/** A stack of fleets on either engine, with a Hologram account of its own on this machine. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AccountSetup,
  type Behaviour,
  type Clock,
  type Emulator,
  type LedgerEntry,
  type SeenRequest,
  startEmulator,
} from "../../../provider/testing/emulator";
import {
  type ConfigValue,
  type Engine,
  type OperationOptions,
  openSecrets,
  type ResourceState,
  type RunResult,
  type StackHandle,
} from "../../../provider/testing/engine";
import type { Fleet, FleetProgram } from "../programs/declaredFleets";

export type { Fleet, FleetProgram } from "../programs/declaredFleets";

/** Organization and plan of the account that tests begin with; `Global Flat`, $0.60 a month in zone `global`. */
export const ORG = 12345;
export const PLAN = 2096;
/** An API key with characters that a URL spells differently. Every key of these tests begins like it. */
export const KEY = "k3y-with+odd/chars=and%20more";
const beginningsOfKeys = ["k3y-with", Buffer.from("apikey:k3y-w").toString("base64")];
/** The first card of a pack, and the distance of its neighbours: printed ICCIDs end in a check digit. */
export const FIRST = 89445001021983048260n;
export const STEP = 10n;

export const account: AccountSetup = {
  organizations: [{ id: ORG, name: "Fleet Operations", balance: "1000000.00" }],
  keys: [{ key: KEY, role: "admin", orgIds: [ORG] }],
  plans: [
    { id: PLAN, name: "Global Flat", zones: { global: "0.600000" } },
    { id: 75, name: "Pilot 1 MB", data: 1_000_000, zones: { global: "1.500000" } },
  ],
};

/** What an environment may say of a real account must not reach a test. */
const noOtherSettings = {
  HOLOGRAM_ORG_ID: "",
  HOLOGRAM_CLAIM_SETTLE_SECONDS: "",
  HOLOGRAM_MAX_ACTIVATIONS: "",
  HOLOGRAM_MAX_DUE_NOW: "",
  HOLOGRAM_MAX_DEACTIVATIONS: "",
};

export interface FleetSetup {
  /** Cards of a pack that begins at `FIRST`, in steps of `STEP`. Default 0. */
  readonly sims?: number;
  /** Default: one organization with one admin key. */
  readonly account?: AccountSetup;
  readonly behaviour?: Partial<Behaviour>;
  readonly env?: Readonly<Record<string, string>>;
  readonly config?: Readonly<Record<string, ConfigValue>>;
  /** Time as the account knows it. */
  readonly clock?: Clock;
}

/** What one operation did, and what the account saw of it. */
export interface Operation extends RunResult {
  readonly requests: readonly SeenRequest[];
  /** Requests that change something. */
  readonly writes: readonly SeenRequest[];
  /** Charges of this operation. */
  readonly charges: readonly LedgerEntry[];
  /** Sentences of the errors, each once, as a user reads them. */
  readonly errors: readonly string[];
}

/** Opens a stack on an empty state, runs `work` with it, looks for leaks, and leaves nothing behind. */
export async function withFleets(
  engine: Engine,
  setup: FleetSetup,
  work: (fleets: FleetStack) => Promise<void>,
): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "fleets-"));
  const emulator = await startEmulator({
    account: setup.account ?? account,
    behaviour: setup.behaviour ?? {},
    ...(setup.clock === undefined ? {} : { clock: setup.clock }),
  });
  if (setup.sims !== undefined)
    emulator.addPack({ first: `${FIRST}`, count: setup.sims, step: Number(STEP) });
  const opened: FleetStack[] = [];
  const open = async (name: string): Promise<FleetStack> => {
    const [directory, declared] = [join(root, name), join(root, `${name}.fleets.json`)];
    mkdirSync(directory);
    const env = {
      ...noOtherSettings,
      HOLOGRAM_BASE_URL: emulator.url,
      HOLOGRAM_JOURNAL: join(root, "journal"),
      HOLOGRAM_API_KEY: KEY,
      FLEETS: declared,
      ...setup.env,
    };
    const program = join(__dirname, "../programs", "fleets.js");
    const config = setup.config === undefined ? {} : { config: setup.config };
    const stack = await engine.stack({ program, project: "fleets", stack: "dev", directory, env, ...config });
    const fleets = new FleetStack(stack, emulator, env, directory, declared, open);
    opened.push(fleets);
    return fleets;
  };
  try {
    await work(await open("state"));
    for (const fleets of opened) await fleets.assertNoLeaks();
  } finally {
    emulator.faults.release();
    for (const { stack } of opened) await stack.close();
    await emulator.close();
    rmSync(root, { recursive: true, force: true });
  }
}

export class FleetStack {
  private readonly operations: RunResult[] = [];
  private env: Readonly<Record<string, string>>;

  constructor(
    readonly stack: StackHandle,
    readonly emulator: Emulator,
    env: Readonly<Record<string, string>>,
    /** Folder of the state. */
    readonly directory: string,
    private readonly declared: string,
    private readonly open: (name: string) => Promise<FleetStack>,
  ) {
    this.env = env;
  }

  /** Another stack, with a state of its own, on the same account and the same machine. */
  another(name: string): Promise<FleetStack> {
    return this.open(name);
  }

  /** What the next operation's program declares. */
  declare(...fleets: readonly Fleet[]): void {
    this.declareAll({ fleets });
  }

  declareAll(program: FleetProgram): void {
    writeFileSync(this.declared, JSON.stringify(program));
  }

  /** Adds to the environment, or takes from it with an empty text. */
  setEnv(more: Readonly<Record<string, string>>): void {
    this.env = { ...this.env, ...more };
    this.stack.setEnv(this.env);
  }

  preview(options?: OperationOptions): Promise<Operation> {
    return this.run("preview", options);
  }

  /** Without the preview phase, unless the options say otherwise: it costs a second and is seldom the point. */
  up(options?: OperationOptions): Promise<Operation> {
    return this.run("up", { preview: false, ...options });
  }

  refresh(): Promise<Operation> {
    return this.run("refresh", { preview: false });
  }

  destroy(): Promise<Operation> {
    return this.run("destroy", { preview: false });
  }

  private async run(
    kind: "preview" | "up" | "refresh" | "destroy",
    options: OperationOptions = {},
  ): Promise<Operation> {
    const { emulator } = this;
    emulator.clearRequests();
    const charged = emulator.ledger.length;
    const result = await this.stack[kind](options);
    this.operations.push(result);
    const errors = result.diagnostics.filter(({ severity }) => severity === "error");
    return {
      ...result,
      requests: [...emulator.requests],
      writes: emulator.writes(),
      charges: emulator.ledger.slice(charged),
      errors: [...new Set(errors.map(({ message }) => message))],
    };
  }

  /** The fleet as it is recorded, secrets opened; undefined when it is not. */
  async fleet(name: string): Promise<ResourceState | undefined> {
    const { resources } = await this.stack.export();
    const found = resources.find(({ urn, type }) => type === TYPE && urn.endsWith(`::${name}`));
    return found && { ...found, inputs: openSecrets(found.inputs), outputs: openSecrets(found.outputs) };
  }

  /** How many SIMs of the account are in which state. */
  states(): Readonly<Record<string, number>> {
    const groups = Map.groupBy(this.emulator.sims(), ({ state }) => state);
    return Object.fromEntries([...groups].map(([state, sims]) => [state, sims.length]));
  }

  /** No API key, PIN, PUK or private address in what users read, nor in any file; and nobody is shown a stack trace. */
  async assertNoLeaks(): Promise<void> {
    const secrets = [...beginningsOfKeys, "PIN-SECRET", "PUK-SECRET", "IP-SECRET"];
    const said = this.operations.map((each) => each.text + JSON.stringify(each));
    const kept = filesIn(this.directory).map((file) => readFileSync(file, "utf8"));
    if ((await this.stack.export()).resources.length > 0) {
      assert.ok(kept.join().includes("urn:pulumi:dev::fleets::"), "the state is among the files");
    }
    for (const text of [...said, ...kept]) {
      for (const secret of secrets) assert.ok(!text.includes(secret), `${secret} leaks into ${text}`);
    }
    for (const { text } of this.operations) assert.doesNotMatch(text, /^\s+at .*:\d+:\d+\)?$/m);
  }
}

const TYPE = "pulumi-nodejs:dynamic/hologram:SimActivation";

/** The URN of a fleet that has no parent of its own. */
export function urnOf(name: string): string {
  return `urn:pulumi:dev::fleets::${TYPE}::${name}`;
}

/** The ICCID of the card with this place in the pack, from 0. */
export function card(place: number): string {
  return `${FIRST + STEP * BigInt(place)}`;
}

/** The cards from place `from` up to, and without, place `to`. */
export function cards(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, i) => card(from + i));
}

/** The range that holds the same cards. */
export function range(from: number, to: number): string {
  return `${card(from)}-${BigInt(card(to)) - 1n}`;
}

function filesIn(directory: string): string[] {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
