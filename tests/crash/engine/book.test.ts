/** What the book calls wrong: without this, a campaign that finds nothing would say nothing. */
import assert from "node:assert/strict";
import { type Emulator, type Fault, startEmulator } from "../../../provider/testing/emulator";
import { account, card, FIRST, KEY, PLAN, STEP } from "../../harness/engine/fleetStack";
import { Timeline } from "../../harness/provider/providerClock";
import { Book, type Purchases } from "./book";
import { CLAIM } from "./faults";

const SETTLE = 3;
const [sim, other] = [card(0), card(1)];

describe("the book of purchases", () => {
  let emulator: Emulator;
  let time: Timeline;
  let book: Book;

  beforeEach(async () => {
    time = new Timeline();
    const behaviour = { alreadyActive: "charge" } as const;
    emulator = await startEmulator({ account, behaviour, clock: time.emulator });
    emulator.addPack({ first: `${FIRST}`, count: 10, step: Number(STEP) });
    book = new Book(emulator, SETTLE, () => time.now);
  });
  afterEach(() => emulator.close());

  /** A process claims the SIM; what goes wrong with it. */
  async function claim(iccid: string, fault?: Fault): Promise<void> {
    if (fault !== undefined) emulator.faults.add({ path: CLAIM, fault });
    const authorization = `Basic ${Buffer.from(`apikey:${KEY}`).toString("base64")}`;
    const headers = { authorization, "content-type": "application/json" };
    const body = JSON.stringify({ sims: [iccid], plan: PLAN, zone: "global" });
    await fetch(`${emulator.url}${CLAIM}`, { method: "POST", headers, body }).catch(() => undefined);
    emulator.faults.clear();
  }

  async function begin(): Promise<void> {
    await time.advance(1_000);
    book.begin();
    emulator.clearRequests();
  }

  const inOrder = (onRecord = 0): void => book.end(undefined, () => onRecord);
  const byDeath = (onRecord = 0): void => book.end(time.now, () => onRecord);

  function found(what: Partial<Record<keyof Purchases, readonly string[] | number>>): void {
    const { claimedAgain, chargedAgain, afterDeath, landedLate } = book.judge();
    const all = { claimedAgain: [...claimedAgain], chargedAgain: [...chargedAgain], afterDeath, landedLate };
    assert.deepEqual(all, { claimedAgain: [], chargedAgain: [], afterDeath: 0, landedLate: 0, ...what });
  }

  const lost: Fault = { kind: "drop", commit: false };

  it("finds nothing wrong with SIMs that are claimed once, or again after a refusal", async () => {
    await begin();
    await claim(sim);
    await claim(other, { kind: "rateLimit" });
    await claim(other);
    inOrder();
    found({});
  });

  it("a SIM that was carried out is claimed and charged again, whoever died", async () => {
    await begin();
    await claim(sim);
    byDeath();
    await begin();
    await claim(sim);
    found({ claimedAgain: [sim], chargedAgain: [sim] });
  });

  it("a SIM in doubt is claimed again by the same operation", async () => {
    await begin();
    await claim(sim, lost);
    await claim(sim);
    byDeath();
    found({ claimedAgain: [sim] });
  });

  it("a SIM in doubt is claimed again by the next operation, although the record tells of it", async () => {
    await begin();
    await claim(sim, lost);
    inOrder();
    await begin();
    await claim(sim);
    found({ claimedAgain: [sim] });
  });

  it("may be claimed again once it is settled", async () => {
    await begin();
    await claim(sim, lost);
    inOrder();
    await time.advance(SETTLE * 1_000);
    await begin();
    await claim(sim);
    found({});
  });

  it("may be claimed again when nobody can know of the doubt, but not when it is on record", async () => {
    await begin();
    await claim(sim, lost);
    await claim(other, lost);
    const until = time.now + SETTLE * 1_000;
    book.end(time.now, (iccid) => (iccid === other ? until : 0));
    await begin();
    await claim(sim);
    await claim(other);
    found({ claimedAgain: [other] });
  });

  it("counts apart what lands only after the next operation has begun", async () => {
    await begin();
    await claim(sim, { kind: "lateCommit", milliseconds: 1_500 });
    byDeath();
    await begin();
    await claim(sim);
    await time.advance(1_000);
    await emulator.idle();
    assert.equal(emulator.ledger.length, 2);
    found({ landedLate: 1 });
  });

  it("counts claims that arrive after their engine is dead", async () => {
    await begin();
    byDeath();
    await time.advance(1);
    await claim(sim);
    await begin();
    found({ afterDeath: 1 });
  });
});
