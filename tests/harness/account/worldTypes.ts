import type { ClaimTarget, Limits, NewPlan, StateCommand } from "../../../provider/hologram/model";

/** One card of the world. `orgId` is whose account shows it. */
export interface Card {
  readonly iccid: string;
  readonly linkId: number;
  orgId: number;
  state: string;
  deviceId?: number;
  plan?: number;
  zone?: string;
  testMode: boolean;
  /** A state that nobody but Hologram changes: answered with a warning. */
  locked: boolean;
  eid?: string;
  overageLimit?: number;
  threshold?: number;
  smsLimit?: number;
  readonly tags?: Set<number>;
  /** What another profile of the same card shows instead of the printed ICCID. */
  shownAs?: string;
}

/** How this account answers where Hologram's documentation leaves it open. */
export interface Ways {
  /**
   * All but `namesRest`, which leaves such SIMs out, answer a map of refusals when a SIM cannot be claimed; `costOnly`
   * counts the SIMs and `silent` does not even that.
   */
  readonly preview: "names" | "namesRest" | "costOnly" | "silent" | "refuses";
  /** Whether unclaimed SIMs are listed. */
  readonly inventory: boolean;
  /** What becomes of the rest when a claim is refused for some of its SIMs. */
  readonly refusals: "refuseAll" | "claimRest";
  /** What a claim of an active SIM of the same organization does. */
  readonly secondClaim: "refused" | "charged";
  /** What `invalidatePreflightSims` does: refuse Test Mode SIMs, or take them as fresh ones. */
  readonly testMode: "E1" | "E3";
  /** What the limit of a request counts. */
  readonly limitCounts: "cards" | "numbers";
  readonly limit: number;
  /** Per SIM. */
  readonly price: string;
  readonly balance: number;
}

/** What happens to one claim request instead of an orderly answer. */
export type ClaimFault =
  /** The connection drops before, or after, the SIMs are bought; or half of them are. */
  | { readonly kind: "lostBefore" | "lostAfter" | "lostHalfway" }
  /** No answer, and the SIMs are bought only so many milliseconds later. */
  | { readonly kind: "late"; readonly milliseconds: number }
  /** All are bought, the answer leaves out so many. */
  | { readonly kind: "fewer"; readonly count: number }
  /** All are bought, and the answer names one that nobody asked for. */
  | { readonly kind: "foreign"; readonly iccid: string }
  /** The process dies before, or after, the SIMs are bought: its call never returns. */
  | { readonly kind: "crashBefore" | "crashAfter" }
  /** These are refused this time. */
  | { readonly kind: "refuses"; readonly iccids: readonly string[]; readonly restDoubtful?: boolean };

/** The same for a change of devices. `refused`: a warning for each, and nothing done. */
export type ChangeFault = "lostBefore" | "lostAfter" | "unlisted" | "refused";

/** Everything that was sent, in order. */
export type Sent =
  | { readonly kind: "preview" | "claim"; readonly target: ClaimTarget; readonly iccids: readonly string[] }
  | { readonly kind: "state"; readonly deviceIds: readonly number[]; readonly command: StateCommand }
  | ({ readonly kind: "plan"; readonly deviceIds: readonly number[] } & NewPlan)
  | ({ readonly kind: "limits"; readonly deviceIds: readonly number[] } & Limits)
  | { readonly kind: "link" | "unlink"; readonly deviceIds: readonly number[]; readonly tagId: number };
