import type { Account } from "../../../provider/fleet/model/account";
import { DoubtfulError } from "../../../provider/hologram/errors";
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
  SimPages,
  StateCommand,
} from "../../../provider/hologram/model";
import type { Clock } from "../../../provider/util/clock";
import { defined } from "../../../provider/util/defined";
import { isInRange, obstacle, refusal, widthOf } from "./worldRules";
import type { Card, ChangeFault, ClaimFault, Sent, Ways } from "./worldTypes";

type Terms = Omit<ClaimRequest, "orgId">;

const orderly: Ways = {
  preview: "names",
  inventory: false,
  refusals: "refuseAll",
  secondClaim: "charged",
  testMode: "E3",
  limitCounts: "cards",
  limit: 2_500,
  price: "0.60",
  balance: Number.POSITIVE_INFINITY,
};

const aChange = { method: "POST", path: "/devices" };

/** An organization's account in memory: cards, prices, a ledger, a clock that only moves when someone waits. */
export class World implements Account {
  readonly orgId = 77;
  readonly ways: Ways;
  readonly cards = new Map<string, Card>();
  /** ICCID to the number of times it was charged. */
  readonly charges = new Map<string, number>();
  readonly sent: Sent[] = [];
  /** One is taken for each claim, or each change of devices; `undefined` is an orderly one. */
  claimFaults: (ClaimFault | undefined)[] = [];
  changeFaults: (ChangeFault | undefined)[] = [];
  /** Refused by every preview and every claim, with these words. */
  readonly refusing = new Map<string, string>();
  /** Called when a claim kills the process that sent it. */
  onDeath: () => void = () => undefined;
  /** So many of the next reads fail. */
  failingReads = 0;
  reads = 0;
  dataPlans: DataPlan[];
  pricingRows: PlanZone[] = [];
  private time = Date.UTC(2026, 0, 1);
  private nextId = 1_000;
  private later: { readonly at: number; readonly buy: () => void }[] = [];

  constructor(ways: Partial<Ways> = {}) {
    this.ways = { ...orderly, ...ways };
    const zones = [{ zone: "Global", tier: "BASE", amount: this.ways.price }];
    this.dataPlans = [{ id: 2096, name: "Global Flat", billingPeriod: 1, zones }];
  }

  readonly clock: Clock = {
    now: () => this.time,
    sleep: async (milliseconds) => this.pass(milliseconds),
  };

  /** Lets time go by; claims that land late land on their way. */
  pass(milliseconds: number): void {
    this.time += milliseconds;
    const due = this.later.filter(({ at }) => at <= this.time);
    this.later = this.later.filter(({ at }) => at > this.time);
    for (const { buy } of due) buy();
  }

  /** Puts a card into the world: unclaimed unless `as` says more. */
  add(iccid: string, as: Partial<Omit<Card, "iccid">> = {}): Card {
    const card = { iccid, linkId: this.nextId++, orgId: this.orgId, state: "INACTIVE", ...as };
    const complete = { testMode: false, locked: false, ...card };
    this.cards.set(iccid, complete);
    return complete;
  }

  /** Puts a claimed card into the world. */
  addActive(iccid: string, as: Partial<Omit<Card, "iccid">> = {}): Card {
    return this.add(iccid, { state: "LIVE", deviceId: this.nextId++, plan: 2096, zone: "global", ...as });
  }

  get claims(): Extract<Sent, { target: ClaimTarget }>[] {
    return this.sent.flatMap((each) => (each.kind === "claim" ? [each] : []));
  }

  get previews(): Extract<Sent, { target: ClaimTarget }>[] {
    return this.sent.flatMap((each) => (each.kind === "preview" ? [each] : []));
  }

  get writes(): number {
    return this.sent.filter((each) => each.kind !== "preview").length;
  }

  async *simsInRange(first: string, last: string): SimPages {
    yield* this.list((sim) => BigInt(sim.iccid) >= BigInt(first) && BigInt(sim.iccid) <= BigInt(last));
  }

  async *simsByIccid(iccids: readonly string[]): SimPages {
    const wanted = new Set(iccids);
    yield* this.list((sim) => wanted.has(sim.iccid));
  }

  async *simsByDevice(deviceIds: readonly number[]): SimPages {
    const wanted = new Set(deviceIds);
    yield* this.list((sim) => sim.deviceId !== undefined && wanted.has(sim.deviceId));
  }

  async *allSims(): SimPages {
    yield* this.list(() => true);
  }

  /** Every device is this organization's. */
  async organizationOf(): Promise<number> {
    return this.orgId;
  }

  async plan(planId: number): Promise<DataPlan | undefined> {
    this.read();
    return this.dataPlans.find(({ id }) => id === planId);
  }

  async plans(): Promise<readonly DataPlan[]> {
    this.read();
    return this.dataPlans;
  }

  async pricing(_planId: number): Promise<readonly PlanZone[]> {
    this.read();
    return this.pricingRows;
  }

  async balance(): Promise<string | undefined> {
    return undefined;
  }

  async previewClaim(target: ClaimTarget): Promise<PreviewAnswer> {
    this.read();
    const named = this.named(target);
    this.sent.push({ kind: "preview", target, iccids: named });
    if (this.ways.preview === "refuses") return refusal("other", "Previews are not available");
    if (this.isTooLarge(target, named)) return refusal("tooLarge", "Too many SIMs");
    const reasons = this.reasons(named, true, false);
    if (reasons.size > 0 && this.ways.preview !== "namesRest") return { kind: "refusedSims", reasons };
    const iccids = named.filter((iccid) => !reasons.has(iccid)).reverse();
    const cost = { salesTax: "0", shippingCost: "0" };
    if (this.ways.preview === "silent") return { kind: "claimable", order: cost };
    const order = { ...cost, quantity: iccids.length };
    return { kind: "claimable", ...(this.ways.preview === "costOnly" ? { order } : { iccids }) };
  }

  async claim(request: Terms): Promise<ClaimAnswer> {
    this.pass(200);
    const { target } = request;
    const named = this.named(target);
    this.sent.push({ kind: "claim", target, iccids: named });
    const fault = this.claimFaults.shift();
    if (fault?.kind === "crashBefore") return this.die();
    const gone: ClaimAnswer = { kind: "doubtful", message: "no answer to the claim came" };
    if (fault?.kind === "lostBefore") return gone;
    if (fault?.kind === "late") {
      this.later.push({ at: this.time + fault.milliseconds, buy: () => void this.buy(named, request) });
      return gone;
    }
    const some = fault?.kind === "lostHalfway" ? named.slice(0, named.length >> 1) : named;
    const answer = this.buy(some, request, fault);
    if (fault?.kind === "crashAfter") return this.die();
    if (fault?.kind === "lostAfter" || fault?.kind === "lostHalfway") return gone;
    if (answer.kind !== "claimed") return answer;
    if (fault?.kind === "fewer") return { ...answer, sims: answer.sims.slice(fault.count) };
    if (fault?.kind !== "foreign") return answer;
    return { ...answer, sims: [...answer.sims, { iccid: fault.iccid, deviceId: 1, linkId: 1 }] };
  }

  async setState(deviceIds: readonly number[], command: StateCommand): Promise<ChangeAnswer> {
    this.sent.push({ kind: "state", deviceIds, command });
    return this.change(deviceIds, (card) => {
      if (card.locked || card.state === "DEAD") return `SIM state is locked (${card.state}). Contact support`;
      card.state = { pause: "PAUSED-USER", live: "LIVE", deactivate: "DEAD" }[command];
      return undefined;
    });
  }

  async changePlan(deviceIds: readonly number[], to: NewPlan): Promise<ChangeAnswer> {
    this.sent.push({ kind: "plan", deviceIds, ...to });
    const { plan, zone, overageLimit = -1 } = to;
    return this.change(deviceIds, (card) => {
      if (card.locked) return "Please contact support to change this plan.";
      Object.assign(card, { plan, zone, overageLimit, threshold: -1 });
      return undefined;
    });
  }

  async setLimits(deviceIds: readonly number[], limits: Limits): Promise<ChangeAnswer> {
    this.sent.push({ kind: "limits", deviceIds, ...limits });
    return this.change(deviceIds, (card) => void Object.assign(card, limits));
  }

  async linkTag(tagId: number, deviceIds: readonly number[]): Promise<ChangeAnswer> {
    this.sent.push({ kind: "link", deviceIds, tagId });
    return this.change(deviceIds, (card) => void card.tags?.add(tagId));
  }

  async unlinkTag(tagId: number, deviceIds: readonly number[]): Promise<ChangeAnswer> {
    this.sent.push({ kind: "unlink", deviceIds, tagId });
    return this.change(deviceIds, (card) => void card.tags?.delete(tagId));
  }

  /** `one` changes a card, or says why not. */
  private change(deviceIds: readonly number[], one: (card: Card) => string | undefined): ChangeAnswer {
    this.pass(200);
    const fault = this.changeFaults.shift();
    if (fault === "lostBefore") throw new DoubtfulError(aChange, "the connection dropped");
    const modified = new Set<number>();
    const warnings = new Map<number, string>();
    for (const card of this.cards.values()) {
      if (card.deviceId === undefined || !deviceIds.includes(card.deviceId)) continue;
      const words = fault === "refused" ? "not this time" : one(card);
      if (words === undefined) modified.add(card.deviceId);
      else warnings.set(card.deviceId, words);
    }
    if (fault === "lostAfter") throw new DoubtfulError(aChange, "the connection dropped");
    return { warnings, remarks: [], ...(fault === "unlisted" ? {} : { modified }) };
  }

  /** Nobody is there any more to hear the answer. */
  private die(): Promise<never> {
    this.onDeath();
    return new Promise(() => undefined);
  }

  private read(): void {
    this.pass(100);
    this.reads++;
    if (this.failingReads > 0) {
      this.failingReads--;
      throw new Error("Hologram answered with status 503");
    }
  }

  private *list(wanted: (sim: Sim) => boolean): Generator<readonly Sim[]> {
    this.read();
    for (const card of this.cards.values()) {
      const listed = card.deviceId !== undefined || this.ways.inventory;
      if (card.orgId !== this.orgId || !listed) continue;
      const { linkId, state, testMode, tags } = card;
      const { deviceId, eid, plan, zone, overageLimit, threshold, smsLimit } = card;
      const known = defined({ deviceId, eid, plan, zone, overageLimit, threshold, smsLimit });
      const sim = { iccid: card.shownAs ?? card.iccid, linkId, state, testMode, ...known };
      if (wanted(sim)) yield [tags === undefined ? sim : { ...sim, tagIds: [...tags] }];
    }
  }

  /** The cards that a request means; of a list also what is no card. */
  private named(target: ClaimTarget): string[] {
    if ("sims" in target) return [...new Set(target.sims)];
    return [...this.cards.values()].filter((card) => isInRange(target, card)).map(({ iccid }) => iccid);
  }

  private isTooLarge(target: ClaimTarget, named: readonly string[]): boolean {
    const numbers = this.ways.limitCounts === "numbers" ? widthOf(target) : undefined;
    return (numbers ?? BigInt(named.length)) > BigInt(this.ways.limit);
  }

  /** Why these cannot be claimed. */
  private reasons(named: readonly string[], invalidates: boolean, takesActive: boolean): Map<string, string> {
    const reasons = new Map<string, string>();
    for (const iccid of named) {
      const card = this.cards.get(iccid);
      const takes = {
        active: takesActive && card?.orgId === this.orgId,
        tests: !(invalidates && this.ways.testMode === "E1"),
      };
      const words = this.refusing.get(iccid) ?? obstacle(card, takes);
      if (words !== undefined) reasons.set(iccid, words);
    }
    return reasons;
  }

  private buy(named: readonly string[], request: Terms, fault?: ClaimFault): ClaimAnswer {
    if (this.isTooLarge(request.target, named)) return refusal("tooLarge", "Too many SIMs");
    const takesActive = this.ways.secondClaim === "charged";
    const reasons = this.reasons(named, request.invalidatePreflightSims ?? false, takesActive);
    const asked = fault?.kind === "refuses" ? fault.iccids : [];
    for (const iccid of asked) if (named.includes(iccid)) reasons.set(iccid, "not this time");
    const able = named.filter((iccid) => !reasons.has(iccid));
    if (reasons.size === 0 || this.ways.refusals === "claimRest") {
      const spent = [...this.charges.values()].reduce((sum, times) => sum + times, 0);
      if ((spent + able.length) * Number(this.ways.price) > this.ways.balance) {
        return refusal("balance", "Insufficient balance");
      }
      for (const iccid of able) this.activate(iccid, request);
    }
    const restDoubtful = fault?.kind === "refuses" && fault.restDoubtful === true;
    if (reasons.size > 0) return { kind: "refusedSims", reasons, restDoubtful };
    const order = { salesTax: "0.06", shippingCost: "0", totalCost: `${able.length * 0.5}` };
    const sims = able.map((iccid) => {
      const { deviceId = 0, linkId = 0 } = this.cards.get(iccid) ?? {};
      return { iccid, deviceId, linkId };
    });
    return { kind: "claimed", sims: sims.reverse(), order };
  }

  private activate(iccid: string, { plan, zone, tagId, overageLimit, threshold, smsLimit }: Terms): void {
    const card = this.cards.get(iccid);
    if (card === undefined) return;
    this.charges.set(iccid, (this.charges.get(iccid) ?? 0) + 1);
    const limits = defined({ overageLimit, threshold, smsLimit });
    Object.assign(card, { state: "LIVE-PENDING", testMode: false, plan, zone, ...limits });
    if (tagId !== undefined) card.tags?.add(tagId);
    card.deviceId ??= this.nextId++;
  }
}
