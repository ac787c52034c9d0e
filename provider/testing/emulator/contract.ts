/** What programs that start an emulator work with. */
import type { Clock } from "../../util/clock";
import type { Judgement } from "./account/judge";
import type { Behaviour } from "./faults/behaviour";
import type { FaultRule, PlantedFault } from "./faults/faults";

/** What a key may do: an admin everything, a manager write, an editor read, a viewer nothing. */
export type Role = "admin" | "manager" | "editor" | "viewer";

/** An organization to have in the account. */
export interface OrganizationSetup {
  /** Default: one more than the largest so far. */
  readonly id?: number;
  readonly name?: string;
  /** Prepaid US dollars, decimal text. Default `"1000000.00"`. */
  readonly balance?: string;
}

/** An API key to have in the account. */
export interface KeySetup {
  readonly key: string;
  readonly role: Role;
  /** Organizations the key's user belongs to; the first is where claims land that name none. */
  readonly orgIds: readonly number[];
}

/** Zone name to monthly fee, decimal text in US dollars. */
export type ZonePrices = Readonly<Record<string, string>>;

/** A data plan to have in the account. */
export interface PlanSetup {
  readonly id: number;
  readonly name: string;
  /** Bytes included; 0 (default) is pay as you go. */
  readonly data?: number;
  /** Periods of 30 days; default 1. */
  readonly billingPeriod?: number;
  readonly enabled?: boolean;
  /** Zones and prices of the tier `BASE`, which is what claims are charged at. */
  readonly zones: ZonePrices;
  /** Further tiers, shown and never charged. */
  readonly tiers?: Readonly<Record<string, ZonePrices>>;
  /** Organizations that may use the plan; default all. */
  readonly orgIds?: readonly number[];
}

/** SIM cards to have in the account: so many, at equal distances, unclaimed unless a state is given. */
export interface PackSetup {
  /** ICCID of the first card. */
  readonly first: string;
  readonly count: number;
  /** Distance of neighbouring ICCIDs; 10 where the last digit is a check digit. Default 1. */
  readonly step?: number;
  /** Whose inventory the cards are in. Default: the first organization. */
  readonly orgId?: number;
  /** Whether lists show the cards before they are claimed. Default true. */
  readonly listed?: boolean;
  /** Default `INACTIVE`. Any other state gives every card a device. */
  readonly state?: string;
  /** EID of the first card; the next cards count up by one. */
  readonly eids?: string;
  /** Plan of cards that are not `INACTIVE`; default the first plan. */
  readonly plan?: number;
  /** Zone of cards that are not `INACTIVE`; default the first zone of the plan. */
  readonly zone?: string;
}

/** Terms of an activation that no request of the emulator's made. */
export interface HandTerms {
  readonly plan: number;
  readonly zone: string;
  readonly orgId?: number;
  readonly overageLimit?: number;
  readonly threshold?: number;
  readonly smsLimit?: number;
  readonly tagId?: number;
}

/** An account to begin with, in place of the default one. */
export interface AccountSetup {
  readonly organizations?: readonly OrganizationSetup[];
  readonly keys?: readonly KeySetup[];
  readonly plans?: readonly PlanSetup[];
  readonly packs?: readonly PackSetup[];
}

/** How an account is started. */
export interface EmulatorOptions {
  /** 0 (default) takes a free port. */
  readonly port?: number;
  /** Loopback only: `127.0.0.1` (default), `::1` or `localhost`. */
  readonly host?: string;
  /** The account is loaded from this file when it exists, and written to it after every change. */
  readonly stateFile?: string;
  /** Not used when the state file exists. */
  readonly account?: AccountSetup;
  readonly behaviour?: Partial<Behaviour>;
  readonly clock?: Clock;
  /** Seed of faults that come by probability. Default 1. */
  readonly seed?: number;
}

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
}

/** The script of faults: rules by which requests go wrong. */
export interface Faults {
  /** Plants a rule; the first rule that applies to a request is played. */
  add(rule: FaultRule): void;
  /** Takes all rules away. */
  clear(): void;
  /** Rules in force, in the order in which they are tried. */
  list(): readonly PlantedFault[];
  /** Lets every held request go on. */
  release(): void;
}

/** A Hologram account on this machine. */
export interface Emulator {
  /** Base address, `http://127.0.0.1:PORT/api/1`. */
  readonly url: string;
  readonly port: number;
  /** A key of role admin that sees the first organization. */
  readonly apiKey: string;
  /** The first organization. */
  readonly orgId: number;
  /** Every request since the start or the last `clearRequests`. */
  readonly requests: readonly SeenRequest[];
  /** Every charge, in the order in which they were made. */
  readonly ledger: readonly LedgerEntry[];
  /** How it answers; may be changed at any time. */
  readonly behaviour: Behaviour;
  /** What goes wrong, and when. */
  readonly faults: Faults;
  /** Requests with POST, PUT or DELETE that did not ask for a preview. */
  writes(): readonly SeenRequest[];
  /** Empties `requests`. The ledger and the judgement stay. */
  clearRequests(): void;
  /** Returns the id. */
  addOrganization(setup: OrganizationSetup): number;
  /** Adds an API key; one with the same text is replaced. */
  addKey(setup: KeySetup): void;
  /** Adds a data plan; one with the same id is replaced, so that a price can change. */
  addPlan(setup: PlanSetup): void;
  /** Returns the ICCIDs, ascending. Fails when one of them is known already. */
  addPack(setup: PackSetup): string[];
  /** As if by the dashboard: active at once, charged, with `by: "hand"` in the ledger. */
  activateByHand(iccids: readonly string[], terms: HandTerms): void;
  /** At once and without a word in the judgement. A SIM that had no device is given one, except for `INACTIVE`. */
  setState(iccid: string, state: string): void;
  /** Moves a SIM to another organization, as a transfer does: tags are dropped. */
  move(iccid: string, orgId: number): void;
  /**
   * As when an eSIM changes its profile: the device stays, and shows another ICCID. The link keeps its id, so that
   * device, link and card still name one SIM.
   */
  swapProfile(iccid: string, newIccid: string): void;
  /** Whether the ICCID is one of the account's. */
  knows(iccid: string): boolean;
  /** Fails when the account does not know the ICCID. */
  sim(iccid: string): SimSnapshot;
  /** Every SIM of every pack. */
  sims(): SimSnapshot[];
  /** Prepaid dollars of an organization, decimal text. */
  balance(orgId?: number): string;
  /** Double claims, double charges, pauses and deactivations so far. */
  judgement(): Judgement;
  /** Resolves when no late commit is under way. */
  idle(): Promise<void>;
  /** Drops what is open and stops. Commits that have not landed never do. */
  close(): Promise<void>;
}
