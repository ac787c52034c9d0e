import assert from "node:assert/strict";
import { landedOf } from "../../provider/fleet/apply/landed";
import { type Doubt, emptyRecord, type FleetRecord } from "../../provider/fleet/model/record";
import { Selection } from "../../provider/fleet/numbers/selection";
import { releaseFleet } from "../../provider/fleet/run/releaseFleet";
import type { Sim } from "../../provider/hologram/model";
import { iccid, iccids, listener, openJournal } from "../harness/account/fleet";
import { loneFleet, runContext } from "../harness/account/run";
import { World } from "../harness/account/world";

const MINUTE = 60_000;
const sentAtMs = Date.UTC(2026, 0, 1);
const context = { claimSettleSeconds: 600, journal: openJournal() };
const doubt: Doubt = { sims: Selection.ofList(iccids(9)), sentAtMs, to: { plan: 2096, zone: "global" } };

/** The place-th SIM, active; `minutes` after the claim, where the account tells a time. */
function active(place: number, minutes?: number, more: Partial<Sim> = {}): Sim {
  const time = minutes === undefined ? {} : { claimedAtMs: sentAtMs + minutes * MINUTE };
  const ids = { iccid: iccid(place), linkId: 100 + place, deviceId: 200 + place };
  return { ...ids, state: "LIVE", testMode: false, plan: 2096, zone: "Global", ...time, ...more };
}

const about = (change: "pause" | "deactivate", minutes = 12) => ({
  change,
  atMs: sentAtMs + minutes * MINUTE,
});

/** Numbers of what has landed, and of what is not certain. */
function sort(record: Partial<FleetRecord>, shown: readonly Sim[], more: object = {}) {
  const { sims, unsure } = landedOf({ ...emptyRecord, doubts: [doubt], ...record }, shown, {
    ...context,
    ...more,
  });
  return [sims.map((sim) => sim.iccid).sort(), unsure.map((sim) => sim.iccid).sort()];
}

describe("what has landed of a claim in doubt", () => {
  it("was activated before the end of the doubt: it was free when the claim was sent, whatever an older time says", () => {
    const shown = [active(0, -1), active(1, 9), active(2, 11), active(3, -60), active(4)];
    assert.deepEqual(sort({}, shown), [[iccid(0), iccid(1), iccid(3), iccid(4)], [iccid(2)]]);
  });

  it("is told by its time when a setting has ended the doubt at once", () => {
    const now = { claimSettleSeconds: 0, before: about("deactivate") };
    assert.deepEqual(sort({}, [active(0, 5), active(1, 11)], now), [[iccid(0)], [iccid(1)]]);
  });

  it("is on the terms that were claimed, where they are known", () => {
    const shown = [active(0, 1), active(1, 1, { plan: 75 }), active(2, 1, { zone: "us" })];
    assert.deepEqual(sort({}, shown), [[iccid(0)], [iccid(1), iccid(2)]]);
    const older = { sims: doubt.sims, sentAtMs };
    assert.deepEqual(sort({ doubts: [older] }, shown), [iccids(3), []]);
  });

  it("was not claimed by another fleet since", () => {
    const claimedSince = (): Selection => Selection.ofList([iccid(1)]);
    const journal = { ...openJournal(), claimedSince };
    assert.deepEqual(sort({}, [active(0), active(1)], { journal }), [[iccid(0)], []]);
  });

  it("is certain by its time alone; for a pause by its terms too, where no time is told", () => {
    const shown = [active(0, 1), active(1), active(2, -60)];
    assert.deepEqual(sort({}, shown, { before: about("deactivate") }), [[iccid(0)], [iccid(1), iccid(2)]]);
    assert.deepEqual(sort({}, shown, { before: about("pause") }), [[iccid(0), iccid(1)], [iccid(2)]]);
    const late = { before: about("pause", 21) };
    assert.deepEqual(sort({}, shown, late), [[iccid(0)], [iccid(1), iccid(2)]]);
    const older = { sims: doubt.sims, sentAtMs };
    assert.deepEqual(sort({ doubts: [older] }, shown, { before: about("pause") }), [
      [iccid(0)],
      [iccid(1), iccid(2)],
    ]);
  });

  it("is no more of a range than it owes: nearest to the claim first, and nothing where that is a guess", () => {
    const shown = [active(0), active(1, 9), active(2, 1), active(3, 2)];
    const doubts = [{ ...doubt, atMost: 2 }];
    const nearest = [
      [iccid(2), iccid(3)],
      [iccid(0), iccid(1)],
    ];
    assert.deepEqual(sort({ doubts }, shown), nearest);
    assert.deepEqual(sort({ doubts }, shown, { before: about("pause") }), [[], iccids(4)]);
    const { doubts: left } = landedOf({ ...emptyRecord, doubts }, shown, context);
    assert.deepEqual(
      left.map(({ atMost }) => atMost),
      [0],
    );
  });

  it("may be deactivated since: then it was bought and is lost, where the time fits", () => {
    const dead = { state: "DEAD" };
    const shown = [active(0, 1), active(1, 2, dead), active(2, -60, dead), active(3, undefined, dead)];
    const { sims, gone, unsure } = landedOf({ ...emptyRecord, doubts: [doubt] }, shown, context);
    assert.deepEqual([sims.map((sim) => sim.iccid), gone, unsure], [[iccid(0)], [iccid(1)], []]);
  });

  it("destroy deactivates nothing of which no time is told, names it, and goes on", async () => {
    const world = new World();
    const cards = iccids(2).map((each) => world.addActive(each));
    const { said, report } = listener();
    const record = { ...emptyRecord, doubts: [{ ...doubt, sentAtMs: world.clock.now() - 11 * MINUTE }] };
    const fleet = { record, declared: undefined, onRelease: "deactivate" } as const;
    await releaseFleet(fleet, loneFleet, report, async () => runContext(world, { report }));
    assert.match(said.join("\n"), new RegExp(`^2 SIMs are active and billed, .*: ${iccids(2).join(", ")}$`));
    assert.deepEqual(
      cards.map(({ state }) => state),
      ["LIVE", "LIVE"],
    );
  });
});
