/** The account: organizations, keys, plans, tags, SIMs, and every charge. It changes synchronously, one request at a time. */
import { Big } from "big.js";
import type { Clock } from "../../../util/clock";
import type { KeySetup, OrganizationSetup, PlanSetup } from "../accountSetup";
import type { LedgerEntry } from "../records";
import type { Behaviour } from "./behaviour";
import { Inventory } from "./inventory";
import { Judge } from "./judge";
import type { SimRow } from "./pack";
import { Refusal } from "./refusal";

export type Key = KeySetup;

export interface Organization {
  readonly id: number;
  readonly name: string;
  readonly personal: boolean;
  readonly testModeDays: number;
  balance: Big;
}

export interface Tag {
  readonly id: number;
  readonly orgId: number;
  readonly name: string;
  readonly deviceIds: Set<number>;
}

/** Money that was added to the balance. */
export interface Refill {
  readonly orgId: number;
  readonly at: number;
  /** Decimal text. */
  readonly amount: string;
  /** Charges in the ledger before it: that is its place in the balance history. */
  readonly charges: number;
}

/** One job of the batch endpoints. */
export interface Job {
  readonly id: number;
  readonly orgId: number;
  readonly action: string;
  readonly at: number;
  readonly devices: number;
}

export class Account {
  readonly inventory = new Inventory();
  readonly organizations = new Map<number, Organization>();
  readonly keys = new Map<string, Key>();
  readonly plans = new Map<number, PlanSetup>();
  readonly tags = new Map<number, Tag>();
  readonly ledger: LedgerEntry[] = [];
  readonly refills: Refill[] = [];
  readonly jobs: Job[] = [];
  readonly judge = new Judge();
  /** Number of the newest request. */
  requestCount = 0;
  lastTagId = 5000;
  /** Set by everything that a state file has to hold. */
  changed = true;
  /** Set when a pending state has settled, which no state file has to hold. */
  settled = false;

  constructor(
    readonly behaviour: Behaviour,
    readonly clock: Clock,
  ) {}

  addOrganization(setup: OrganizationSetup): number {
    const { id, name, balance = "1000000.00", personal = false, testModeDays = 365 } = setup;
    const given = id ?? Math.max(12344, ...this.organizations.keys()) + 1;
    if (this.organizations.has(given)) throw new Error(`Organization ${given} is in the account already.`);
    this.organizations.set(given, {
      id: given,
      name: name ?? `Organization ${given}`,
      personal,
      testModeDays,
      balance: Big(balance),
    });
    this.changed = true;
    return given;
  }

  organization(id: number): Organization {
    const found = this.organizations.get(id);
    if (found === undefined) throw new Error(`The account has no organization ${id}.`);
    return found;
  }

  /** Adds decimal dollars to the balance. */
  refill(orgId: number, amount: string): void {
    const organization = this.organization(orgId);
    organization.balance = organization.balance.plus(amount);
    this.refills.push({ orgId, at: this.clock.now(), amount, charges: this.ledger.length });
    this.changed = true;
  }

  setBalance(id: number, balance: string): void {
    this.organization(id).balance = Big(balance);
    this.changed = true;
  }

  /** Organization ids that an `orgid` and an `orgids` name, or all that the key sees. */
  visible(key: Key, orgId: number | undefined, orgIds?: readonly number[]): readonly number[] {
    const named = orgId === undefined ? orgIds : [orgId];
    if (named === undefined) return key.orgIds;
    if (!named.every((each) => key.orgIds.includes(each)))
      throw new Refusal(403, "No permissions to perform operation");
    return orgIds === undefined ? named : named.filter((each) => orgIds.includes(each));
  }

  /** The plan, and the zone as the plan spells it. */
  terms(planId: number, zone: string, orgId: number): { readonly plan: PlanSetup; readonly zone: string } {
    const plan = this.plans.get(planId);
    if (plan === undefined || plan.enabled === false || !usable(plan, orgId)) {
      throw new Refusal(400, `Plan ${planId} not found`);
    }
    const exact = this.behaviour.zoneMatching === "exact";
    const spelled = Object.keys(plan.zones).find((each) =>
      exact ? each === zone : each.toLowerCase() === zone.toLowerCase(),
    );
    if (spelled === undefined) throw new Refusal(400, `Zone ${zone} is not available for plan ${planId}`);
    return { plan, zone: spelled };
  }

  price(planId: number, zone: string): Big {
    return Big(this.plans.get(planId)?.zones[zone] ?? 0);
  }

  /** The state as of now: a change that was to settle by the clock has settled. */
  stateOf(row: SimRow): string {
    const due = row.pending?.due;
    if (due !== undefined && this.clock.now() >= due) this.settle(row);
    return row.state;
  }

  /** A read has shown the SIM. */
  wasRead(row: SimRow): void {
    const pending = row.pending;
    if (pending === undefined || pending.due !== undefined) return;
    pending.readsLeft -= 1;
    if (pending.readsLeft <= 0) this.settle(row);
  }

  /** Begins a change of state that takes the time the behaviour says. */
  begin(row: SimRow, through: string, settled: string): void {
    const { settleReads, settleMilliseconds } = this.behaviour;
    if (settleMilliseconds !== undefined) {
      row.pending = { settled, readsLeft: 0, due: this.clock.now() + settleMilliseconds };
    } else {
      row.pending = settleReads > 0 ? { settled, readsLeft: settleReads } : undefined;
    }
    row.state = row.pending === undefined ? settled : through;
  }

  addTag(orgId: number, name: string): Tag {
    this.lastTagId += 1;
    const tag: Tag = { id: this.lastTagId, orgId, name, deviceIds: new Set() };
    this.tags.set(tag.id, tag);
    this.changed = true;
    return tag;
  }

  /** Call it before a SIM changes: answers that lag go on showing it as it is. */
  remember(row: SimRow): void {
    const readsLeft = this.behaviour.laggingReads;
    if (readsLeft > 0) row.lagging = { row: row.lagging?.row ?? row.copy(), readsLeft };
  }

  /** The SIM as the next list shows it. */
  listed(row: SimRow): SimRow {
    const { lagging } = row;
    if (lagging === undefined) return row;
    lagging.readsLeft -= 1;
    if (lagging.readsLeft <= 0) row.lagging = undefined;
    return lagging.row;
  }

  tagIds(row: SimRow): number[] {
    const { deviceId } = row;
    if (deviceId === undefined) return [];
    return [...this.tags.values()].filter((tag) => tag.deviceIds.has(deviceId)).map((tag) => tag.id);
  }

  untag(row: SimRow): void {
    const { deviceId } = row;
    if (deviceId !== undefined) for (const tag of this.tags.values()) tag.deviceIds.delete(deviceId);
  }

  /** Ends a pending state. It is not written to the file: after a restart it settles once more, and nothing is lost. */
  settle(row: SimRow): void {
    if (row.pending === undefined) return;
    row.state = row.pending.settled;
    row.pending = undefined;
    this.settled = true;
  }
}

export function usable(plan: PlanSetup, orgId: number): boolean {
  return plan.orgIds === undefined || plan.orgIds.includes(orgId);
}
