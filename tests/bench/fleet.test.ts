import assert from "node:assert/strict";
import { rangeOf } from "../../provider/fleet/model/declaration";
import { emptyRecord } from "../../provider/fleet/model/record";
import { Selection } from "../../provider/fleet/numbers/selection";
import { plan } from "../../provider/fleet/plan/plan";
import { aRange, heldSim, iccid, iccids, seen } from "../harness/account/fleet";

/** Processor time, in microseconds: the best of three, so that a busy machine does not count. */
function work(run: () => void): number {
  const once = (): number => {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  return Math.min(once(), once(), once());
}

/** Ten times the SIMs may take so many times the work, at most. Quadratic work would take a hundred times. */
function growsEvenly(
  atMost: number,
  sizes: readonly [number, number],
  run: (size: number) => () => void,
): void {
  const [small, large] = sizes.map(run);
  if (small === undefined || large === undefined) throw new RangeError("two sizes");
  small();
  const [few, many] = [work(small), work(large)];
  assert.ok(many <= atMost * Math.max(few, 5_000), `${sizes[0]} took ${few} µs, ${sizes[1]} took ${many} µs`);
}

describe("work grows with the number of SIMs, not with its square", () => {
  it("in a selection of many single numbers, built and subtracted", () => {
    growsEvenly(25, [20_000, 200_000], (size) => {
      const [numbers, others] = [iccids(size, 10), iccids(size, 30)];
      return () => {
        const left = Selection.ofList(numbers).minus(Selection.ofList(others));
        assert.equal(left.width, BigInt(size - Math.ceil(size / 3)));
      };
    });
  });

  it("in a plan", () => {
    growsEvenly(30, [10_000, 100_000], (size) => {
      const sims = new Map(
        iccids(size, 10).map((each, n) => [
          each,
          { ...heldSim(n), iccid: each, state: "LIVE", testMode: false },
        ]),
      );
      const named = iccids(size, 10, 5);
      const declaration = aRange(0, size * 10);
      const observation = seen({
        sims,
        claimable: { named, refused: new Map(), unnamed: Selection.empty },
      });
      return () => {
        const steps = plan(declaration, emptyRecord, observation);
        assert.deepEqual([steps.adopt.length, steps.claim.length], [size, size]);
      };
    });
  });

  it("never with the width of a range: a range of any width is one interval", () => {
    const { selection } = rangeOf(iccid(0), "99999999999999999999");
    assert.equal(selection.intervals().length, 1);
    assert.equal(selection.minus(Selection.ofList(iccids(1_000, 10))).parts().length, 1_000);
  });
});
