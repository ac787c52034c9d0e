import type * as hologram from "../hologram/model";

/** A data plan that an organization may use. `data` is in bytes, and absent if Hologram does not send it. */
export interface Plan extends Omit<hologram.DataPlan, "zones"> {
  /** Zones of the plan, once for each account tier that Hologram lists. */
  readonly zones: readonly PlanZone[];
}

/** The price of a plan in one zone. */
export interface PlanZone extends Omit<hologram.PlanZone, "amount"> {
  /** Fee per SIM and billing period, in US dollars, not rounded. Absent where Hologram names none. */
  readonly price?: number;
  /** The same as decimal text, with the digits that Hologram sent. */
  readonly priceText?: string;
}

/**
 * One SIM profile as Hologram lists it, flat. PIN, PUK and private addresses are dropped as it is read. Fields that
 * Hologram does not send are absent.
 */
export interface Sim extends hologram.Sim {
  /** Activated and not gone, so a fee is due, paused or not. */
  readonly billed: boolean;
}

/** A device: what Hologram keeps of a SIM once it is activated. The id stays when an eSIM changes its profile. */
export interface Device {
  readonly deviceId: number;
  /** Absent if Hologram does not send it, like all fields below. */
  readonly name?: string;
  readonly orgId?: number;
  /** The physical card (`simcardid`), always as text. */
  readonly simCardId?: string;
  /** Absent from Hologram's list of links; filter by `tagId` instead. */
  readonly tagIds?: readonly number[];
  /** Its profiles, by ascending ICCID: one, but for eSIMs that hold several. */
  readonly sims: readonly Sim[];
}

/** Prepaid money of an organization, in US dollars: as numbers, and as the decimal text that Hologram sent. */
export interface Balance {
  readonly orgId: number;
  readonly balance: number;
  readonly balanceText: string;
  /** From promotions. Absent if Hologram does not send it, like all fields below. */
  readonly promoBalance?: number;
  readonly promoBalanceText?: string;
  /** Least balance, below which Hologram tops up or pauses. */
  readonly minBalance?: number;
  readonly minBalanceText?: string;
}

/** Whose plans. */
export interface GetPlansArgs {
  /** Default: `hologram:orgId`, else the key's only organization. Several and none named is an error that lists them. */
  readonly orgId?: number | undefined;
}

/** Exactly one of `id` and `name`. */
export interface GetPlanArgs extends GetPlansArgs {
  readonly id?: number | undefined;
  /** The whole name, without regard to case or spaces around it. */
  readonly name?: string | undefined;
}

/** Filters, all of which a SIM must meet; none is every SIM of the organization. */
export interface GetSimsArgs {
  /** Default: `hologram:orgId`, else the key's only organization. Several and none named is an error that lists them. */
  readonly orgId?: number | undefined;
  /** First and last ICCID, `"first-last"`, both included. Not together with `sims`. */
  readonly simRange?: string | undefined;
  /** ICCIDs; those that the organization does not show are left out. */
  readonly sims?: readonly string[] | undefined;
  /** Id of a data plan. */
  readonly plan?: number | undefined;
  /** The whole name of a state, without regard to case. */
  readonly state?: string | undefined;
  /** Id of a tag that the device bears. */
  readonly tagId?: number | undefined;
}

/** Filters, all of which a device must meet; none is every device of the organization. */
export interface GetDevicesArgs {
  /** Default: `hologram:orgId`, else the key's only organization. Several and none named is an error that lists them. */
  readonly orgId?: number | undefined;
  /** Ids; those that the organization does not show are left out. */
  readonly deviceIds?: readonly number[] | undefined;
  /** A part of the name, without regard to case. */
  readonly name?: string | undefined;
  /** Id of a tag that the device bears. */
  readonly tagId?: number | undefined;
}

/** Whose balance. */
export interface GetBalanceArgs {
  /** Default: `hologram:orgId`, else the key's only organization. Several and none named is an error that lists them. */
  readonly orgId?: number | undefined;
}
