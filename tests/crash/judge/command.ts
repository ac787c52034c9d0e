/** What a judge is shown of one command, at whatever level it ran. */
import type { SeenRequest, SimSnapshot } from "../../../provider/testing/emulator";
import { ORG, printed } from "../story/cards";

export type Values = Readonly<Record<string, unknown>>;

/** One command of a user on one stack. */
export interface Command {
  readonly kind: "up" | "preview" | "refresh" | "destroy";
  readonly stack: number;
  /** Whose journal it had. */
  readonly machine: number;
  /** What the program declares, by fleet: its arguments. None where no program runs. */
  readonly program: ReadonlyMap<string, Values>;
  /** The checked inputs that the user was shown, with `preview`: of the preview, or, where that was left out, of the update. */
  readonly shown: ReadonlyMap<string, Values>;
  /** The checked inputs of the update. */
  readonly checked: ReadonlyMap<string, Values>;
  /** The account when the user was told. */
  readonly told: AccountView;
  /** Where no preview came first, the row of the update told the user: the account when each fleet was checked. */
  readonly toldInUpdate?: ReadonlyMap<string, AccountView>;
  /** The account when the update began. */
  readonly began: AccountView;
  /** The account when it was over: a device that landed meanwhile is known by then. */
  readonly ended: AccountView;
  readonly requests: { readonly preview: readonly SeenRequest[]; readonly update: readonly SeenRequest[] };
  /** The records before, and after, by fleet. */
  readonly before: ReadonlyMap<string, FleetRecord>;
  readonly after: ReadonlyMap<string, FleetRecord>;
  readonly steps: readonly Step[];
  /** Everything a user reads of it. */
  readonly text: string;
  /** The processes died, or were told to end at once: nothing came back of what was on its way. */
  readonly died: boolean;
  /** Milliseconds since the epoch, of its update. */
  readonly from: number;
  readonly to: number;
}

/** One step of the update. */
export interface Step {
  readonly name: string;
  readonly op: "same" | "create" | "update" | "replace" | "delete";
  /** `partly`: ended part-way, on record; `failed`: as if it had not been tried; `under way`: its end was never seen. */
  readonly end: "done" | "partly" | "failed" | "under way";
  /** Because the user asked for it, whatever the provider says. */
  readonly forced?: boolean;
}

/** The SIMs of the account by their printed numbers, and what an activation costs. */
export interface AccountView {
  readonly sims: ReadonlyMap<string, SimSnapshot>;
  readonly priceOf: (plan: number, zone: string) => number;
}

/** What the state says of a fleet under public names; SIMs by their printed numbers. */
export interface FleetRecord {
  readonly iccids: readonly string[];
  /** Those of them that are on record under another number, and that, by the printed one. */
  readonly others?: ReadonlyMap<string, string>;
  readonly lost: readonly string[];
  readonly unfinished: readonly string[];
  readonly onRelease: string;
  /** The same of former halves of the fleet that wait for their deletion. */
  readonly waiting?: readonly string[];
}

/** By name; a half that waits for its deletion comes before the one that took its place. */
export function recordsByName(all: readonly (readonly [string, FleetRecord])[]): Map<string, FleetRecord> {
  const records = new Map<string, FleetRecord>();
  for (const [name, record] of all) {
    const half = records.get(name);
    const waiting = half === undefined ? {} : { waiting: [...(half.waiting ?? []), half.onRelease] };
    records.set(name, { ...record, ...waiting });
  }
  return records;
}

export function recordOf(outputs: Values): FleetRecord {
  const { iccids, lost, unfinished, onRelease } = outputs;
  const numbers = textsOf(iccids);
  return {
    iccids: numbers.map(printed),
    others: new Map(numbers.filter((each) => printed(each) !== each).map((each) => [printed(each), each])),
    lost: textsOf(lost).map(printed),
    unfinished: textsOf(unfinished),
    onRelease: typeof onRelease === "string" ? onRelease : "keep",
  };
}

/** Whether the arguments of a fleet mean a SIM, by its printed number. */
export function declares(
  inputs: Values,
  eidOf: (iccid: string) => string | undefined,
): (iccid: string) => boolean {
  const { sims, simRange, eidRange } = inputs;
  if (sims === undefined && simRange === undefined && eidRange === undefined) return () => false;
  if (Array.isArray(sims)) {
    const names = new Set(sims.map((each) => printed(String(each))));
    return (iccid) => names.has(iccid);
  }
  const [first, last] = String(simRange ?? eidRange)
    .split("-")
    .map(BigInt);
  const isWithin = (number: string | undefined): boolean =>
    number !== undefined &&
    first !== undefined &&
    last !== undefined &&
    BigInt(number) >= first &&
    BigInt(number) <= last;
  return simRange === undefined ? (iccid) => isWithin(eidOf(iccid)) : isWithin;
}

/** Whether a SIM that is on record under `number` alone is meant: what is printed on it nobody can know then. */
export function declaresAs(inputs: Values, number: string): boolean {
  if (Array.isArray(inputs.sims)) return inputs.sims.includes(number);
  return inputs.simRange === undefined || declares(inputs, () => undefined)(number);
}

export interface BookOptions {
  /** How long a claim without an answer may be landing. */
  readonly settleSeconds: number;
  /** By how many milliseconds the moment of sending is earlier than that of arrival. Default 0. */
  readonly onTheWay?: number;
}

/** By the status alone: an answer of success that names fewer SIMs is judged by what it charged. */
export function isDoubtful({ status }: { readonly status: number }): boolean {
  return status === 0 || status >= 500 || status === 408;
}

/** A change that a request asks for, SIM by SIM. */
export interface Change {
  readonly kind: "claim" | "resume" | "pause" | "deactivate" | "changePlan" | "changeLimits" | "tag";
  readonly iccids: readonly string[];
  /** Devices that the account does not know. */
  readonly strangers: readonly string[];
  readonly plan: number;
  readonly zone: string;
  readonly seen: SeenRequest;
}

/** What a request changes; undefined for one that only reads. */
export function changeIn(
  seen: SeenRequest,
  sims: ReadonlyMap<string, SimSnapshot>,
  later: ReadonlyMap<string, SimSnapshot> = sims,
): Change | undefined {
  if (seen.method === "GET" || seen.query.preview !== undefined) return undefined;
  const body: Values = typeof seen.body === "object" && seen.body !== null ? { ...seen.body } : {};
  const kind = kindOf(seen, body);
  const { iccids, strangers } =
    kind === "claim" ? claimed(body, sims, later) : devicesIn(seen, body, [...sims, ...later]);
  const [plan, zone] = [Number(body.plan ?? body.planid), String(body.zone ?? "").toLowerCase()];
  return { kind, iccids, strangers, plan, zone, seen };
}

function kindOf({ path }: SeenRequest, body: Values): Change["kind"] {
  if (path.endsWith("claim")) return "claim";
  if (path.endsWith("changeplan")) return "changePlan";
  if (path.endsWith("usagelimit")) return "changeLimits";
  if (/\/(link|unlink)$/.test(path)) return "tag";
  if (!path.endsWith("state")) throw new Error(`a change that no judge knows: ${path}`);
  return body.state === "live" ? "resume" : body.state === "pause" ? "pause" : "deactivate";
}

function claimed(
  body: Values,
  sims: ReadonlyMap<string, SimSnapshot>,
  later: ReadonlyMap<string, SimSnapshot>,
) {
  if (Array.isArray(body.sims)) {
    // The old number of a card that shows another one is refused; were it charged all the same, the ledger would tell.
    const isShown = (number: string): boolean => {
      const sim = sims.get(printed(number));
      return sim?.deviceId === undefined || sim.iccid === number;
    };
    return { iccids: body.sims.map(String).filter(isShown).map(printed), strangers: [] };
  }
  const isMeant = declares(
    { simRange: body.simrange, eidRange: body.eidrange },
    (iccid) => sims.get(iccid)?.eid,
  );
  const isNew = (iccid: string): boolean => !sims.has(iccid);
  const free = [...new Map([...later, ...sims])].filter(
    ([iccid, sim]) => isMeant(iccid) && (sim.deviceId === undefined || isNew(iccid)) && sim.orgId === ORG,
  );
  return { iccids: free.map(([iccid]) => iccid), strangers: [] };
}

function devicesIn({ path }: SeenRequest, body: Values, sims: readonly (readonly [string, SimSnapshot])[]) {
  const named = Array.isArray(body.deviceids) ? body.deviceids : [/\/devices\/(\d+)\//.exec(path)?.[1]];
  const numbers = new Map(sims.map(([iccid, { deviceId }]) => [deviceId, iccid]));
  const known = named.map((id) => numbers.get(Number(id)));
  return {
    iccids: known.filter((iccid) => iccid !== undefined),
    strangers: named.flatMap((id, i) => (known[i] === undefined ? [String(id)] : [])),
  };
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
