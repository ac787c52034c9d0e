import fc from "fast-check";
import type { Level } from "../campaign";
import { type Deed, deeds, tellDeed } from "../story/people";
import type { EditName, Fleet } from "../story/program";
import { type Trouble, tellTrouble, troubles } from "./faults";

/** Everything that happens in one run until the faults end. */
export interface Story {
  readonly fleets: readonly Plot[];
  /** How long a claim without an answer may be landing: everything here happens by the clock of the machine. */
  readonly settleSeconds: number;
  readonly rounds: readonly Round[];
  /** Whether the last `up`, which must send nothing, begins with a preview, as a user's does. */
  readonly previews: boolean;
}

/** One resource at the beginning; they stand side by side in one pack of cards. */
interface Plot {
  readonly form: "list" | "range";
  readonly sims: number;
  readonly onRelease: Fleet["onRelease"];
}

/** An edit of the program and an `up` that is cut off. */
export interface Round {
  readonly edit: EditName | "revert";
  readonly n: number;
  /** By hand, before the operation. */
  readonly deeds: readonly Deed[];
  /** Replaces the fleet whatever its provider says. */
  readonly replaces: boolean;
  /** Only on the real engine: touches only the fleet, or is bound by a plan that was saved before the deeds. */
  readonly scope: "all" | "target" | "planned";
  readonly troubles: readonly Trouble[];
  readonly death: Death | undefined;
  /** The user is in no hurry: whatever is in doubt has settled before he goes on. */
  readonly waits: boolean;
  /** The user is in such a hurry that what a killed process has sent may not have landed when he goes on. */
  readonly hurries: boolean;
  readonly refreshes: boolean;
}

/** How an operation is cut off. `once` and `twice`: by Ctrl-C; else by `kill -9` of the engine, of its provider, of all. */
export interface Death {
  readonly kind: "all" | "engine" | "provider" | "once" | "twice";
  /** At the n-th such request; or so many hundredths of a second after the first request, or after the start. */
  readonly at: "claim" | "request" | "time" | "start";
  readonly nth: number;
  /** Milliseconds after that. */
  readonly lag: number;
  /** The request is held until then: it is carried out at once, or after the death. */
  readonly holds: "before" | "after" | undefined;
}

const editNames = [
  "none",
  "grow",
  "growDown",
  "shrink",
  "shrinkUp",
  "shift",
  "disjoint",
  "revert",
  "rename",
  "split",
  "splitInTurn",
  "merge",
  "remove",
  "form",
  "scatter",
  "release",
  "plan",
  "limit",
  "noLimit",
  "provider",
] as const satisfies (EditName | "revert")[];

export function storiesOf(level: Exclude<Level, "provider">): fc.Arbitrary<Story> {
  return fc.record({
    fleets: fc.array(plot, { minLength: 1, maxLength: 3 }),
    settleSeconds: fc.constantFrom(...settling[level]),
    rounds: fc.array(roundOf(level), { minLength: 1, maxLength: mostRounds[level] }),
    previews: fc.constantFrom(false, false, false, false, true),
  });
}

/** What comes after the last of them is most of the work of a run on the real engine. */
const mostRounds = { embedded: 2, real: 4 };

/** An operation takes less, unless the machine is very busy: or else nothing is in doubt when the next one looks. */
const settling = { embedded: [4, 6], real: [8, 12] };

/** Sizes that need one claim, and, seldom, several. */
const plot: fc.Arbitrary<Plot> = fc.record({
  form: fc.constantFrom("list", "range"),
  sims: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 2, max: 60 }) },
    { weight: 3, arbitrary: fc.integer({ min: 61, max: 900 }) },
    { weight: 1, arbitrary: fc.integer({ min: 2_501, max: 6_000 }) },
  ),
  onRelease: fc.constantFrom("keep", "pause", "pause", "deactivate"),
});

const roundOf = (level: Exclude<Level, "provider">): fc.Arbitrary<Round> =>
  fc.record({
    edit: fc.constantFrom("grow", "none", "grow", "revert", ...editNames),
    n: fc.nat(999),
    deeds: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: deeds }),
    replaces: fc.nat(9).map((n) => n === 9),
    scope: level === "real" ? fc.constantFrom("all", "all", "all", "target", "planned") : fc.constant("all"),
    troubles,
    death: fc.oneof(
      { weight: 1, arbitrary: fc.constant(undefined) },
      { weight: 3, arbitrary: deathOf(earliest[level]) },
    ),
    waits: fc.boolean(),
    hurries: fc.nat(11).map((n) => n === 11),
    refreshes: fc.constantFrom(false, false, false, false, true),
  });

/** Before this, in hundredths of a second, only the processes start. */
const earliest = { embedded: 40, real: 120 };

const deathOf = (from: number): fc.Arbitrary<Death> =>
  fc
    .record({
      kind: fc.constantFrom("all", "engine", "provider", "once", "twice"),
      when: fc.oneof(
        {
          weight: 5,
          arbitrary: fc.record({ at: fc.constant("claim"), nth: fc.constantFrom(1, 1, 1, 2, 2, 3), holds }),
        },
        {
          weight: 2,
          arbitrary: fc.record({ at: fc.constant("request"), nth: fc.integer({ min: 1, max: 12 }), holds }),
        },
        {
          weight: 2,
          arbitrary: fc.record({ at: fc.constant("time"), nth: fc.integer({ min: 0, max: 80 }) }),
        },
        {
          weight: 1,
          arbitrary: fc.record({ at: fc.constant("start"), nth: fc.integer({ min: from, max: 3 * from }) }),
        },
      ),
      lag: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 200 })),
    })
    .map(({ kind, when, lag }): Death => ({ kind, holds: undefined, ...when, lag }));

const holds = fc.constantFrom("before", "after", undefined);

/** The story as people read it: one line a round. */
export function tell({ fleets, settleSeconds, rounds, previews }: Story): string {
  const plots = fleets.map(({ form, sims, onRelease }) => `${form} of ${sims} (${onRelease})`).join(", ");
  const lines = rounds.map((round) =>
    [
      ...(round.edit === "none" ? [] : [`edit ${round.edit}(${round.n})`]),
      ...round.deeds.map(tellDeed),
      ...(round.replaces ? ["--replace"] : []),
      ...(round.scope === "all" ? [] : [round.scope]),
      ...round.troubles.map(tellTrouble),
      ...(round.death === undefined ? [] : [tellDeath(round.death)]),
      ...(round.hurries ? ["goes on before all has landed"] : []),
      ...(round.waits ? ["waits until all is settled"] : []),
      ...(round.refreshes ? ["refresh"] : []),
    ].join("; "),
  );
  const last = previews ? "the last `up` previews" : "no previews";
  return [
    `fleets: ${plots}; claims settle within ${settleSeconds} s; ${last}`,
    ...lines.map((line, i) => `${i + 1}. ${line}`),
  ].join("\n");
}

export function tellDeath({ kind, at, nth, lag, holds }: Death): string {
  const held = holds === undefined ? "" : `, which is held and carried out ${holds} it`;
  const since = { time: "first request", start: "start" };
  const moment =
    at === "time" || at === "start"
      ? `${nth * 10} + ${lag} ms after the ${since[at]}`
      : `${at} ${nth} + ${lag} ms${held}`;
  return `${tellKind[kind]} at ${moment}`;
}

export const tellKind = {
  all: "kill -9 of everything",
  engine: "kill -9 of the CLI alone",
  provider: "kill -9 of the provider process",
  once: "Ctrl-C",
  twice: "Ctrl-C twice",
};
