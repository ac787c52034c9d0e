import assert from "node:assert/strict";
import fc from "fast-check";
import { eidsOf, listOf, rangeOf } from "../../provider/fleet/model/declaration";
import { Selection } from "../../provider/fleet/numbers/selection";
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
          const shared = declarations.sharedBy(fleet, listOf([...own]), [...own]);
          const others = [...naive].filter(([other]) => other !== fleet);
          const overlapping = others.filter(([, sims]) => [...sims].some((each) => own.has(each)));
          assert.equal(shared === undefined, overlapping.length === 0);
          if (shared === undefined) continue;
          const theirs = naive.get(shared.fleet) ?? new Set();
          assert.notEqual(shared.fleet, fleet);
          const both = [...own].filter((each) => theirs.has(each));
          assert("iccids" in shared);
          assert.deepEqual(shared.iccids, both);
          // Where nothing names the SIMs.
          const written = declarations.sharedBy(fleet, listOf([...own]), []);
          assert(written !== undefined && "numbers" in written);
          assert.deepEqual(
            [written.fleet, `${written.numbers}`],
            [shared.fleet, `${Selection.ofList(both)}`],
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
    const [one, byEid] = [listOf([iccid(1)]), eidsOf(eid, eid)];
    declarations.declare("b", one);
    assert.equal(declarations.sharedBy("b", one, [iccid(1)]), undefined);
    assert.equal(declarations.sharedBy("a", byEid, [iccid(1)]), undefined);
    declarations.declare("c", byEid, [iccid(1)]);
    assert.deepEqual(declarations.sharedBy("c", byEid, [iccid(1)]), { fleet: "a", iccids: [iccid(1)] });
  });

  it("are compared as they are written, number by number, where nothing names the SIMs of one of two fleets", () => {
    const eid = (n: number): string => `${89049032000000000000000000000000n + BigInt(n)}`;
    const shared = (...args: Parameters<Declarations["sharedBy"]>) => {
      const found = declarations.sharedBy(...args);
      return found && [found.fleet, "numbers" in found ? `${found.numbers}` : found.iccids];
    };
    const declarations = new Declarations();
    declarations.declare("list", listOf([iccid(1), iccid(5)]));
    declarations.declare("range", rangeOf(iccid(10), iccid(19)));
    declarations.declare("eids", eidsOf(eid(0), eid(9)));
    declarations.declare("known", eidsOf(eid(20), eid(29)), [iccid(50)]);
    const unnamed = rangeOf(iccid(0), iccid(4));
    assert.deepEqual(shared("new", unnamed, []), ["list", iccid(1)]);
    assert.equal(shared("new", unnamed, [iccid(2), iccid(3)]), undefined);
    const both = `${iccid(12)}-${iccid(19)}`;
    assert.deepEqual(shared("new", rangeOf(iccid(12), iccid(25)), []), ["range", both]);
    assert.equal(shared("new", rangeOf(iccid(20), iccid(25)), []), undefined);
    assert.deepEqual(shared("new", eidsOf(eid(9), eid(12)), []), ["eids", eid(9)]);
    assert.deepEqual(shared("new", eidsOf(eid(9), eid(12)), [iccid(60)]), ["eids", eid(9)]);
    assert.deepEqual(shared("new", eidsOf(eid(20), eid(20)), []), ["known", eid(20)]);
    assert.equal(shared("new", eidsOf(eid(20), eid(20)), [iccid(60)]), undefined);
    assert.equal(shared("new", eidsOf(eid(10), eid(19)), []), undefined);
    assert.equal(shared("list", unnamed, []), undefined);
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
