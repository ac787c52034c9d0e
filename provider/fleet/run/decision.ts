import type { Outcome, Undone } from "../apply/apply";
import type { Approval } from "../model/approval";
import type { Declaration, OnRelease } from "../model/declaration";
import type { Doubt, FleetRecord } from "../model/record";
import type { FleetPlan } from "../plan/plan";
import type { Leaving } from "./sparing";

/** One change of a fleet, whether it is new or held already. */
export interface FleetChange {
  readonly declaration: Declaration;
  readonly record: FleetRecord;
  /** What the preview of these inputs told, by name; or why it could tell nothing. */
  readonly told: Approval | Untold;
  /** ICCIDs that the declaration comes to; absent where no preview could tell. Only it tells which EIDs are which. */
  readonly roll?: readonly string[] | undefined;
  /** As state recorded it: what the last `up` said about SIMs that leave. */
  readonly onRelease: OnRelease;
}

/** A preview that could tell nothing by name. */
interface Untold {
  readonly unverified: string;
  /** What it told of one activation all the same, decimal text in US dollars: no more is paid. */
  readonly price?: string;
  /** At most so many SIMs are bought; absent where it told no number, and the declaration counts them. */
  readonly activate?: number;
  /** The SIMs whose plan or zone the program changes; what others have put on another plan stays there. */
  readonly changePlan?: ReadonlySet<string>;
  /** The SIMs whose limits the program changes; others keep what somebody has set. */
  readonly changeLimits?: ReadonlySet<string>;
}

export interface Changed {
  readonly record: FleetRecord;
  readonly outcome: Outcome;
  /** Approved and not done, SIM by SIM, with the reason. Empty: all that was approved is done. */
  readonly unfinished: readonly Undone[];
}

/** What is known when an operation has looked and decided, and has written nothing yet. */
export interface Decision {
  /** All that the world lacks. */
  readonly wanted: FleetPlan;
  /** Of it, what was approved. */
  readonly approval: Approval;
  readonly permitted: FleetPlan;
  readonly leaving: Leaving;
  /** Claims that may still be landing: nothing is written then. */
  readonly doubts: readonly Doubt[];
  /** The ICCIDs that held SIMs show, by those they are held under. */
  readonly shownAs: ReadonlyMap<string, string>;
  /** Whether the declaration comes to a SIM. */
  readonly declares: (iccid: string) => boolean;
}
