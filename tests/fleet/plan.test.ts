import assert from "node:assert/strict";
import fc from "fast-check";
import type { HeldSim } from "../../provider/fleet/model/declaration";
import { type FleetRecord, heldSims } from "../../provider/fleet/model/record";
import { isBilled, standingOf } from "../../provider/fleet/model/standing";
import { Selection } from "../../provider/fleet/numbers/selection";
import { plan } from "../../provider/fleet/plan/plan";
import { previewOf } from "../../provider/fleet/plan/preview";
import { activations } from "../../provider/fleet/plan/purchases";
import type { Sim } from "../../provider/hologram/model";
import { aList, heldSim, iccid, seen } from "../harness/account/fleet";

/** One number of a declaration or a record, and what the organization shows of it. */
const row = fc.record({
  shown: fc.constantFrom("nothing", "inventory", "test", "live", "otherPlan", "byUser", "byHologram", "dead"),
  /** Whether the device is the one on record. */
  sameDevice: fc.boolean(),
  record: fc.constantFrom("none", "none", "held", "lost"),
  declared: fc.boolean(),
  claimable: fc.boolean(),
});
type Row = typeof row extends fc.Arbitrary<infer T> ? T : never;

function shownAs({ shown, sameDevice }: Row, n: number): Sim | undefined {
  const sim = { ...heldSim(n), ...(sameDevice ? {} : { deviceId: 90_000 + n }), testMode: false, plan: 2096 };
  const { deviceId: _none, ...unclaimed } = sim;
  switch (shown) {
    case "nothing":
      return undefined;
    case "inventory":
      return { ...unclaimed, state: "INACTIVE" };
    case "test":
      return { ...sim, state: "TEST-ACTIVATE", testMode: true };
    case "otherPlan":
      return { ...sim, state: "LIVE", plan: 75 };
    case "byUser":
      return { ...sim, state: "PAUSED-USER" };
    case "byHologram":
      return { ...sim, state: "PAUSED-SYS" };
    case "dead":
      return { ...sim, state: "DEAD" };
    default:
      return { ...sim, state: "LIVE" };
  }
}

/** A declared list, a record and a reading that fit together, as `observe` makes them. */
function situationOf(rows: readonly Row[]) {
  const numbersWhere = (test: (row: Row) => boolean) =>
    rows.flatMap((each, n) => (test(each) ? [iccid(n)] : []));
  const sims = new Map(
    rows.flatMap((each, n) => {
      const sim = shownAs(each, n);
      return each.declared && sim ? [[iccid(n), sim] as const] : [];
    }),
  );
  const open = ({ declared, record, shown }: Row): boolean =>
    declared && record === "none" && (shown === "nothing" || shown === "inventory");
  const tests = ({ declared, record, shown }: Row): boolean =>
    declared && record === "none" && shown === "test";
  const named = numbersWhere((each) => tests(each) || (open(each) && each.claimable));
  const refused = numbersWhere((each) => open(each) && !each.claimable);
  const record: FleetRecord = {
    doubts: [],
    sims: rows.flatMap(({ record }, n) => (record === "held" ? [heldSim(n)] : [])),
    lost: numbersWhere(({ record }) => record === "lost"),
  };
  const claimable = {
    named,
    refused: new Map(refused.map((each) => [each, "no"])),
    unnamed: Selection.empty,
  };
  const declaration = aList(numbersWhere(({ declared }) => declared));
  return { declaration, record, observation: seen({ sims, claimable }) };
}
const situation = fc.array(row, { maxLength: 25 }).map(situationOf);
const names = (sims: readonly HeldSim[]): string[] => sims.map((sim) => sim.iccid);

describe("a plan", () => {
  it("is pure: the same input gives the same plan, in whatever order the reading came", () => {
    fc.assert(
      fc.property(situation, ({ declaration, record, observation }) => {
        const first = plan(declaration, record, observation);
        assert.deepEqual(plan(declaration, record, observation), first);
        const reversed = { ...observation, sims: new Map([...observation.sims].reverse()) };
        const again = plan(declaration, record, reversed);
        assert.deepEqual(
          [again.claim, again.adopt, again.keep, again.lost, again.release],
          [first.claim, first.adopt, first.keep, first.lost, first.release],
        );
      }),
    );
  });

  it("puts every declared SIM in exactly one place, and no other SIM in any", () => {
    fc.assert(
      fc.property(situation, ({ declaration, record, observation }) => {
        const steps = plan(declaration, record, observation);
        const adopted = new Set(names(steps.adopt));
        // A SIM that is active otherwise is adopted in the plan and stops it.
        const refused = steps.refusals.flatMap((each) =>
          each.iccid && !adopted.has(each.iccid) ? [each.iccid] : [],
        );
        const places = [...names(steps.keep), ...adopted, ...steps.claim, ...steps.lost, ...refused];
        assert.deepEqual(places.sort(), declaration.sims.form === "list" && declaration.sims.iccids);
      }),
    );
  });

  it("claims nothing that is held, lost or billed, and nothing twice", () => {
    fc.assert(
      fc.property(situation, ({ declaration, record, observation }) => {
        // A preview that names everything, as it may when it was not the newest reading.
        assert.ok(declaration.sims.form === "list");
        const claimable = { ...observation.claimable, named: declaration.sims.iccids };
        const { claim } = plan(declaration, record, { ...observation, claimable });
        assert.equal(new Set(claim).size, claim.length);
        const known = new Set([...names(heldSims(record)), ...record.lost]);
        for (const each of claim) {
          const shown = observation.sims.get(each);
          assert.ok(!known.has(each) && !(shown && isBilled(standingOf(shown))));
        }
      }),
    );
  });

  it("keeps only what is there, under the device it has now", () => {
    fc.assert(
      fc.property(situation, ({ declaration, record, observation }) => {
        for (const sim of plan(declaration, record, observation).keep) {
          assert.equal(observation.sims.get(sim.iccid)?.deviceId, sim.deviceId);
        }
      }),
    );
  });

  it("releases what is held and no longer declared, and resumes what a member of the team paused", () => {
    fc.assert(
      fc.property(situation, ({ declaration, record, observation }) => {
        const steps = plan(declaration, record, observation);
        const leaving = heldSims(record).filter((sim) => !declaration.sims.selection.has(sim.iccid));
        assert.deepEqual(steps.release, leaving);
        const paused = ({ iccid: each }: HeldSim): boolean => {
          const shown = observation.sims.get(each);
          return shown !== undefined && standingOf(shown) === "pausedByUser";
        };
        assert.deepEqual(new Set(steps.resume), new Set([...steps.keep, ...steps.adopt].filter(paused)));
      }),
    );
  });

  it("has counts that add up", () => {
    fc.assert(
      fc.property(situation, ({ declaration, record, observation }) => {
        const steps = plan(declaration, record, observation);
        const { simCount, release } = previewOf(
          steps,
          { count: steps.release.length, onRelease: "keep" },
          undefined,
        );
        assert.equal(simCount, steps.keep.length + steps.adopt.length + activations(steps));
        assert.equal(release, steps.release.length);
      }),
    );
  });

  it("of a fleet that is as declared has no work", () => {
    fc.assert(
      fc.property(situation, ({ declaration, record, observation }) => {
        const { keep, lost } = plan(declaration, record, observation);
        const { claimable: _claimable, ...rest } = observation;
        const settled = plan(
          declaration,
          { sims: keep, lost, doubts: [] },
          seen({
            ...rest,
            sims: new Map([...observation.sims].filter(([each]) => names(keep).includes(each))),
          }),
        );
        assert.deepEqual([settled.keep, settled.claim, settled.adopt, settled.release], [keep, [], [], []]);
      }),
    );
  });
});
