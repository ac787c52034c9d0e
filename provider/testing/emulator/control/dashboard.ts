/**
 * What a person does in Hologram's dashboard: at once, past the API and its faults, and without a word in the
 * judgement. What costs money stands in the ledger with `by: "hand"`.
 */
import type { HandTerms, PackSetup } from "../accountSetup";

/** Every method fails, and does nothing, when one of the SIMs is not the account's or cannot be changed so. */
export interface Dashboard {
  /** Activates and charges. SIMs that are active already are charged once more: the dashboard would not offer it. */
  activate(iccids: readonly string[], terms: HandTerms): void;
  /** Pauses SIMs that are active, as a person does; they stay billed. */
  pause(iccids: readonly string[]): void;
  /** Lets paused SIMs run again. */
  resume(iccids: readonly string[]): void;
  /** For ever. */
  deactivate(iccids: readonly string[]): void;
  /** Charges what a change of plan costs (`behaviour.planChangeCost`), and removes the data limits. */
  changePlan(iccids: readonly string[], terms: PlanTerms): void;
  /** Limits that are left out stay as they are. */
  setLimits(iccids: readonly string[], limits: LimitTerms): void;
  /** Puts a tag on the devices; it is made where its organization has none of that name. Returns its id. */
  tag(iccids: readonly string[], name: string): number;
  /** Takes a tag off the devices; nothing happens where there is none of that name. */
  untag(iccids: readonly string[], name: string): void;
  /** Moves the SIMs to another organization; tags are dropped, as by a transfer. */
  move(iccids: readonly string[], orgId: number): void;
  /** As when an eSIM changes its profile: the device and its link stay, and show another ICCID. */
  swapProfile(iccid: string, newIccid: string): void;
  /** New cards in the inventory. Returns the ICCIDs, ascending. */
  addPack(setup: PackSetup): string[];
  /** Single cards, also between the numbers of a pack. */
  addCards(iccids: readonly string[], options?: CardOptions): void;
  /** What a plan costs from now on in one of its zones, decimal text in US dollars a month. */
  setPrice(plan: number, zone: string, amount: string): void;
  /** Prepaid US dollars of an organization, decimal text. */
  setBalance(orgId: number, balance: string): void;
}

/** A plan and a zone of it; limits as in `LimitTerms`, none where they are left out. */
export interface PlanTerms {
  readonly plan: number;
  readonly zone: string;
  readonly overageLimit?: number;
}

/** Bytes, bytes and a number of messages; -1 is no limit. */
export interface LimitTerms {
  readonly overageLimit?: number;
  readonly threshold?: number;
  readonly smsLimit?: number;
}

/** Whose inventory new cards are in, and whether lists show them; as in `PackSetup`. */
export type CardOptions = Pick<PackSetup, "orgId" | "listed">;
