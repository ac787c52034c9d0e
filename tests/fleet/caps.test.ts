import assert from "node:assert/strict";
import type { Spending } from "../../provider/fleet/model/journal";
import { emptyRecord } from "../../provider/fleet/model/record";
import { addAmounts, beyondCaps, type Caps, dueOf, noAmount } from "../../provider/fleet/run/caps";
import { changeFleet } from "../../provider/fleet/run/changeFleet";
import { aList, aPrice, iccids } from "../harness/account/fleet";
import { hints, runContext } from "../harness/account/run";
import { worldOf } from "../harness/account/worlds";

const none: Caps = { maxDeactivations: 0 };
const amount = (activations: number, dueNow = 0, deactivations = 0) => ({
  activations,
  dueNow,
  deactivations,
});
const refusal = (total: Parameters<typeof beyondCaps>[0], caps: Partial<Caps>, isPriced = true) =>
  beyondCaps(total, { ...none, ...caps }, hints, isPriced);

describe("the caps of a run", () => {
  const rows: readonly [string, ReturnType<typeof amount>, Partial<Caps>, RegExp | undefined][] = [
    ["no cap, whatever the number", amount(1e6, 1e6), {}, undefined],
    ["as many activations as are allowed", amount(5), { maxActivations: 5 }, undefined],
    [
      "one activation more",
      amount(6),
      { maxActivations: 5 },
      /^this run would activate 6 SIMs, and maxActivations allows 5; .*set maxActivations to 6$/,
    ],
    ["none allowed, none made", amount(0), { maxActivations: 0 }, undefined],
    ["none allowed, one made", amount(1), { maxActivations: 0 }, /would activate 1 SIM,/],
    ["exactly the dollars that are allowed", amount(10, 0.1 + 0.2), { maxDueNow: 0.3 }, undefined],
    [
      "a cent more",
      amount(10, 6.01),
      { maxDueNow: 6 },
      /^this run would cost about \$6\.01 now, and maxDueNow allows \$6\.00; .*set maxDueNow to 6\.01$/,
    ],
    [
      "a deactivation, of which none is allowed by default",
      amount(0, 0, 1),
      {},
      /would deactivate 1 SIM for ever, and maxDeactivations allows 0; .*set maxDeactivations to 1$/,
    ],
    [
      "what is beyond several caps, each by name",
      amount(200, 140, 1),
      { maxActivations: 100, maxDueNow: 100 },
      /activate 200 SIMs, .*set maxActivations to 200; .* cost about \$140\.00 now, .*; .*deactivate 1 SIM /,
    ],
    ["deactivations that are allowed", amount(0, 0, 3), { maxDeactivations: 3 }, undefined],
  ];
  for (const [what, total, caps, expected] of rows) {
    it(`${expected === undefined ? "allow" : "stop"} ${what}`, () => {
      const said = refusal(total, caps);
      if (expected === undefined) assert.equal(said, undefined);
      else assert.match(said ?? "", expected);
    });
  }

  it("count as spent what was activated in another organization, or may be", async () => {
    for (const [trouble, spent] of [
      ["none", 3],
      ["elsewhere", 3],
      ["in doubt", 3],
      ["refused", 0],
    ] as const) {
      const world = worldOf(iccids(3), trouble === "refused" ? { balance: 0 } : {});
      if (trouble === "elsewhere") world.organizationOf = async () => 78;
      if (trouble === "in doubt") world.claimFaults = [{ kind: "lostBefore" }];
      let [set, back] = [0, 0];
      const spending: Spending = {
        spend: ({ activations }) => {
          set += activations;
          return undefined;
        },
        giveBack: ({ activations }) => {
          back += activations;
        },
      };
      const told = { unverified: "the account could not be read" };
      const change = { declaration: aList(iccids(3)), record: emptyRecord, told, onRelease: "keep" } as const;
      await changeFleet(runContext(world, { spending }), change);
      assert.deepEqual([set, back], [3, 3 - spent], trouble);
    }
  });

  it("stop every activation at an unknown price where dollars are capped, and no other work", () => {
    assert.match(refusal(amount(1), { maxDueNow: 9 }, false) ?? "", /names no price.*drop maxDueNow$/);
    assert.equal(refusal(amount(0), { maxDueNow: 9 }, false), undefined);
    assert.equal(refusal(amount(1), {}, false), undefined);
  });

  it("count cents, and nothing where no price is known", () => {
    assert.equal(dueOf(aPrice("0.333"), 3), 1);
    assert.equal(dueOf({}, 3), 0);
    assert.deepEqual(addAmounts(amount(1, 2, 3), amount(4, 5, 6)), amount(5, 7, 9));
    assert.deepEqual(addAmounts(noAmount, amount(1, 2, 3)), amount(1, 2, 3));
  });
});
