import assert from "node:assert/strict";
import fc from "fast-check";
import { type ClaimsOutcome, claimAll } from "../../provider/fleet/apply/claims";
import { Selection } from "../../provider/fleet/numbers/selection";
import { aList, applyContext, aRange, iccid, openJournal, planWith } from "../harness/account/fleet";
import { MemoryJournal } from "../harness/account/journal";
import { World } from "../harness/account/world";
import type { ClaimFault, Ways } from "../harness/account/worldTypes";

/** Claims the numbers 0 to 99, except those of SIMs that are active already, as a plan does. */
function run(world: World, atMost: number, journal = openJournal()): Promise<ClaimsOutcome> {
  const active = [...world.cards.values()]
    .filter((card) => card.deviceId !== undefined)
    .map((card) => card.iccid);
  const numbers = Selection.ofRange(iccid(0), iccid(99)).minus(Selection.ofList(active));
  const steps = planWith({ claim: [], claimUnnamed: { numbers, atMost } });
  const declaration = aRange(0, 99, { expectedSims: atMost });
  return claimAll(applyContext(world, declaration, { journal }), steps);
}
const none = { answer: undefined, bought: Selection.empty, unsettled: Selection.empty };
/** Numbers whose claim may be landing, as the journal has them. */
const inDoubt = (journal: MemoryJournal): Selection =>
  journal.doubts().reduce((all, { sims }) => all.union(sims), Selection.empty);
/** Does something once, when the first claim has been answered. */
function afterFirstClaim(world: World, work: () => void): void {
  const original = world.claim.bind(world);
  world.claim = async (request) => {
    const answer = await original(request);
    if (world.claims.length === 1) work();
    return answer;
  };
}
const notDone = ({ refused, doubtful, untouched }: ClaimsOutcome): number =>
  refused.length + doubtful.length + untouched.length;

const fault = fc.oneof(
  fc.constantFrom<ClaimFault | undefined>(
    undefined,
    { kind: "lostBefore" },
    { kind: "lostAfter" },
    { kind: "lostHalfway" },
  ),
  fc.integer({ min: 1, max: 600_000 }).map((milliseconds): ClaimFault => ({ kind: "late", milliseconds })),
);
const world = fc
  .record({
    free: fc.uniqueArray(fc.nat(99), { minLength: 1, maxLength: 30 }),
    active: fc.uniqueArray(fc.nat(99), { maxLength: 4 }),
    refusing: fc.uniqueArray(fc.nat(99), { maxLength: 4 }),
    faults: fc.array(fault, { maxLength: 4 }),
    limit: fc.constantFrom(5, 2_500),
    limitCounts: fc.constantFrom<Ways["limitCounts"]>("cards", "numbers"),
    refusals: fc.constantFrom<Ways["refusals"]>("refuseAll", "claimRest"),
  })
  .map(({ free, active, refusing, faults, ...ways }) => {
    const world = new World({ preview: "costOnly", ...ways });
    for (const n of free) world.add(iccid(n));
    for (const n of active) world.addActive(iccid(n));
    for (const n of refusing) if (world.cards.has(iccid(n))) world.refusing.set(iccid(n), "SIM is blocked");
    world.claimFaults = faults;
    return { world, atMost: free.filter((n) => !active.includes(n)).length };
  });

/** Three cards, of which another run has sent the middle one and got no answer. */
async function withDoubtOfAnotherRun() {
  const world = new World({ preview: "costOnly" });
  for (const n of [10, 50, 90]) world.add(iccid(n));
  const journal = new MemoryJournal(world.clock);
  world.claimFaults = [{ kind: "late", milliseconds: 400_000 }];
  const one = applyContext(world, aRange(50, 50), { journal });
  await claimAll(one, planWith({ claim: [iccid(50)] }));
  journal.nextRun();
  return { world, journal };
}

describe("claims of a range whose SIMs nobody names", () => {
  it("buy each SIM once, none that was active, and none again after a refusal or in doubt", async () => {
    await fc.assert(
      fc.asyncProperty(world, async ({ world, atMost }) => {
        const refused = new Set<string>();
        // Kept until the run is over: an error thrown into it would pass for a lost answer.
        const wrong: string[] = [];
        const original = world.claim.bind(world);
        world.claim = async (request) => {
          const answer = await original(request);
          const meant = world.claims.slice(-1).flatMap((each) => each.iccids);
          wrong.push(...meant.filter((each) => refused.has(each)));
          if (answer.kind === "refusedSims") for (const each of answer.reasons.keys()) refused.add(each);
          return answer;
        };
        const { claimed } = await run(world, atMost);
        assert.deepEqual(wrong, [], "refused SIMs were sent again");
        for (const sim of claimed) assert.equal(world.charges.get(sim.iccid), 1);
        world.pass(3_600_000);
        assert.ok(
          [...world.charges.values()].every((times) => times === 1),
          "nothing is charged twice",
        );
      }),
      { numRuns: 400 },
    );
  });

  it("count in SIMs: claimed and not done are all that was planned, whatever happens", async () => {
    await fc.assert(
      fc.asyncProperty(world, async ({ world, atMost }) => {
        const outcome = await run(world, atMost);
        assert.equal(outcome.claimed.length + notDone(outcome), atMost);
        assert.equal(outcome.doubtful.length > 0, outcome.doubts.length > 0);
      }),
      { numRuns: 400 },
    );
  });

  it("buy everything where nothing goes wrong, in one request for each part", async () => {
    const world = new World({ preview: "costOnly" });
    for (const n of [0, 10, 20, 60, 90]) world.add(iccid(n));
    world.addActive(iccid(50));
    const outcome = await run(world, 5);
    assert.deepEqual([outcome.claimed.length, notDone(outcome), outcome.requests], [5, 0, 2]);
  });

  it("leave out what another run has sent and got no answer to", async () => {
    const { world, journal } = await withDoubtOfAnotherRun();
    const { claimed } = await run(world, 3, journal);
    assert.deepEqual(claimed.map((sim) => sim.iccid).sort(), [iccid(10), iccid(90)]);
    world.pass(600_000);
    assert.equal(world.charges.get(iccid(50)), 1);
  });

  it("that landed in another organization are not in doubt too", async () => {
    const world = new World({ preview: "costOnly" });
    for (const n of [0, 10]) world.add(iccid(n));
    world.organizationOf = async () => 78;
    const { elsewhere, doubts, claimed } = await run(world, 2);
    assert.deepEqual([elsewhere.length, doubts, claimed], [2, [], []]);
  });

  it("leave it in the journal, though all SIMs that were told are found beside it", async () => {
    const { world, journal } = await withDoubtOfAnotherRun();
    assert.equal((await run(world, 2, journal)).claimed.length, 2);
    assert.deepEqual(
      journal.doubts().map(({ sims }) => `${sims}`),
      [iccid(50)],
    );
  });

  it("that come back short leave the rest in the journal, and end the run before another fleet's claim", async () => {
    const world = new World({ preview: "costOnly" });
    for (const n of [0, 10, 200]) world.add(iccid(n));
    world.addActive(iccid(50));
    const journal = new MemoryJournal(world.clock);
    const other = applyContext(world, aList([iccid(200)]), { journal });
    const [short, list] = await Promise.all([
      run(world, 5, journal),
      // Its turn comes after the last request of the range.
      journal
        .claim(Selection.ofList([iccid(300)]), world.clock.now(), async () => {
          await new Promise(setImmediate);
          return none;
        })
        .then(() => claimAll(other, planWith({ claim: [iccid(200)] }))),
    ]);
    assert.deepEqual([short.claimed.length, short.doubtful.length, list.requests], [2, 3, 0]);
    const there = Selection.ofList([iccid(0), iccid(10), iccid(50)]);
    assert.equal(`${inDoubt(journal)}`, `${Selection.ofRange(iccid(0), iccid(99)).minus(there)}`);
    journal.nextRun();
    assert.equal((await run(world, 3, journal)).requests, 0);
  });

  it("that come back short are in doubt, though a part without a SIM was refused", async () => {
    const world = new World({ preview: "costOnly" });
    for (const n of [0, 1, 2, 3]) world.add(iccid(n));
    world.addActive(iccid(40));
    const original = world.claim.bind(world);
    world.claim = async (request) => {
      const answer = await original(request);
      if (world.claims.at(-1)?.iccids.length === 0) {
        return { kind: "refused", cause: "other", isRejected: true, message: "nothing to activate" };
      }
      return answer;
    };
    // Four are bought, the answer names two, and no list shows the others.
    world.claimFaults = [undefined, { kind: "fewer", count: 2 }];
    const listed = world.simsInRange.bind(world);
    const hidden = new Set([iccid(2), iccid(3)]);
    world.simsInRange = async function* (first, last) {
      for await (const sims of listed(first, last)) yield sims.filter((sim) => !hidden.has(sim.iccid));
    };
    const journal = new MemoryJournal(world.clock);
    const { claimed, doubtful, requests } = await run(world, 4, journal);
    assert.deepEqual([claimed.length, doubtful.length, requests], [2, 2, 2]);
    assert.match(doubtful[0]?.reason ?? "", /2 SIMs fewer in the range .*; .*"nothing to activate"/);
    journal.nextRun();
    await run(world, 2, journal);
    assert.ok([...world.charges.values()].every((times) => times === 1));
  });

  it("that come back short are in doubt while later parts are sent, and not once all SIMs are there", async () => {
    const world = new World({ preview: "costOnly" });
    for (const n of [0, 10, 60]) world.add(iccid(n));
    world.addActive(iccid(50));
    const journal = new MemoryJournal(world.clock);
    let isFirstInDoubt = false;
    const original = world.claim.bind(world);
    world.claim = async (request) => {
      isFirstInDoubt = world.claims.length === 1 && inDoubt(journal).has(iccid(1));
      return original(request);
    };
    const { claimed, doubts, stopped } = await run(world, 3, journal);
    assert.deepEqual([isFirstInDoubt, claimed.length, doubts, stopped], [true, 3, [], undefined]);
    assert.ok(inDoubt(journal).isEmpty);
  });

  it("that come back short are in doubt, whatever a later part was left for", async () => {
    const world = new World({ preview: "costOnly" });
    for (const n of [0, 10, 20, 60]) world.add(iccid(n));
    world.addActive(iccid(50));
    const original = world.claim.bind(world);
    world.claim = async (request) =>
      world.claims.length > 0
        ? { kind: "refused", cause: "balance", isRejected: true, message: "Insufficient balance" }
        : original(request);
    // Three are bought, the answer names two, and no list shows the third.
    world.claimFaults = [{ kind: "fewer", count: 1 }];
    world.simsInRange = async function* () {
      world.pass(100);
      yield [];
    };
    const journal = new MemoryJournal(world.clock);
    const { claimed, doubtful, doubts } = await run(world, 4, journal);
    assert.deepEqual([claimed.length, doubtful.length, doubts.length], [2, 2, 1]);
    assert.match(doubtful[0]?.reason ?? "", /2 SIMs fewer in the range .*; .*"Insufficient balance"/);
    journal.nextRun();
    world.claim = original;
    await run(world, 2, journal);
    assert.ok([...world.charges.values()].every((times) => times === 1));
  });

  it("refused for some of their SIMs are counted anew: no more are bought than were told", async () => {
    const parts = [...Array(10).keys()].map((n) => n * 10);
    for (const cameSince of [0, 12]) {
      const world = new World({ preview: "costOnly" });
      for (const n of parts) world.add(iccid(n));
      world.claimFaults = [{ kind: "refuses", iccids: [iccid(40)] }];
      afterFirstClaim(world, () => {
        for (let n = 0; n < cameSince; n++) world.add(iccid(81 + n));
      });
      const { claimed, refused, untouched, doubts } = await run(world, 10);
      const [left, bought] = cameSince === 0 ? [0, 9] : [5, 4];
      assert.deepEqual([claimed.length, refused.length, untouched.length, doubts], [bought, 1, left, []]);
      for (const { reason } of untouched)
        assert.match(reason, /holds more SIMs by now than the preview told/);
    }
  });

  it("too large are not sent in halves whose count cannot be read", async () => {
    const world = new World({ preview: "costOnly", limit: 5 });
    for (let n = 0; n < 100; n += 10) world.add(iccid(n));
    afterFirstClaim(world, () => {
      world.failingReads = 1;
    });
    const { claimed, untouched, doubts } = await run(world, 10);
    assert.deepEqual([claimed.length, untouched.length, doubts], [5, 5, []]);
    assert.match(
      untouched[0]?.reason ?? "",
      /^how many SIMs a part of the range holds by now could not be read/,
    );
  });

  it("too large are sent in halves by the program's count where no preview of the account counts", async () => {
    const world = new World({ preview: "silent", limit: 5 });
    for (let n = 0; n < 100; n += 10) world.add(iccid(n));
    const { claimed, untouched, doubts } = await run(world, 10);
    assert.deepEqual([claimed.length, untouched, doubts, world.charges.size], [10, [], [], 10]);
  });

  it("missing in the answer for a part that was counted are made up for by no card that came since", async () => {
    const world = new World({ preview: "costOnly", limit: 7 });
    for (let n = 0; n < 100; n += 10) world.add(iccid(n));
    // Of the first half five are bought, the answer names three, and no list shows the others.
    world.claimFaults = [undefined, { kind: "fewer", count: 2 }];
    world.simsInRange = async function* () {
      world.pass(100);
      yield [];
    };
    afterFirstClaim(world, () => {
      for (const n of [81, 82]) world.add(iccid(n));
    });
    const { claimed, doubtful } = await run(world, 10);
    assert.deepEqual([claimed.length, doubtful.length, world.charges.size], [3, 7, 5]);
  });

  it("refused in each part, because no SIM is in it, leave nothing in doubt", async () => {
    const world = new World({ preview: "costOnly" });
    world.addActive(iccid(50));
    world.claim = async () => ({ kind: "refused", cause: "other", isRejected: true, message: "no SIM" });
    const { doubts, untouched } = await run(world, 2);
    assert.deepEqual([doubts, untouched.length], [[], 2]);
    assert.match(untouched[0]?.reason ?? "", /refused the request: "no SIM"/);
  });

  it("say how many SIMs the range lacks", async () => {
    const world = new World({ preview: "costOnly" });
    for (const n of [0, 10]) world.add(iccid(n));
    const { doubtful } = await run(world, 5);
    assert.equal(doubtful.length, 3);
    assert.match(doubtful[0]?.reason ?? "", /activated 3 SIMs fewer/);
  });
});
