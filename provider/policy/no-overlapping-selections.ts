import { parseRange, printIntervals } from "../fleet/numbers/range";
import { Selection } from "../fleet/numbers/selection";
import { defineStackPolicy, noSettings, type StackViolation } from "./definePolicy";
import type { SeenFleet } from "./fleets";

/**
 * Stops two fleets of a stack that declare the same SIMs: each would set its own plan and limits, and the one that
 * releases a SIM takes it from the other. Ranges and lists are compared number by number: ICCIDs with ICCIDs, EIDs with
 * EIDs. Which ICCIDs belong to EIDs is known of a fleet with nothing to do.
 *
 * Pulumi asks it after the preview, and in an update only at the end: the preview stops the change, `pulumi up
 * --skip-preview` would not. Selections that are known only during the update are compared then. Fleets of other stacks
 * are out of its sight: policy no-adoption. The message names the numbers, those of a secret selection too, because
 * policies are handed secrets in clear text. No configuration.
 *
 * Level: mandatory.
 *
 * @example Policy configuration: only a warning
 * ```json
 * { "no-overlapping-selections": "advisory" }
 * ```
 */
export const noOverlappingSelections = defineStackPolicy({
  name: "no-overlapping-selections",
  description: "No two fleets of a stack declare the same SIM.",
  level: "mandatory",
  config: noSettings,
  judge: (fleets) => {
    const selected = fleets
      .flatMap(selectedBy)
      .sort((a, b) => Number(a.first > b.first) - Number(a.first < b.first));
    return selected.flatMap((one, index) => {
      // By first number: from the first fleet on that begins after this one ends, none can share a SIM with it.
      const end = selected.findIndex((other, at) => at > index && other.first > one.last);
      const near = selected.slice(index + 1, end === -1 ? undefined : end);
      return near.flatMap((other) => violation(one, other));
    });
  },
});

/** Numbers of one kind, for an EID is longer than any ICCID. */
interface Selected {
  readonly name: string;
  readonly urn: string;
  readonly selection: Selection;
  /** The ICCIDs of a declaration by EIDs. */
  readonly isByEid: boolean;
  readonly first: bigint;
  readonly last: bigint;
}

function violation(one: Selected, other: Selected): StackViolation[] {
  // Their EIDs are compared.
  if (one.isByEid && other.isByEid) return [];
  const shared = one.selection.intersect(other.selection).intervals();
  if (shared.length === 0) return [];
  const named = shared.slice(0, SHOWN).map((each) => printIntervals([each]));
  const more = shared.length > SHOWN ? ` and ${shared.length - SHOWN} more` : "";
  const message =
    `"${one.name}" and "${other.name}" both declare ${named.join(", ")}${more}. ` +
    "Take these SIMs out of one of the two.";
  return [{ message, urn: other.urn }];
}

const SHOWN = 3;

/** The SIMs of a fleet, unless they are known only during the update. */
function selectedBy(fleet: SeenFleet): Selected[] {
  const isByEid = fleet.input("eidRange") !== undefined;
  return [...selected(fleet, declaredRange(fleet), false), ...selected(fleet, listedBy(fleet), isByEid)];
}

function selected({ name, urn }: SeenFleet, selection: Selection, isByEid: boolean): Selected[] {
  const intervals = selection.intervals();
  const [first, last] = [intervals.at(0)?.first, intervals.at(-1)?.last];
  if (first === undefined || last === undefined) return [];
  return [{ name, urn, selection, isByEid, first: BigInt(first), last: BigInt(last) }];
}

function declaredRange(fleet: SeenFleet): Selection {
  const range = fleet.input("simRange") ?? fleet.input("eidRange");
  const bounds = typeof range === "string" ? parseRange(range) : undefined;
  return bounds === undefined ? Selection.empty : Selection.ofRange(bounds.first, bounds.last);
}

/** A fleet with nothing to do shows its outputs; they have no `sims`, but the SIMs held and lost. */
function listedBy(fleet: SeenFleet): Selection {
  if (fleet.input("simRange") !== undefined || SELECTIONS.some((name) => fleet.isLater(name)))
    return Selection.empty;
  const declared = textsOf(fleet.input("sims"));
  const held = [...textsOf(fleet.input("iccids")), ...textsOf(fleet.input("lost"))];
  return Selection.ofList(declared.length > 0 ? declared : held);
}

const SELECTIONS = ["simRange", "sims", "eidRange"];

function textsOf(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((each) => typeof each === "string") : [];
}
