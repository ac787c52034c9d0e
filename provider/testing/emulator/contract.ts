/** What programs that start an emulator work with. */
import type { Clock } from "../../util/clock";
import type { Behaviour } from "./account/behaviour";
import type { Judgement } from "./account/judge";
import type {
  AccountSetup,
  HandTerms,
  KeySetup,
  OrganizationSetup,
  PackSetup,
  PlanSetup,
  ProfileSetup,
} from "./accountSetup";
import type { AccountEvent } from "./control/accountEvents";
import type { Dashboard } from "./control/dashboard";
import type { FaultRule, Faults } from "./faults/faults";
import type { LedgerEntry, OrganizationSnapshot, SeenRequest, SimSnapshot, TagSnapshot } from "./records";

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
  /** Faults in force from the start. Not used when the state file exists. */
  readonly faults?: readonly FaultRule[];
  readonly clock?: Clock;
  /** Seed of faults that come by probability. Default 1. */
  readonly seed?: number;
  /** What answers outside the API's base path and the control interface: a page for people. Default: one that shows the account. */
  readonly page?: (emulator: Emulator) => PageHandler;
}

/** Answers requests for pages; they are on no list of requests and meet no fault. */
export type PageHandler = (request: Request) => Response | Promise<Response>;

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
  /** Puts a further profile on the device of a SIM, as on an eSIM with several of them. */
  addProfile(iccid: string, setup: ProfileSetup): void;
  /** Whether the ICCID is one of the account's. */
  knows(iccid: string): boolean;
  /** Fails when the account does not know the ICCID. */
  sim(iccid: string): SimSnapshot;
  /** Every SIM of every pack. */
  sims(): SimSnapshot[];
  /** The same one by one, for accounts too large to hold twice. Nothing may change while it is walked. */
  eachSim(): Iterable<SimSnapshot>;
  /** Number of SIMs in the account. */
  readonly simCount: number;
  /** Ascending by id. */
  organizations(): readonly OrganizationSnapshot[];
  /** Ascending by id. */
  plans(): readonly PlanSetup[];
  /** In the order in which they were added. */
  keys(): readonly KeySetup[];
  /** Ascending by id. */
  tags(): readonly TagSnapshot[];
  /** What a person does in Hologram's dashboard, and what Hologram itself does to an account. */
  readonly dashboard: Dashboard;
  /** Calls the listener at every event until the function it returns is called. */
  subscribe(listener: (event: AccountEvent) => void): () => void;
  /** Prepaid dollars of an organization, decimal text. */
  balance(orgId?: number): string;
  /** Double claims, double charges, pauses and deactivations so far. */
  judgement(): Judgement;
  /** Resolves when no late commit is under way. */
  idle(): Promise<void>;
  /** Drops what is open and stops. Commits that have not landed never do. */
  close(): Promise<void>;
}
