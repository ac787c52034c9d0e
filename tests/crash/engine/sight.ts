import type { State } from "../../../provider/testing/engine";
import { cards, type FleetStack } from "../../harness/engine/fleetStack";
import type { Fleets } from "../provider/programs";

/** What the recorded state says about the SIMs of all fleets. */
export interface Sight {
  /** Held, unfinished or lost by name. */
  readonly named: ReadonlySet<string>;
  /** How many more the record counts without naming them. */
  readonly unnamed: number;
  /** Until when the record has a SIM in doubt, in milliseconds since the epoch; 0 where it does not. */
  doubtOf(iccid: string): number;
  /** When the last doubt ends; 0 without any. */
  readonly doubtUntil: number;
}

/** Reads the state. `fleets`: what the program of the last operation declared. */
export async function look({ stack }: FleetStack, fleets: Fleets): Promise<Sight> {
  const records = recordsIn(await stack.export());
  const doubts = records.flatMap(({ name, until, held }) =>
    fleets
      .filter((fleet) => fleet.name === name && until > 0)
      .map(({ from, to }) => ({ until, sims: new Set(cards(from, to).filter((iccid) => !held.has(iccid))) })),
  );
  return {
    named: new Set(records.flatMap(({ held, named }) => [...held, ...named])),
    unnamed: records.reduce((sum, { unnamed }) => sum + unnamed, 0),
    doubtOf: (iccid) =>
      Math.max(0, ...doubts.filter(({ sims }) => sims.has(iccid)).map(({ until }) => until)),
    doubtUntil: Math.max(0, ...records.map(({ until }) => until)),
  };
}

/** ICCIDs that each fleet holds, by name. */
export async function holdings({ stack }: FleetStack): Promise<Map<string, readonly string[]>> {
  const records = recordsIn(await stack.export());
  return new Map(records.map(({ name, held }) => [name, [...held]]));
}

interface Record {
  readonly name: string;
  readonly held: ReadonlySet<string>;
  readonly named: readonly string[];
  readonly unnamed: number;
  readonly until: number;
}

function recordsIn({ resources }: State): Record[] {
  return resources
    .filter(({ type }) => type.endsWith("/hologram:SimActivation"))
    .map(({ urn, outputs }) => {
      const { iccids, lost, unfinished, simCount, __doubtfulUntil: until } = outputs;
      const reasons = textsOf(unfinished);
      const more = Number(/^and (\d+) more$/.exec(reasons.at(-1) ?? "")?.[1] ?? 0);
      const about = reasons.flatMap((reason) => /^(\d{18,22}):/.exec(reason)?.[1] ?? []);
      // A failure too large for its report leaves the lists out.
      const left = iccids === undefined ? Number(simCount) : 0;
      const withoutName = reasons.length - about.length - (more > 0 ? 1 : 0);
      return {
        name: urn.split("::").at(-1) ?? "",
        held: new Set(textsOf(iccids)),
        named: [...textsOf(lost), ...about],
        unnamed: left + more + withoutName,
        until: typeof until === "number" ? until : 0,
      };
    });
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
