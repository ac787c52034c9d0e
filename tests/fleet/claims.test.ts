import assert from "node:assert/strict";
import fc from "fast-check";
import { type ClaimsOutcome, claimAll } from "../../provider/fleet/apply/claims";
import { Selection } from "../../provider/fleet/numbers/selection";
import type { ClaimAnswer } from "../../provider/hologram/model";
import { aList, applyContext, aRange, iccid, iccids, openJournal, planWith } from "../harness/account/fleet";
import { MemoryJournal } from "../harness/account/journal";
import type { World } from "../harness/account/world";
import { worldOf } from "../harness/account/worlds";
import type { ClaimFault, Ways } from "../harness/account/worldTypes";

const run = (world: World, numbers: readonly string[], journal = openJournal()): Promise<ClaimsOutcome> =>
  claimAll(applyContext(world, aList(numbers), { journal }), planWith({ claim: numbers }));
const places = ({ claimed, refused, doubtful, untouched }: ClaimsOutcome): (string | undefined)[] =>
  [...claimed, ...refused, ...doubtful, ...untouched].map((each) => each.iccid);

const fault = fc.oneof(
  fc.constant(undefined),
  fc.constantFrom<ClaimFault>({ kind: "lostBefore" }, { kind: "lostAfter" }, { kind: "lostHalfway" }),
  fc.integer({ min: 1, max: 600_000 }).map((milliseconds): ClaimFault => ({ kind: "late", milliseconds })),
  fc.integer({ min: 1, max: 9 }).map((count): ClaimFault => ({ kind: "fewer", count })),
  fc.constant<ClaimFault>({ kind: "foreign", iccid: iccid(7_777) }),
  fc
    .record({ some: fc.array(fc.nat(39), { minLength: 1, maxLength: 5 }), restDoubtful: fc.boolean() })
    .map(
      ({ some, restDoubtful }): ClaimFault => ({ kind: "refuses", iccids: some.map(iccid), restDoubtful }),
    ),
);
const trouble = fc.record({
  count: fc.integer({ min: 1, max: 40 }),
  faults: fc.array(fault, { maxLength: 6 }),
  limit: fc.constantFrom(3, 7, 2_500),
  refusals: fc.constantFrom<Ways["refusals"]>("refuseAll", "claimRest"),
  refusing: fc.array(fc.nat(39), { maxLength: 4 }),
  balance: fc.constantFrom(Number.POSITIVE_INFINITY, 6),
  failingReads: fc.nat(4),
});
type Trouble = typeof trouble extends fc.Arbitrary<infer T> ? T : never;

function troubled({ count, faults, refusing, failingReads, ...ways }: Trouble): World {
  const world = worldOf(iccids(count), ways);
  world.claimFaults = [...faults];
  world.failingReads = failingReads;
  for (const n of refusing) world.refusing.set(iccid(n), "SIM is blocked");
  return world;
}

/** Whether the answer leaves open what became of some of the SIMs. */
function leavesDoubt(answer: ClaimAnswer, asked: readonly string[]): boolean {
  if (answer.kind === "claimed") {
    const named = new Set(answer.sims.map((sim) => sim.iccid));
    return !asked.every((each) => named.has(each));
  }
  if (answer.kind === "refusedSims") return answer.restDoubtful && answer.reasons.size < asked.length;
  return answer.kind === "doubtful";
}

describe("claims in any trouble", () => {
  const inTrouble = (check: (world: World, outcome: ClaimsOutcome, numbers: string[]) => void) =>
    fc.assert(
      fc.asyncProperty(trouble, async (given) => {
        const world = troubled(given);
        const numbers = iccids(given.count);
        check(world, await run(world, numbers), numbers);
      }),
      { numRuns: 300 },
    );

  it("leave every planned SIM in exactly one place, and no other SIM in any", async () => {
    await inTrouble((_world, outcome, numbers) => assert.deepEqual(places(outcome).sort(), numbers));
  });

  it("tell the truth: claimed is bought once, refused and untouched is not bought", async () => {
    await inTrouble((world, { claimed, refused, untouched }) => {
      for (const sim of claimed) {
        assert.equal(world.charges.get(sim.iccid), 1);
        assert.equal(world.cards.get(sim.iccid)?.deviceId, sim.deviceId);
      }
      world.pass(3_600_000);
      for (const { iccid: each } of [...refused, ...untouched]) assert.ok(each && !world.charges.has(each));
      assert.ok(
        [...world.charges.values()].every((times) => times === 1),
        "nothing is charged twice",
      );
    });
  });

  it("send nothing more once an answer was doubtful, and nothing again that was refused", async () => {
    await fc.assert(
      fc.asyncProperty(trouble, async (given) => {
        const world = troubled(given);
        let doubt = false;
        const refused = new Set<string>();
        // Kept until the run is over: an error thrown into it would pass for a lost answer.
        const wrong: string[] = [];
        const original = world.claim.bind(world);
        world.claim = async (request) => {
          const asked = "sims" in request.target ? request.target.sims : [];
          if (doubt) wrong.push("a claim after a doubtful answer");
          if (asked.some((each) => refused.has(each))) wrong.push("a refused SIM was sent again");
          const answer = await original(request);
          doubt ||= leavesDoubt(answer, asked);
          if (answer.kind === "refusedSims") for (const each of answer.reasons.keys()) refused.add(each);
          return answer;
        };
        await run(world, iccids(given.count));
        assert.deepEqual(wrong, []);
      }),
      { numRuns: 300 },
    );
  });

  it("say when a claim in doubt was sent, and of which SIMs, and read back for a fifth of that at most", async () => {
    await fc.assert(
      fc.asyncProperty(trouble, async (given) => {
        const world = troubled(given);
        const began = world.clock.now();
        const outcome = await run(world, iccids(given.count));
        const ended = world.clock.now();
        assert.equal(outcome.doubtful.length > 0, outcome.doubts.length > 0);
        for (const { sentAtMs } of outcome.doubts) assert.ok(sentAtMs >= began && sentAtMs <= ended);
        const inDoubt = outcome.doubts.reduce((all, { sims }) => all.union(sims), Selection.empty);
        assert.ok(inDoubt.equals(Selection.ofList(outcome.doubtful.flatMap((each) => each.iccid ?? []))));
        const requests = (outcome.requests + world.reads) * 200;
        assert.ok(ended - began <= 120_000 + requests, `${ended - began} ms`);
      }),
    );
  });
});

describe("claims", () => {
  it("go out in requests of 2,500 and sum up their orders", async () => {
    const numbers = iccids(6_001);
    const world = worldOf(numbers);
    const outcome = await run(world, numbers);
    assert.deepEqual(
      world.claims.map((each) => each.iccids.length),
      [2_500, 2_500, 1_001],
    );
    assert.deepEqual([outcome.claimed.length, outcome.requests, outcome.orders.length], [6_001, 3, 3]);
  });

  it("carry what is declared, and nothing that is not", async () => {
    const world = worldOf(iccids(2));
    const bodies: object[] = [];
    const original = world.claim.bind(world);
    world.claim = (request) => {
      bodies.push(request);
      return original(request);
    };
    const send = (more: object) => {
      const steps = planWith({ claim: [iccid(bodies.length)] });
      return claimAll(applyContext(world, aList(iccids(2), more)), steps);
    };
    await send({});
    await send({ tagId: 5, invalidatePreflightSims: false, limits: { overageLimit: 7, smsLimit: -1 } });
    const terms = { plan: 2096, zone: "global" };
    assert.deepEqual(bodies, [
      { target: { sims: [iccid(0)] }, ...terms },
      {
        target: { sims: [iccid(1)] },
        ...terms,
        tagId: 5,
        invalidatePreflightSims: false,
        overageLimit: 7,
        smsLimit: -1,
      },
    ]);
  });

  it("stop at a balance that is too low, with the server's words, and keep what was claimed", async () => {
    const world = worldOf(iccids(7_500), { balance: 3_000 });
    const { claimed, untouched, requests } = await run(world, iccids(7_500));
    assert.deepEqual([claimed.length, untouched.length, requests], [5_000, 2_500, 3]);
    assert.match(untouched[0]?.reason ?? "", /Insufficient balance/);
  });

  it("that are too large are halved until they fit", async () => {
    const world = worldOf(iccids(100), { limit: 30 });
    const { claimed, requests } = await run(world, iccids(100));
    assert.deepEqual([claimed.length, requests], [100, 7]);
    assert.ok(world.claims.slice(-1).every((each) => each.iccids.length <= 30));
  });

  it("of a range in halves buy no more SIMs than were told, though cards came meanwhile", async () => {
    for (const [told, bought] of [
      [20, 20],
      [12, 10],
    ] as const) {
      const world = worldOf(iccids(20), { limit: 10 });
      const claimUnnamed = { numbers: Selection.ofRange(iccid(0), iccid(19)), atMost: told };
      const plan = planWith({ claim: [], claimUnnamed });
      const { claimed, untouched } = await claimAll(applyContext(world, aRange(0, 19)), plan);
      assert.deepEqual([claimed.length, untouched.length], [bought, told - bought]);
      for (const { reason } of untouched)
        assert.match(reason, /holds more SIMs by now than the preview told/);
    }
  });

  it("end when a single SIM is too large", async () => {
    const outcome = await run(worldOf(iccids(3), { limit: 0 }), iccids(3));
    assert.deepEqual([outcome.claimed.length, outcome.untouched.length], [0, 3]);
  });

  it("are sent once more without the SIMs that were refused, and not a third time", async () => {
    const world = worldOf(iccids(4));
    world.claimFaults = [{ kind: "refuses", iccids: [iccid(0)] }];
    const once = await run(world, iccids(4));
    assert.deepEqual([once.claimed.length, once.refused.length, once.requests], [3, 1, 2]);
    const stubborn = worldOf(iccids(4));
    stubborn.claimFaults = iccids(4).map((each) => ({ kind: "refuses", iccids: [each] }));
    const twice = await run(stubborn, iccids(4));
    assert.deepEqual([twice.refused.length, twice.untouched.length, twice.requests], [2, 2, 2]);
  });

  it("ask before that for no SIM in Test Mode, and claim it with the rest", async () => {
    const world = worldOf(iccids(4), { testMode: "E1" });
    for (const each of iccids(2, 1, 4)) world.addActive(each, { testMode: true, state: "TEST-ACTIVATE" });
    world.claimFaults = [{ kind: "refuses", iccids: [iccid(0)] }];
    const steps = planWith({ claim: iccids(6), tests: iccids(2, 1, 4) });
    const { claimed, refused } = await claimAll(applyContext(world, aList(iccids(6))), steps);
    assert.deepEqual([claimed.length, refused.length], [5, 1]);
    assert.deepEqual(
      world.previews.map(({ iccids }) => iccids),
      [iccids(3, 1, 1)],
    );
  });

  it("leave in doubt what can be asked for by no preview, because all of it is in Test Mode", async () => {
    const world = worldOf(iccids(1));
    world.addActive(iccid(1), { testMode: true, state: "TEST-ACTIVATE" });
    world.claimFaults = [{ kind: "refuses", iccids: [iccid(0)] }];
    const steps = planWith({ claim: iccids(2), tests: [iccid(1)] });
    const { doubtful, requests } = await claimAll(applyContext(world, aList(iccids(2))), steps);
    assert.deepEqual([world.previews, requests], [[], 1]);
    assert.deepEqual(
      doubtful.map((each) => each.iccid),
      [iccid(1)],
    );
  });

  it("report a SIM that nobody asked for, and do not take it", async () => {
    const world = worldOf(iccids(3));
    world.claimFaults = [{ kind: "foreign", iccid: iccid(99) }];
    const { claimed, remarks } = await run(world, iccids(3));
    assert.deepEqual([claimed.length, remarks.length], [3, 1]);
    assert.match(remarks[0] ?? "", new RegExp(iccid(99)));
  });

  it("of two resources that declare the same SIMs are sent once", async () => {
    const world = worldOf(iccids(10));
    const journal = new MemoryJournal(world.clock);
    const [first, second] = await Promise.all([
      run(world, iccids(8), journal),
      run(world, iccids(8, 1, 2), journal),
    ]);
    assert.deepEqual([first.claimed.length, second.claimed.length, second.untouched.length], [8, 2, 6]);
    assert.ok([...world.charges.values()].every((times) => times === 1));
  });

  it("read a range back as a range, in one listing", async () => {
    const world = worldOf(iccids(300));
    world.claimFaults = [{ kind: "lostAfter" }];
    const steps = planWith({ claim: iccids(300) });
    const { claimed } = await claimAll(applyContext(world, aRange(0, 299)), steps);
    assert.deepEqual([claimed.length, world.reads], [300, 1]);
  });

  it("that landed in another organization stop the run, and are never called claimed", async () => {
    const world = worldOf(iccids(5_000));
    world.organizationOf = async () => 78;
    const outcome = await run(world, iccids(5_000));
    assert.deepEqual([outcome.claimed.length, outcome.requests], [0, 1]);
    assert.deepEqual([...outcome.elsewhere].sort(), iccids(2_500));
    assert.equal(outcome.untouched.length, 2_500);
    assert.match(outcome.stopped ?? "", /^Hologram activated in organization 78, not in 77$/);
    assert.match(outcome.remarks.join(), /charged in organization 78 instead of 77: 2,500 SIMs/);
  });

  it("end, for every fleet of the run, where the organization of the first one cannot be read", async () => {
    const world = worldOf(iccids(5_002));
    world.organizationOf = () => Promise.reject(new Error("status 503"));
    const journal = new MemoryJournal(world.clock);
    const outcome = await run(world, iccids(5_000), journal);
    assert.deepEqual([outcome.claimed.length, outcome.untouched.length, outcome.requests], [2_500, 2_500, 1]);
    const reason = /^in which organization Hologram activated \d+ could not be read \(.*status 503\)/;
    for (const said of [outcome.stopped, outcome.untouched[0]?.reason, outcome.remarks[0]]) {
      assert.match(said ?? "", reason);
    }
    const other = await run(world, iccids(2, 1, 5_000), journal);
    assert.equal(other.requests, 0);
    assert.match(other.untouched[0]?.reason ?? "", reason);
  });

  it("go on where the account does not tell organizations", async () => {
    const world = worldOf(iccids(5_000));
    const account = Object.assign(world, { organizationOf: async () => undefined });
    const { claimed, remarks } = await run(account, iccids(5_000));
    assert.deepEqual([claimed.length, remarks], [5_000, []]);
  });

  it("of a list that lags behind are not sent again: what is not for sale is in doubt", async () => {
    const world = worldOf(iccids(4), { refusals: "claimRest" });
    world.claimFaults = [{ kind: "refuses", iccids: [iccid(0)] }];
    // The rest is bought, and no list shows it.
    world.simsByIccid = async function* () {
      world.pass(100);
      yield [];
    };
    const { claimed, refused, doubtful, requests, doubts } = await run(world, iccids(4));
    assert.deepEqual([claimed.length, refused.length, requests], [0, 1, 1]);
    assert.deepEqual(
      doubtful.map((each) => each.iccid),
      iccids(3, 1, 1),
    );
    assert.equal(doubts[0]?.sims.toString(), `${iccid(1)}-${iccid(3)}`);
    assert.ok([...world.charges.values()].every((times) => times === 1));
  });
});

describe("claims and the journal", () => {
  const claimSides = (world: World, journal: MemoryJournal, ...sides: readonly string[][]) =>
    Promise.all(sides.map((numbers) => run(world, numbers, journal)));

  it("that landed in another organization end the run, before another fleet's claim leaves", async () => {
    const world = worldOf(iccids(9));
    world.organizationOf = async () => {
      // Long enough for the other fleets to ask for their turn.
      await new Promise(setImmediate);
      return 78;
    };
    const sides = [0, 3, 6].map((from) => iccids(3, 1, from));
    const outcomes = await claimSides(world, new MemoryJournal(world.clock), ...sides);
    assert.equal(world.claims.length, 1);
    for (const { requests, untouched } of outcomes.slice(1)) {
      assert.equal(requests, 0);
      for (const { reason } of untouched) assert.match(reason, /activated in organization 78, not in 77/);
    }
  });

  it("end the run where reading back is what leaves them in doubt", async () => {
    const world = worldOf(iccids(6), { refusals: "claimRest" });
    world.claimFaults = [{ kind: "refuses", iccids: [iccid(0)] }];
    // The rest is bought, and no list shows it.
    world.simsByIccid = async function* () {
      world.pass(100);
      yield [];
    };
    const journal = new MemoryJournal(world.clock);
    await run(world, iccids(4), journal);
    const { requests, untouched } = await run(world, iccids(2, 1, 4), journal);
    assert.deepEqual([requests, untouched.length], [0, 2]);
    assert.match(untouched[0]?.reason ?? "", /after a doubtful answer \(part of its request was refused\)/);
  });

  it("end the run where a preview between two of them looks like a purchase", async () => {
    const world = worldOf(iccids(20), { limit: 10 });
    const previewed = world.previewClaim.bind(world);
    world.previewClaim = async (target) => {
      await previewed(target);
      return { kind: "looksLikePurchase", iccids: [iccid(0)] };
    };
    const journal = new MemoryJournal(world.clock);
    const claimUnnamed = { numbers: Selection.ofRange(iccid(0), iccid(19)), atMost: 20 };
    const context = applyContext(world, aRange(0, 19), { journal });
    const { claimed, untouched, doubts } = await claimAll(context, planWith({ claim: [], claimUnnamed }));
    assert.deepEqual([claimed.length, untouched.length, doubts], [0, 20, []]);
    assert.equal(world.previews.length, 1);
    const looks = new RegExp(`answered a preview with device ids, as if it had activated ${iccid(0)}`);
    assert.match(untouched[0]?.reason ?? "", looks);
    const other = await run(world, [iccid(5)], journal);
    assert.equal(other.requests, 0);
    assert.match(other.untouched[0]?.reason ?? "", looks);
  });

  it("leave in doubt the rest of a refused one whose preview looks like a purchase, and say why", async () => {
    const world = worldOf(iccids(4));
    world.claimFaults = [{ kind: "refuses", iccids: [iccid(0)] }];
    world.previewClaim = async () => ({ kind: "looksLikePurchase", iccids: [iccid(1)] });
    const journal = new MemoryJournal(world.clock);
    const { claimed, doubtful, requests } = await run(world, iccids(4), journal);
    assert.deepEqual([claimed.length, doubtful.length, requests], [0, 3, 1]);
    assert.match(doubtful[0]?.reason ?? "", /answered a preview with device ids, as if it had activated/);
    assert.deepEqual(
      journal.doubts().map(({ sims }) => `${sims}`),
      [`${iccid(1)}-${iccid(3)}`],
    );
    assert.equal((await run(world, [iccid(3)], journal)).requests, 0);
  });

  it("leave out what another run has sent and got no answer to, and say until when", async () => {
    const world = worldOf(iccids(6));
    const journal = new MemoryJournal(world.clock);
    world.claimFaults = [{ kind: "late", milliseconds: 500_000 }];
    const first = await run(world, iccids(3), journal);
    assert.equal(first.doubtful.length, 3);
    journal.nextRun();
    const second = await run(world, iccids(6), journal);
    assert.deepEqual(second.claimed.map((sim) => sim.iccid).sort(), iccids(3, 1, 3));
    assert.deepEqual(
      second.doubtful.map((each) => each.iccid),
      iccids(3),
    );
    assert.match(
      second.doubtful[0]?.reason ?? "",
      /^doubtful until 20\d\d-.*: an earlier claim got no answer$/,
    );
    world.pass(600_000);
    assert.ok([...world.charges.values()].every((times) => times === 1));
  });

  it("send nothing after a doubtful answer to another fleet of the run, and everything in the next run", async () => {
    const world = worldOf(iccids(6));
    const journal = new MemoryJournal(world.clock);
    world.claimFaults = [{ kind: "lostBefore" }];
    await run(world, iccids(3), journal);
    const stopped = await run(world, iccids(3, 1, 3), journal);
    assert.deepEqual([stopped.requests, stopped.untouched.length], [0, 3]);
    journal.nextRun();
    assert.equal((await run(world, iccids(3, 1, 3), journal)).claimed.length, 3);
  });

  it("leave to others what those bought since the account was read", async () => {
    const world = worldOf(iccids(4));
    const journal = new MemoryJournal(world.clock);
    const readAtMs = world.clock.now();
    await run(world, iccids(2), journal);
    const late = applyContext(world, aList(iccids(4)), { journal, readAtMs });
    const outcome = await claimAll(late, planWith({ claim: iccids(4) }));
    assert.deepEqual([outcome.claimed.length, outcome.untouched.length], [2, 2]);
    assert.match(outcome.untouched[0]?.reason ?? "", /^claimed a moment ago by another resource/);
  });

  it("settle in it what they found out, and leave in it what is in doubt", async () => {
    const world = worldOf(iccids(6));
    const journal = new MemoryJournal(world.clock);
    world.claimFaults = [{ kind: "lostHalfway" }];
    await run(world, iccids(6), journal);
    const left = journal.doubts().map(({ sims }) => sims.toString());
    assert.deepEqual(left, [`${iccid(3)}-${iccid(5)}`]);
  });
});
