import assert from "node:assert/strict";
import fc from "fast-check";
import { eidsOf, listOf, rangeOf } from "../../provider/fleet/model/declaration";
import { Declarations } from "../../provider/fleet/run/declaredSims";
import { iccid, iccids } from "../harness/account/fleet";

const step = fc.record({
  fleet: fc.constantFrom("a", "b", "c", "d"),
  sims: fc.oneof(
    fc.tuple(fc.nat(60), fc.nat(20)).map(([first, width]) => rangeOf(iccid(first), iccid(first + width))),
    fc.uniqueArray(fc.nat(80), { minLength: 1, maxLength: 12 }).map((all) => listOf(all.map(iccid))),
  ),
});

describe("the SIMs that a program declares", () => {
  it("are those of every fleet, in whatever order and however often they are declared", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const declarations = new Declarations();
        const naive = new Map<string, Set<string>>();
        for (const { fleet, sims } of steps) {
          declarations.declare(fleet, sims);
          const own = naive.get(fleet) ?? new Set();
          for (const each of iccids(100)) if (sims.selection.has(each)) own.add(each);
          naive.set(fleet, own);
        }
        const all = new Set([...naive.values()].flatMap((own) => [...own]));
        for (const each of iccids(100)) assert.equal(declarations.declares(each), all.has(each));
        for (const [fleet, own] of naive) {
          const shared = declarations.sharedBy(fleet, [...own]);
          const others = [...naive].filter(([other]) => other !== fleet);
          const overlapping = others.filter(([, sims]) => [...sims].some((each) => own.has(each)));
          assert.equal(shared === undefined, overlapping.length === 0);
          if (shared === undefined) continue;
          const theirs = naive.get(shared.fleet) ?? new Set();
          assert.notEqual(shared.fleet, fleet);
          assert.deepEqual(
            shared.iccids,
            [...own].filter((each) => theirs.has(each)),
          );
        }
        for (const fleet of ["a", "e"]) {
          const others = [...naive.keys()].filter((each) => each !== fleet);
          assert.equal(declarations.isAlone(fleet), others.length === 0);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("of a fleet by EID are its ICCIDs too, as far as they are known", () => {
    const declarations = new Declarations();
    const eid = "89049032000000000000000000000001";
    declarations.declare("a", eidsOf(eid, eid));
    assert.deepEqual([declarations.declares(eid), declarations.declares(iccid(1))], [true, false]);
    declarations.declare("a", eidsOf(eid, eid), [iccid(1)]);
    assert.deepEqual([declarations.declares(eid), declarations.declares(iccid(1))], [true, true]);
    // That is how a fleet is moved from EIDs to ICCIDs, or back.
    declarations.declare("b", listOf([iccid(1)]));
    assert.equal(declarations.sharedBy("b", [iccid(1)]), undefined);
    assert.equal(declarations.sharedBy("a", [iccid(1)]), undefined);
    declarations.declare("c", eidsOf(eid, eid), [iccid(1)]);
    assert.deepEqual(declarations.sharedBy("c", [iccid(1)]), { fleet: "a", iccids: [iccid(1)] });
  });

  it("cost no more than n log n: eight times as many fleets, at most some twelve times as long", () => {
    /** Interleaved lists, of which none is contained in an interval of another. */
    function timeOf(fleets: number): number {
      const lists = Array.from({ length: fleets }, (_, n) => listOf(iccids(200, fleets * 2, n * 2)));
      const began = performance.now();
      const declarations = new Declarations();
      for (const [n, sims] of lists.entries()) declarations.declare(`fleet ${n}`, sims);
      let found = 0;
      for (const { form, ...sims } of lists) {
        if (form === "list" && "iccids" in sims)
          for (const each of sims.iccids) if (declarations.declares(each)) found++;
      }
      assert.equal(found, fleets * 200);
      return performance.now() - began;
    }
    timeOf(20);
    const [few, many] = [timeOf(50), timeOf(400)];
    // A linear search for each SIM would take 64 times as long.
    assert.ok(many < 30 * few + 50, `${few.toFixed(0)} ms, then ${many.toFixed(0)} ms`);
  });
});
