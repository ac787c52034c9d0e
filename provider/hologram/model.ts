/**
 * What Hologram's answers mean, in one form whatever edition of the API sent them. Everything above this folder
 * works on these types only. PINs, PUKs and private addresses have no place here: the schemas drop them.
 */

/** One SIM profile as `GET /links/cellular` or `GET /devices` shows it. A listed SIM is not yet an active SIM. */
export interface Sim {
  /** As the API spells it; 18 to 22 digits. */
  readonly iccid: string;
  /** EID of an eSIM; absent on ordinary cards. */
  readonly eid?: string;
  /** Absent (or sent as 0) while the SIM has not been claimed. */
  readonly deviceId?: number;
  readonly linkId: number;
  /** The physical card (`simcardid`): number or text on the wire, always text here. */
  readonly simCardId?: string;
  readonly orgId?: number;
  /** An open set (`LIVE`, `PAUSED-USER`, `INACTIVE`, …), as spelled by the API. */
  readonly state: string;
  /** Id of the data plan. */
  readonly plan?: number;
  readonly zone?: string;
  /** When it was activated, in milliseconds since the epoch by this machine's clock; absent where the API does not tell. */
  readonly claimedAtMs?: number;
  /** Bytes; -1 none. */
  readonly overageLimit?: number;
  /** Bytes; -1 none. */
  readonly threshold?: number;
  /** SMS per cycle; -1 none. Hologram shows its default of 100 where none was set. */
  readonly smsLimit?: number;
  /** True while a Test Mode ("preflight") run is under way and the SIM was never claimed. */
  readonly testMode: boolean;
  readonly deviceName?: string;
  /** Ids of the tags on the device; absent where the answer does not tell them, as the list of links does not. */
  readonly tagIds?: readonly number[];
}

/** Limits of a SIM in use: bytes, bytes, and SMS per billing cycle; -1 none. What is left out stays as it is. */
export interface Limits extends Pick<Sim, LimitName> {}

export const LIMITS = ["overageLimit", "threshold", "smsLimit"] as const satisfies readonly (keyof Sim)[];
export type LimitName = (typeof LIMITS)[number];

/** A listing of SIMs, page by page: to wait for every single SIM took a seventh of the processor time. */
export type SimPages = AsyncGenerator<readonly Sim[]>;

export interface Organization {
  readonly id: number;
  readonly name: string;
}

/** A data plan usable by an organization. */
export interface DataPlan {
  readonly id: number;
  readonly name: string;
  /** Bytes included; 0 is pay as you go. */
  readonly data?: number;
  /** Length of a billing period, in periods of 30 days. */
  readonly billingPeriod: number;
  /** Zone names as the API spells them, with the fee per SIM and billing period: decimal text, US dollars. */
  readonly zones: readonly PlanZone[];
  /** The account tier that the organization is on. */
  readonly currentTier?: string;
  /** Switched off: shown, and not to be had. */
  readonly isOff?: true;
}

export interface PlanZone {
  readonly zone: string;
  /** Account tier the price belongs to, e.g. `BASE`. */
  readonly tier?: string;
  /** Decimal text in US dollars; absent where the API sends none. */
  readonly amount?: string;
}

/** Which SIMs a claim names: exactly one of the three, as the API wants them. */
export type ClaimTarget =
  | { readonly sims: readonly string[] }
  | { readonly simRange: string }
  | { readonly eidRange: string };

/** A claim that charges. */
export interface ClaimRequest {
  readonly orgId: number;
  readonly target: ClaimTarget;
  readonly plan: number;
  readonly zone: string;
  readonly tagId?: number;
  readonly overageLimit?: number;
  readonly threshold?: number;
  readonly smsLimit?: number;
  readonly invalidatePreflightSims?: boolean;
}

export interface ClaimedSim {
  readonly iccid: string;
  readonly deviceId: number;
  readonly linkId: number;
}

/** Money of one claim, in decimal text, where the API sends `order_data`. */
export interface Order {
  readonly salesTax: string;
  readonly shippingCost: string;
  readonly totalCost?: string;
  /** How many SIMs the order is for; a preview's is Hologram's own count of a range. */
  readonly quantity?: number;
}

/** Why the API refused a whole request; `other` carries only the server's words. */
export type RefusalCause = "balance" | "tooLarge" | "key" | "role" | "rateLimit" | "other";

/** The request was certainly not carried out. */
interface RefusedRequest {
  readonly kind: "refused";
  readonly cause: RefusalCause;
  /** Read by Hologram and rejected as an error. False where it was not reached, or answered a failure as a success. */
  readonly isRejected: boolean;
  readonly message: string;
}

/** What a claim came to. Nothing but `claimed` says that a SIM was bought, nothing but the refusals that it was not. */
export type ClaimAnswer =
  /** Items of the answer that carried a SIM, a device and a link. May hold fewer, or others, than were asked for. */
  | { readonly kind: "claimed"; readonly sims: readonly ClaimedSim[]; readonly order?: Order }
  /** A failure map: these SIMs were certainly not claimed. What became of the rest of the request is not said. */
  | {
      readonly kind: "refusedSims";
      readonly reasons: ReadonlyMap<string, string>;
      readonly restDoubtful: boolean;
    }
  | RefusedRequest
  /** No telling whether it was carried out: time-out, dropped connection, 5xx, unreadable answer. Never send it again. */
  | { readonly kind: "doubtful"; readonly message: string };

/** What a preview came to. It never charges: see `previewClaim`. */
export type PreviewAnswer =
  /** `iccids` is absent where the answer holds no list of SIMs, and empty where the list is. */
  | { readonly kind: "claimable"; readonly iccids?: readonly string[]; readonly order?: Order }
  | { readonly kind: "refusedSims"; readonly reasons: ReadonlyMap<string, string> }
  | RefusedRequest
  /** The answer carries device or link ids: the API may have taken the preview for a purchase. */
  | { readonly kind: "looksLikePurchase"; readonly iccids: readonly string[] };

/** The SIMs of one claim request: Hologram's documented limit (docs.hologram.io, links/cellular/bulkclaim). */
export const SIMS_PER_CLAIM = 2_500;
/** Device ids in one state change. No limit is documented; this keeps answers small and failures near. */
export const DEVICES_PER_CHANGE = 1_000;

export type StateCommand = "pause" | "live" | "deactivate";

/** Where a change of the plan leads. */
export interface NewPlan {
  readonly plan: number;
  readonly zone: string;
  /** Bytes; kept only when it is sent along. */
  readonly overageLimit?: number;
}

/** What a bulk change did. A device that is in neither list was not changed and nobody said why. */
export interface ChangeAnswer {
  /** Absent where the answer does not list them: then every device without a warning counts as modified. */
  readonly modified?: ReadonlySet<number>;
  /** Device id to the server's words. */
  readonly warnings: ReadonlyMap<number, string>;
  /** Warnings that name no device. */
  readonly remarks: readonly string[];
}
