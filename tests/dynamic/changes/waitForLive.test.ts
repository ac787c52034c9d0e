import assert from "node:assert/strict";
import { cards, iccid, PLAN, range, withFleet } from "../../harness/provider/providerFleet";
import type { Report } from "../../harness/provider/providerReport";
import { MINUTE, sentIn } from "../../harness/provider/providerTerms";

const plan = PLAN;
const fleetOf = (waitForLiveSeconds: number, count = 20) => ({
  simRange: range(count),
  plan,
  waitForLiveSeconds,
});
const slow = { behaviour: { settleMilliseconds: 90_000 } };
const warnings = ({ lines }: Report) =>
  lines.filter(({ severity }) => severity === "warning").map(({ message }) => message);

describe("dynamic: waitForLiveSeconds", () => {
  it("waits until the SIMs are live, saying how many are", () =>
    withFleet(slow, async (fleet) => {
      const begun = fleet.timeline.now;
      const up = (await fleet.up(fleetOf(600))).clean();
      const waited = fleet.timeline.now - begun;
      assert(waited >= 90_000 && waited < 3 * MINUTE, `${waited} ms`);
      assert(cards(20).every((each) => fleet.emulator.sim(each).state === "LIVE"));
      assert.deepEqual(warnings(up), []);
      assert(up.lines.some(({ message }) => message === "0 of 20 SIMs live"));
      assert.deepEqual(sentIn(up), ["bulkclaim 20"]);
    }));

  it("0, the default, waits for nothing, and reads no more than where the first SIM has come to", () =>
    withFleet(slow, async (fleet) => {
      const begun = fleet.timeline.now;
      const up = (await fleet.up({ simRange: range(20), plan })).clean();
      assert.equal(fleet.timeline.now, begun);
      assert.equal(fleet.emulator.sim(iccid(0)).state, "LIVE-PENDING");
      const claimed = up.requests.findIndex((seen) => up.claims.includes(seen));
      const after = up.requests.slice(claimed + 1).map(({ method, path }) => `${method} ${path}`);
      assert.equal(after.length, 1);
      assert.match(after.join(), /^GET \/devices\/\d+$/);
      assert.equal(fleet.outputs().waitForLiveSeconds, 0);
    }));

  it("that run out are a warning that names the SIMs, and no failure", () =>
    withFleet(slow, async (fleet) => {
      const begun = fleet.timeline.now;
      const up = (await fleet.up(fleetOf(30))).clean();
      assert.equal(fleet.timeline.now - begun, 30_000);
      const names = cards(10).join(", ");
      assert.deepEqual(warnings(up), [
        `20 SIMs not live after 30 s, and activated all the same: ${names} and 10 more`,
      ]);
      assert.partialDeepStrictEqual(fleet.outputs(), {
        iccids: cards(20),
        unfinished: [],
        waitForLiveSeconds: 30,
      });
      const next = (await fleet.up(fleetOf(30))).clean();
      assert.deepEqual([next.changes, next.requests], ["", []]);
    }));

  it("changed alone send nothing and wait for nothing", () =>
    withFleet(slow, async (fleet) => {
      (await fleet.up(fleetOf(0))).clean();
      const begun = fleet.timeline.now;
      const up = (await fleet.up(fleetOf(600))).clean();
      assert.deepEqual([up.changes, up.requests, fleet.timeline.now - begun], ["update fleet", [], 0]);
      assert.equal(fleet.outputs().waitForLiveSeconds, 600);
    }));

  it("are for what enters, not for what is held", () =>
    withFleet(slow, async (fleet) => {
      (await fleet.up(fleetOf(600))).clean();
      fleet.emulator.setState(iccid(3), "LIVE-PENDING");
      const begun = fleet.timeline.now;
      const up = (await fleet.up(fleetOf(600, 22))).clean();
      assert(fleet.timeline.now - begun < 3 * MINUTE);
      assert.deepEqual(warnings(up), []);
      assert.equal(fleet.emulator.sim(iccid(3)).state, "LIVE-PENDING");
      assert(cards(2, 20).every((each) => fleet.emulator.sim(each).state === "LIVE"));
    }));

  it("count a SIM that was taken over and resumed once", () =>
    withFleet(slow, async (fleet) => {
      fleet.emulator.activateByHand(cards(20), { plan, zone: "global" });
      fleet.emulator.setState(iccid(4), "PAUSED-USER");
      const up = (await fleet.up(fleetOf(60))).clean();
      assert.deepEqual(warnings(up), [`1 SIM not live after 60 s, and activated all the same: ${iccid(4)}`]);
    }));

  it("are not spent on SIMs that Hologram paused, or deactivated in the meantime", () =>
    withFleet({}, async (fleet) => {
      fleet.emulator.activateByHand(cards(20), { plan, zone: "global" });
      fleet.emulator.setState(iccid(4), "PAUSED-SYS");
      const begun = fleet.timeline.now;
      const up = (await fleet.up(fleetOf(86_400))).clean();
      assert.equal(fleet.timeline.now, begun);
      assert.deepEqual(warnings(up), [
        `1 SIM not live (PAUSED-SYS), which waiting does not change: ${iccid(4)}`,
        `1 SIM paused by Hologram, for lack of funds or at a limit: ${iccid(4)}`,
      ]);
    }));

  it("end at once in a state that nobody documented", () =>
    withFleet({}, async (fleet) => {
      const shown = { kind: "unknownState", state: "ROAMING" } as const;
      fleet.emulator.faults.add({ path: "/links/cellular", method: "GET", nth: { from: 3 }, fault: shown });
      const begun = fleet.timeline.now;
      const up = (await fleet.up(fleetOf(600))).clean();
      assert.deepEqual([fleet.timeline.now, warnings(up)], [begun, []]);
      assert.equal(up.requests.at(-1)?.method, "GET");
    }));

  it("are waited for SIMs that are certain when others are in doubt, and do not move that doubt", () =>
    withFleet({ ...slow, pack: { count: 2_510 } }, async (fleet) => {
      const claim = { path: "/links/cellular/bulkclaim", preview: false, nth: 2 } as const;
      fleet.emulator.faults.add({ ...claim, fault: { kind: "drop", commit: false } });
      const begun = fleet.timeline.now;
      const up = await fleet.up({ sims: cards(2_510), plan, waitForLiveSeconds: 3_600 });
      assert.match(up.reasons[0] ?? "", /^10 SIMs not done \(2,500 certain, 10 doubtful\)/);
      const { __doubts: doubts } = fleet.outputs();
      assert.partialDeepStrictEqual(doubts, [{ sentAtMs: begun }]);
    }));
});
