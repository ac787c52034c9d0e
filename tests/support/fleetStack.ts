/** A stack of fleets on either engine, with a Hologram account of its own on this machine. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AccountSetup,
  type Behaviour,
  type Emulator,
  type LedgerEntry,
  type SeenRequest,
  startEmulator,
} from "../../provider/testing/emulator";
import type {
  ConfigValue,
  Engine,
  OperationOptions,
  ResourceState,
  RunResult,
  StackHandle,
} from "../../provider/testing/engine";
import type { Fleet, FleetProgram } from "./programs/fleets";

export type { Fleet, FleetProgram } from "./programs/fleets";

/** Organization and plan of the account that tests begin with; `Global Flat`, $0.60 a month in zone `global`. */
export const ORG = 12345;
export const PLAN = 2096;
/** An API key whose spelling differs in a URL, in JSON and in Base64. */
export const KEY = "k3y-with+odd/chars=and%20more";
/** The first card of a pack, and the distance of its neighbours: printed ICCIDs end in a check digit. */
export const FIRST = 89445001021983048260n;
export const STEP = 10n;

const account: AccountSetup = {
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
}

/** What one operation did, and what the account saw of it. */
export interface Operation extends RunResult {
  readonly requests: readonly SeenRequest[];
  /** Requests that change something. */
  readonly writes: readonly SeenRequest[];
  /** Of these, the claims. */
  readonly claims: readonly SeenRequest[];
  /** Charges of this operation. */
  readonly charges: readonly LedgerEntry[];
}

export type OperationKind = "preview" | "up" | "refresh" | "destroy";

/** Opens a stack on an empty state, runs `work` with it, and leaves nothing behind. */
export async function withFleets(
  engine: Engine,
  setup: FleetSetup,
  work: (fleets: FleetStack) => Promise<void>,
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "fleets-"));
  const emulator = await startEmulator({ account: setup.account ?? account, behaviour: setup.behaviour ?? {} });
  if (setup.sims !== undefined) emulator.addPack({ first: `${FIRST}`, count: setup.sims, step: Number(STEP) });
  const env = {
    ...noOtherSettings,
    HOLOGRAM_BASE_URL: emulator.url,
    HOLOGRAM_API_KEY: KEY,
    ...setup.env,
  };
  const program = join(__dirname, "programs", "fleets.js");
  const config = setup.config === undefined ? {} : { config: setup.config };
  const stack = await engine.stack({ program, project: "fleets", stack: "dev", directory, env, ...config });
  try {
    await work(new FleetStack(engine, stack, emulator, env));
  } finally {
    emulator.faults.release();
    await stack.close();
    await emulator.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

export class FleetStack {
  /** Everything a user has read so far. */
  text = "";
  #program: FleetProgram = { fleets: [] };

  constructor(
    readonly engine: Engine,
    readonly stack: StackHandle,
    readonly emulator: Emulator,
    private env: Readonly<Record<string, string>>,
  ) {}

  /** What the next operation's program declares. */
  declare(...fleets: readonly Fleet[]): void {
    this.declareAll({ fleets });
  }

  declareAll(program: FleetProgram): void {
    this.#program = program;
    this.setEnv({});
  }

  /** Adds to the environment, or takes from it with an empty text. */
  setEnv(more: Readonly<Record<string, string>>): void {
    this.env = { ...this.env, ...more };
    this.stack.setEnv({ ...this.env, FLEETS: JSON.stringify(this.#program) });
  }

  preview(options?: OperationOptions): Promise<Operation> {
    return this.run("preview", options);
  }

  /** Without the preview phase, unless the options say otherwise: it costs a second and is seldom the point. */
  up(options: OperationOptions = { preview: false }): Promise<Operation> {
    return this.run("up", options);
  }

  refresh(options: OperationOptions = { preview: false }): Promise<Operation> {
    return this.run("refresh", options);
  }

  destroy(options: OperationOptions = { preview: false }): Promise<Operation> {
    return this.run("destroy", options);
  }

  async run(kind: OperationKind, options?: OperationOptions): Promise<Operation> {
    const { emulator } = this;
    emulator.clearRequests();
    const charged = emulator.ledger.length;
    const result = await this.stack[kind](options);
    this.text += result.text;
    const writes = emulator.writes();
    return {
      ...result,
      requests: [...emulator.requests],
      writes,
      claims: writes.filter(({ path }) => path.endsWith("/bulkclaim")),
      charges: emulator.ledger.slice(charged),
    };
  }

  /** The fleet as it is recorded; undefined when it is not. */
  async fleet(name: string): Promise<ResourceState | undefined> {
    const { resources } = await this.stack.export();
    return resources.find(({ urn, type }) => type.endsWith(":SimActivation") && urn.endsWith(`::${name}`));
  }

  /** How many SIMs of the account are in which state. */
  states(): Readonly<Record<string, number>> {
    const groups = Map.groupBy(this.emulator.sims(), ({ state }) => state);
    return Object.fromEntries([...groups].map(([state, sims]) => [state, sims.length]));
  }
}

/** The ICCID of the card with this place in the pack, from 0. */
export function card(place: number): string {
  return `${FIRST + STEP * BigInt(place)}`;
}

export function cards(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, i) => card(from + i));
}

/** The range that holds the cards from place `from` up to, and without, place `to`. */
export function range(from: number, to: number): string {
  return `${card(from)}-${BigInt(card(to)) - 1n}`;
}
