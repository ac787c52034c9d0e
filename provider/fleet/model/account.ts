import type {
  ChangeAnswer,
  ClaimAnswer,
  ClaimRequest,
  ClaimTarget,
  DataPlan,
  Limits,
  NewPlan,
  PlanZone,
  PreviewAnswer,
  Sim,
  StateCommand,
} from "../../hologram/model";
import type { Clock } from "../../util/clock";

/**
 * The few things the fleet asks of one organization's account. The core knows no HTTP and no Pulumi: it is given this.
 * Reads stream and are retried behind it; a claim is sent once and its outcome, doubt included, is a value.
 */
export interface Account {
  readonly orgId: number;
  readonly clock: Clock;

  /** Every SIM the organization shows in the range, in any state: unclaimed inventory too, where the API lists it. */
  simsInRange(first: string, last: string): AsyncIterable<readonly Sim[]>;
  /** Once `isFinal` accepts a SIM, its other records may be skipped. A record can be yielded twice. */
  simsByIccid(iccids: readonly string[], isFinal?: (sim: Sim) => boolean): AsyncIterable<readonly Sim[]>;
  simsByDevice(deviceIds: readonly number[]): AsyncIterable<readonly Sim[]>;
  /** Every SIM of the organization: no list can be filtered by EID. */
  allSims(): AsyncIterable<readonly Sim[]>;

  /** The organization that a device belongs to; undefined where the API does not tell. */
  organizationOf(deviceId: number): Promise<number | undefined>;

  plan(planId: number): Promise<DataPlan | undefined>;
  plans(): Promise<readonly DataPlan[]>;
  pricing(planId: number): Promise<readonly PlanZone[]>;
  /** Prepaid US dollars, decimal text; undefined where there are none, or the key may not see them. */
  balance(): Promise<string | undefined>;

  /** Asks what a claim would do. It never charges: it carries neither plan nor zone. */
  previewClaim(target: ClaimTarget): Promise<PreviewAnswer>;
  /** Charges at once. Never call it again for SIMs whose claim is in doubt. */
  claim(request: Omit<ClaimRequest, "orgId">): Promise<ClaimAnswer>;
  setState(deviceIds: readonly number[], command: StateCommand): Promise<ChangeAnswer>;
  /** Wipes the data limits, but for the one that is sent along. An upgrade is charged pro rata. */
  changePlan(deviceIds: readonly number[], to: NewPlan): Promise<ChangeAnswer>;
  setLimits(deviceIds: readonly number[], limits: Limits): Promise<ChangeAnswer>;
  linkTag(tagId: number, deviceIds: readonly number[]): Promise<ChangeAnswer>;
  unlinkTag(tagId: number, deviceIds: readonly number[]): Promise<ChangeAnswer>;
}

/** Tells whoever is watching what is going on. `lasting` lines stay, the others are replaced by the next. */
export interface Reporter {
  progress(message: string): void;
  info(message: string): void;
  warn(message: string): void;
}
