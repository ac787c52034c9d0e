/** What a change of the terms leads to, row by row, with the requests that it made. */
import assert from "node:assert/strict";
import { forEachEngine } from "../harness/engine/engines";
import {
  account,
  card,
  cards,
  type FleetStack,
  type Operation,
  PLAN,
  range,
  withFleets,
} from "../harness/engine/fleetStack";
import { newTag, planCharges } from "../harness/provider/providerTerms";
import { assertHeld, failedWith, opsOf, previewOf, resultOf, succeeded } from "./asserts";
import { sideBySide } from "./sideBySide";

const OTHER = 75;
const setup = {
  sims: 10,
  account: {
    ...account,
    plans: [
      { id: PLAN, name: "Global Flat", zones: { global: "0.600000" } },
      { id: OTHER, name: "Pilot 1 MB", zones: { global: "1.500000", us: "1.000000" } },
    ],
  },
  behaviour: { settleReads: 0, planChangeCost: "0.99" },
};

forEachEngine(
  "changes of terms",
  (engine) => {
    const scenario = sideBySide();

    scenario("plan, zone, limits and tag change in place; what concerns no SIM sends nothing", () =>
      withFleets(engine, setup, async (fleets) => {
        const { emulator } = fleets;
        const [blue, green] = [await newTag(emulator, "blue"), await newTag(emulator, "green")];
        emulator.activateByHand([card(2)], { plan: PLAN, zone: "global", overageLimit: 5_000, smsLimit: 9 });
        const terms = { simRange: range(0, 6), plan: PLAN, overageLimit: 5_000, tagId: blue };
        declare(fleets, terms);
        assert.deepEqual(sent(succeeded(await fleets.up())), ["bulkclaim 5", "link 1"]);

        const moved = { ...terms, plan: OTHER, zone: "us" };
        declare(fleets, moved);
        const plan = succeeded(await fleets.up());
        assert.deepEqual([opsOf(plan), resultOf(plan).unfinished], [["update"], []]);
        assert.partialDeepStrictEqual(previewOf(plan), {
          ...{ changePlan: 6, unchanged: 0, simCount: 6, monthlyCost: 6, monthlyCostBefore: 3.6, dueNow: 0 },
        });
        const expected = ["changeplan 1", "changeplan 5", "usagelimit 1", "usagelimit 5"];
        assert.deepEqual(sent(plan).sort(), expected);
        assert.deepEqual(planCharges(emulator).sort(), cards(0, 6));
        assertTerms(fleets, { plan: OTHER, zone: "us", overageLimit: 5_000, tagIds: [blue] });
        assert.equal(emulator.sim(card(2)).smsLimit, 9);

        const limited = { ...moved, zone: "US", overageLimit: 9_000, smsLimit: 20 };
        declare(fleets, limited);
        assert.deepEqual(sent(succeeded(await fleets.up())), ["usagelimit 6"]);
        assertTerms(fleets, { overageLimit: 9_000, smsLimit: 20 });

        declare(fleets, { ...limited, tagId: green });
        const tag = succeeded(await fleets.up());
        assert.deepEqual(
          tag.requests.map(({ path }) => path),
          [
            "/organizations",
            "/plans",
            "/links/cellular",
            `/devices/tags/${green}/link`,
            `/devices/tags/${blue}/unlink`,
          ],
        );
        assertTerms(fleets, { tagIds: [green] });

        const quiet = { adopt: "always", onRelease: "pause", expectedSims: 6, waitForLiveSeconds: 60 };
        const { overageLimit: _noLonger, ...rest } = limited;
        declare(fleets, { ...rest, tagId: green, ...quiet, invalidatePreflightSims: true });
        const last = succeeded(await fleets.up({ preview: true }));
        assert.deepEqual([opsOf(last).at(-1), last.requests], ["update", []]);
        assert.match(last.text, /overageLimit is no longer declared: the SIMs keep the value they have/);
        assertTerms(fleets, { overageLimit: 9_000 });
        assert.partialDeepStrictEqual((await fleets.fleet("fleet"))?.outputs, { ...quiet, tagId: green });
        assertHeld(fleets, resultOf(last), cards(0, 6));
      }),
    );

    scenario("SIMs that are active on other terms: `matching` names them, `always` changes them", () =>
      withFleets(engine, setup, async (fleets) => {
        const { emulator } = fleets;
        emulator.activateByHand(cards(0, 4), { plan: PLAN, zone: "global" });
        emulator.activateByHand(cards(4, 6), { plan: OTHER, zone: "us", threshold: 77 });
        emulator.setState(card(1), "PAUSED-USER");
        const terms = { sims: cards(0, 6), plan: PLAN };
        declare(fleets, terms);
        const words = new RegExp(`already active with plan 75 .*: ${card(4)}, ${card(5)}`);
        assert.deepEqual(failedWith(await fleets.preview(), words).writes, []);

        declare(fleets, { ...terms, adopt: "always" });
        const up = succeeded(await fleets.up({ preview: true }));
        assert.partialDeepStrictEqual(previewOf(up), {
          activate: 0,
          adopt: 6,
          resume: 1,
          changePlan: 2,
          dueNow: 0,
        });
        assert.deepEqual(sent(up), ["changeplan 2", "usagelimit 2", "state 1"]);
        assert.deepEqual(planCharges(emulator), cards(4, 6));
        assertTerms(fleets, { plan: PLAN, zone: "global", state: "LIVE" });
        assert.equal(emulator.sim(card(5)).threshold, 77);
        assertHeld(fleets, resultOf(up), cards(0, 6));
        assert.deepEqual(succeeded(await fleets.up({ preview: true })).requests, []);
      }),
    );

    scenario("a change of the plan that ends part-way goes on with what is left, and is charged once", () =>
      withFleets(engine, setup, async (fleets) => {
        const { emulator } = fleets;
        const terms = { sims: cards(0, 6), plan: PLAN, threshold: 77 };
        declare(fleets, terms);
        succeeded(await fleets.up());
        emulator.setState(card(3), "PAUSED-SYS");
        declare(fleets, { ...terms, plan: OTHER });
        const failed = failedWith(await fleets.up(), /1 SIM not done.*contact support/s);
        assert.deepEqual(sent(failed), ["changeplan 6", "usagelimit 5"]);
        const kept = await fleets.fleet("fleet");
        assert.deepEqual([kept?.inputs.plan, kept?.outputs.plan, kept?.outputs.simCount], [PLAN, PLAN, 6]);
        assert.equal(Object(kept?.outputs.unfinished).length, 1);

        emulator.setState(card(3), "LIVE");
        const next = succeeded(await fleets.up());
        assert.partialDeepStrictEqual(previewOf(next), { changePlan: 1, unchanged: 5 });
        assert.deepEqual(sent(next), ["changeplan 1", "usagelimit 1"]);
        assert.deepEqual(planCharges(emulator).sort(), cards(0, 6));

        // Carried out, and the answer is lost.
        emulator.faults.add({ path: "/devices/changeplan", fault: { kind: "drop", commit: true } });
        declare(fleets, { ...terms, plan: OTHER, zone: "us" });
        assert.deepEqual(sent(succeeded(await fleets.up())), ["changeplan 6", "usagelimit 6"]);
        assertTerms(fleets, { plan: OTHER, zone: "us", threshold: 77 });
        assert.equal(planCharges(emulator).length, 12);
        const refreshed = succeeded(await fleets.refresh());
        assert.deepEqual([refreshed.writes, opsOf(refreshed)], [[], ["same"]]);
      }),
    );
  },
  { shortForm: "none" },
);

function declare(fleets: FleetStack, args: object): void {
  fleets.declare({ name: "fleet", args: { ...args } });
}

/** What was sent, in order: "changeplan 6", "bulkclaim 5". */
function sent({ writes }: Operation): string[] {
  return writes.map(({ path, body }) => {
    const { deviceids, sims }: { deviceids?: unknown[]; sims?: unknown[] } = Object(body);
    return `${path.split("/").at(-1)} ${(deviceids ?? sims ?? []).length}`;
  });
}

function assertTerms({ emulator }: FleetStack, terms: object): void {
  for (const each of cards(0, 6)) assert.partialDeepStrictEqual(emulator.sim(each), terms, each);
}
