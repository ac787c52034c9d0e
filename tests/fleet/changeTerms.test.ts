import assert from "node:assert/strict";
import fc from "fast-check";
import { changeLimits, changePlans } from "../../provider/fleet/apply/changeTerms";
import type { Declaration } from "../../provider/fleet/model/declaration";
import { Selection } from "../../provider/fleet/numbers/selection";
import type { ChangeAnswer, Limits } from "../../provider/hologram/model";
import { aList, heldSim, iccid, iccids, listener, openJournal } from "../harness/account/fleet";
import { MemoryJournal } from "../harness/account/journal";
import type { World } from "../harness/account/world";
import { activeWorld, heldSims } from "../harness/account/worlds";
import type { Card, ChangeFault } from "../harness/account/worldTypes";

const OLD = { plan: 75, zone: "us" };
const to = (limits: Limits = {}): Declaration => aList([iccid(0)], { limits });
const card = (world: World, n: number): Card => world.cards.get(iccid(n)) ?? assert.fail(`no SIM ${n}`);
const termsOf = (world: World, n: number) => {
  const { plan, zone, overageLimit, threshold, smsLimit } = card(world, n);
  return { plan, zone, overageLimit, threshold, smsLimit };
};
const context = (account: World, zone = "global") => ({
  account,
  report: listener().report,
  timeoutMs: 120_000,
  zone,
});
/** `now`: the limits of SIM n before. */
function movePlans(world: World, declaration: Declaration, now: (n: number) => Limits = () => ({})) {
  const changes = heldSims(world.cards.size).map((sim, n) => ({ sim, now: now(n), found: "" }));
  return changePlans({ ...context(world), journal: openJournal() }, changes, declaration);
}
/** What was sent, as "plan 1000" or "limits 3 overageLimit 5". */
const sentTo = (world: World): string[] =>
  world.sent.flatMap((each) => {
    if (!("deviceIds" in each)) return [];
    const { kind, deviceIds, ...rest } = each;
    const { plan: _plan, zone: _zone, ...body } = { plan: 0, zone: "", ...rest };
    return [[kind, deviceIds.length, ...Object.entries(body).flat()].join(" ")];
  });

describe("a change of plans", () => {
  it("goes out in requests of at most 1,000 devices, with no word of limits where there are none", async () => {
    const world = activeWorld(2_300, OLD);
    const { done, failed } = await movePlans(world, to());
    assert.deepEqual([done.length, failed], [2_300, []]);
    assert.deepEqual(sentTo(world), ["plan 1000", "plan 1000", "plan 300"]);
    assert.deepEqual(termsOf(world, 2_299), {
      plan: 2096,
      zone: "global",
      overageLimit: -1,
      threshold: -1,
      smsLimit: undefined,
    });
    const [first] = world.sent;
    assert.partialDeepStrictEqual(first, { kind: "plan", plan: 2096, zone: "global" });
  });

  it("is written down before it is sent: a process that dies in it leaves its SIMs in doubt for the next one", async () => {
    const world = activeWorld(3, OLD);
    const journal = new MemoryJournal(world.clock);
    const changes = heldSims(3).map((sim) => ({ sim, now: {}, found: "" }));
    const change = () => changePlans({ ...context(world), journal }, changes, to());
    const died = new Promise<void>((resolve) => {
      world.changePlan = () => {
        resolve();
        return new Promise(() => undefined);
      };
    });
    void change();
    await died;
    const names = `${Selection.ofList(iccids(3))}`;
    const left = journal.doubts().map(({ kind, sims, to: terms }) => [kind, `${sims}`, terms]);
    assert.deepEqual(left, [["changePlan", names, { plan: 2096, zone: "global" }]]);
  });

  it("leaves nothing in doubt that was answered", async () => {
    const world = activeWorld(3, OLD);
    const journal = new MemoryJournal(world.clock);
    const changes = heldSims(3).map((sim) => ({ sim, now: {}, found: "" }));
    await changePlans({ ...context(world), journal }, changes, to());
    assert.deepEqual(journal.doubts(), []);
  });

  it("sets the declared limits again, a thousand SIMs at a time, so that little is lost with the process", async () => {
    const limits = { overageLimit: 5_000, threshold: 4_000, smsLimit: 20 };
    const world = activeWorld(1_002, OLD);
    const { done } = await movePlans(world, to(limits));
    assert.equal(done.length, 1_002);
    assert.deepEqual(
      sentTo(world),
      [1_000, 2].flatMap((count) => [
        `plan ${count} overageLimit 5000`,
        `limits ${count} overageLimit 5000 threshold 4000 smsLimit 20`,
      ]),
    );
    assert.partialDeepStrictEqual(termsOf(world, 1_001), { plan: 2096, ...limits });
  });

  it("restores the limits that each SIM had and nobody declared", async () => {
    const had: readonly Limits[] = [
      { overageLimit: 10 },
      {},
      { overageLimit: 10 },
      { threshold: 3, smsLimit: 9 },
    ];
    const world = activeWorld(4, (n) => ({
      ...OLD,
      overageLimit: -1,
      threshold: -1,
      smsLimit: 100,
      ...had[n],
    }));
    const { done, failed } = await movePlans(world, to(), (n) => had[n] ?? {});
    assert.deepEqual([done.length, failed], [4, []]);
    const none = { overageLimit: -1, threshold: -1, smsLimit: 100 };
    had.forEach((each, n) => {
      assert.partialDeepStrictEqual(termsOf(world, n), { plan: 2096, ...none, ...each });
    });
    assert.deepEqual(
      sentTo(world).sort(),
      [
        "limits 1 threshold 3 smsLimit 9",
        "limits 2 overageLimit 10",
        "plan 1",
        "plan 1",
        "plan 2 overageLimit 10",
      ].sort(),
    );
  });

  it("lets what is declared stand above what was before, each limit on its own", async () => {
    const had = { overageLimit: 10, threshold: 3 };
    const world = activeWorld(2, { ...OLD, ...had });
    await movePlans(world, to({ overageLimit: -1 }), () => had);
    assert.partialDeepStrictEqual(termsOf(world, 0), { plan: 2096, overageLimit: -1, threshold: 3 });
    assert.deepEqual(sentTo(world), ["plan 2 overageLimit -1", "limits 2 overageLimit -1 threshold 3"]);
  });

  it("that is refused for one SIM is done for the others, and that one's limits are left alone", async () => {
    const world = activeWorld(3, OLD);
    card(world, 1).locked = true;
    const { done, failed, inDoubt } = await movePlans(world, to({ overageLimit: 5 }));
    assert.deepEqual([done, inDoubt], [[heldSim(0), heldSim(2)], false]);
    assert.deepEqual(failed, [{ iccid: iccid(1), reason: "Please contact support to change this plan." }]);
    assert.deepEqual(sentTo(world), ["plan 3 overageLimit 5", "limits 2 overageLimit 5"]);
    assert.partialDeepStrictEqual(termsOf(world, 1), OLD);
  });

  it("after which the limits are not taken says which ones are missing now", async () => {
    const world = activeWorld(2, { ...OLD, overageLimit: -1, smsLimit: 100 });
    world.changeFaults = [undefined, "refused"];
    const { done, failed } = await movePlans(world, to({ overageLimit: 5, smsLimit: 7 }));
    assert.deepEqual(done, []);
    const reason =
      "on the new plan, which wiped its limits, and overageLimit 5, smsLimit 7 not set again: not this time";
    assert.deepEqual(
      failed,
      iccids(2).map((each) => ({ iccid: each, reason })),
    );
  });

  it("in doubt is not sent again, stops the rest, and what landed still gets its limits", async () => {
    const limits = { overageLimit: 5 };
    const landed = activeWorld(1_500, OLD);
    landed.changeFaults = ["lostAfter"];
    assert.equal((await movePlans(landed, to(limits))).done.length, 1_500);

    const dropped = activeWorld(1_500, OLD);
    dropped.changeFaults = ["lostBefore"];
    const { done, failed, inDoubt } = await movePlans(dropped, to(limits));
    assert.deepEqual([done, failed.length, inDoubt], [[], 1_500, true]);
    assert.deepEqual(sentTo(dropped), ["plan 1000 overageLimit 5"]);
    assert.match(failed[0]?.reason ?? "", /may or may not have carried out/);
    assert.deepEqual(failed[1_499], {
      iccid: iccid(1_499),
      reason: "its plan was not changed after a doubtful answer",
    });
  });

  it("tells of each SIM once, calls done only what is as declared, and asks for no SIM's plan twice", async () => {
    const script = fc.array(
      fc.constantFrom<ChangeFault | undefined>("lostBefore", "lostAfter", "refused", "unlisted", undefined),
      { maxLength: 5 },
    );
    const limits = fc.record(
      { overageLimit: fc.constantFrom(-1, 5), smsLimit: fc.constantFrom(-1, 7) },
      { requiredKeys: [] },
    );
    const now = fc.array(fc.constantFrom<Limits>({}, { overageLimit: 9 }, { threshold: 2 }), {
      minLength: 8,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.nat(8),
        script,
        limits,
        now,
        fc.nat(3),
        fc.boolean(),
        async (count, faults, declared, had, failing, pending) => {
          const state = pending ? "LIVE-PENDING" : "LIVE";
          const world = activeWorld(count, (n) => ({
            ...OLD,
            state,
            overageLimit: -1,
            threshold: -1,
            smsLimit: -1,
            ...had[n],
          }));
          world.changeFaults = [...faults];
          world.failingReads = failing;
          const { done, failed } = await movePlans(world, to(declared), (n) => had[n] ?? {});
          const told = [...done, ...failed].map((each) => each.iccid);
          assert.deepEqual(told.sort(), iccids(count).sort());
          for (const { deviceId } of done) {
            const n = deviceId - 10_000;
            assert.partialDeepStrictEqual(termsOf(world, n), {
              plan: 2096,
              zone: "global",
              ...had[n],
              ...declared,
            });
          }
          const asked = world.sent.flatMap((each) => (each.kind === "plan" ? each.deviceIds : []));
          // A refusal is certain: while the state is locked, it is tried again.
          if (!faults.includes("refused")) assert.equal(new Set(asked).size, asked.length);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("a change of limits", () => {
  const setOn = (world: World, limits: Limits) =>
    changeLimits(
      context(world),
      heldSims(world.cards.size).map((sim) => ({ sim, now: {}, found: "" })),
      to(limits),
    );

  it("sends what is declared and nothing else, and is read back", async () => {
    const world = activeWorld(2, { overageLimit: 1, threshold: 2 });
    assert.equal((await setOn(world, { overageLimit: 5 })).done.length, 2);
    assert.deepEqual(sentTo(world), ["limits 2 overageLimit 5"]);
    assert.partialDeepStrictEqual(termsOf(world, 0), { overageLimit: 5, threshold: 2 });
    assert.ok(world.reads > 0);
  });

  it("takes 100 SMS for the unlimited that was asked for", async () => {
    const world = activeWorld(1, { smsLimit: 7 });
    const setLimits = world.setLimits.bind(world);
    world.setLimits = (deviceIds) => setLimits(deviceIds, { smsLimit: 100 });
    assert.equal((await setOn(world, { smsLimit: -1 })).done.length, 1);
  });

  it("that the server takes and does not make is not done", async () => {
    const world = activeWorld(1, { smsLimit: 100 });
    world.setLimits = async (deviceIds): Promise<ChangeAnswer> => ({
      modified: new Set(deviceIds),
      warnings: new Map(),
      remarks: [],
    });
    const { failed } = await setOn(world, { smsLimit: 500 });
    assert.deepEqual(failed, [{ iccid: iccid(0), reason: "Hologram took the change and does not show it" }]);
  });

  it("is judged by what the SIMs show when its answer is lost", async () => {
    for (const [fault, done] of [
      ["lostAfter", 3],
      ["lostBefore", 0],
    ] as const) {
      const world = activeWorld(3, { overageLimit: -1 });
      world.changeFaults = [fault];
      assert.equal((await setOn(world, { overageLimit: 5 })).done.length, done);
    }
  });
});
