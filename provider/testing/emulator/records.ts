/** What an account keeps and shows: requests, charges, SIMs, organizations, tags. */
import type { ProfileState } from "./accountSetup";

/** One request, as the server saw it. */
export interface SeenRequest {
  /** Counts from 1. */
  readonly n: number;
  readonly method: string;
  /** Below the base path: `/links/cellular/bulkclaim`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** The parsed body; undefined without one, text where it is neither JSON nor a form. */
  readonly body: unknown;
  /** What was answered; 0 while nothing was, and where the connection was dropped. */
  status: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** One charge. */
export interface LedgerEntry {
  /** The SIM that was charged. */
  readonly iccid: string;
  readonly linkId: number;
  readonly orgId: number;
  readonly plan: number;
  readonly zone: string;
  /** Decimal text in US dollars. */
  readonly amount: string;
  readonly kind: "activation" | "planchange";
  readonly by: "claim" | "hand";
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Number of the request; 0 for what was done by hand. */
  readonly request: number;
}

/** One SIM as the account knows it. */
export interface SimSnapshot {
  readonly iccid: string;
  readonly eid?: string;
  readonly linkId: number;
  readonly simCardId: number;
  readonly deviceId?: number;
  readonly orgId: number;
  readonly state: string;
  readonly plan?: number;
  readonly zone?: string;
  readonly overageLimit: number;
  readonly threshold: number;
  /** As read back: 100 where none was asked for. */
  readonly smsLimit: number;
  readonly deviceName?: string;
  readonly tagIds: readonly number[];
  readonly testMode: boolean;
  readonly profileState: ProfileState;
  /** Of a further profile of an eSIM: the ICCID of the SIM whose device it is on. */
  readonly profileOf?: string;
}

/** One organization as the account knows it. */
export interface OrganizationSnapshot {
  readonly id: number;
  readonly name: string;
  /** Prepaid US dollars, decimal text. */
  readonly balance: string;
  readonly personal: boolean;
  /** Days that a SIM may stay in Test Mode. */
  readonly testModeDays: number;
}

/** One tag as the account knows it. */
export interface TagSnapshot {
  readonly id: number;
  readonly orgId: number;
  readonly name: string;
  readonly deviceIds: readonly number[];
}
