import assert from "node:assert/strict";
import fc from "fast-check";
import { approveNothing } from "../../provider/fleet/model/approval";
import { emptyRecord, type FleetRecord } from "../../provider/fleet/model/record";
import { differences } from "../../provider/fleet/model/terms";
import {
  limitsToChange,
  plansToChange,
  type TermChange,
  tagsToChange,
} from "../../provider/fleet/plan/termChanges";
import type { Limits, Sim } from "../../provider/hologram/model";
import { aList, heldSim, iccid, seen } from "../harness/account/fleet";

const limits: Limits = { overageLimit: 5_000, threshold: 4_000, smsLimit: 20 };
const shownAs = (n: number, more: Partial<Sim> = {}): Sim => ({
  ...heldSim(n),
  state: "LIVE",
  testMode: false,
  plan: 2096,
  zone: "Global",
  ...more,
});
/** What the account shows of SIMs 0, 1, 2 and so on, and all of them as held. */
function reading(...sims: readonly Partial<Sim>[]) {
  const shown = sims.map((each, n) => shownAs(n, each));
  return {
    sims: shown.map((_, n) => heldSim(n)),
    seen: seen({ sims: new Map(shown.map((sim) => [sim.iccid, sim])) }),
  };
}
const declared = (more: Parameters<typeof aList>[1] = {}) => aList([iccid(0)], more);
const placesOf = (changes: readonly TermChange[]) => changes.map(({ sim }) => sim.deviceId - 10_000);

describe("SIMs whose plan is to be changed", () => {
  it("are those on another plan or in another zone, whatever the letter case; each says what was found", () => {
    const { sims, seen: now } = reading({}, { plan: 75 }, { zone: "us" }, { zone: "GLOBAL" }, { zone: "7" });
    const changes = plansToChange(sims, declared(), now);
    assert.deepEqual(
      changes.map(({ sim, found }) => [sim, found]),
      [
        [heldSim(1), "plan 75 instead of 2096"],
        [heldSim(2), "zone us instead of global"],
      ],
    );
  });

  it("are billed ones, paused or not: nothing is changed on dead, unclaimed, tested or unseen SIMs", () => {
    const states = ["PAUSED-USER", "PAUSED-SYS", "LIVE-PENDING", "NEW-STATE", "DEAD", "INACTIVE"];
    const { sims, seen: now } = reading(...states.map((state) => ({ plan: 75, state })), {
      plan: 75,
      state: "TEST-ACTIVATE",
      testMode: true,
    });
    const unseen = [...sims, heldSim(99)];
    assert.deepEqual(placesOf(plansToChange(unseen, declared(), now)), [0, 1, 2, 3]);
    assert.deepEqual(
      placesOf(limitsToChange(unseen, declared({ plan: 75, limits: { smsLimit: 3 } }), now)),
      [],
    );
  });

  it("remember the limits that they have, and none of what stands for no limit", () => {
    const rows: readonly [Partial<Sim>, Limits][] = [
      [limits, limits],
      [{ overageLimit: -1, threshold: -1, smsLimit: -1 }, {}],
      [{ overageLimit: -1, threshold: 0, smsLimit: 100 }, {}],
      [{}, {}],
      [{ overageLimit: 0 }, { overageLimit: 0 }],
      [
        { threshold: 1, smsLimit: 99 },
        { threshold: 1, smsLimit: 99 },
      ],
    ];
    const { sims, seen: now } = reading(...rows.map(([shown]) => ({ ...shown, plan: 75 })));
    assert.deepEqual(
      plansToChange(sims, declared(), now).map((change) => change.now),
      rows.map(([, remembered]) => remembered),
    );
  });
});

describe("SIMs whose limits are to be changed", () => {
  it("are those that differ in a declared limit", () => {
    const { sims, seen: now } = reading(limits, { ...limits, smsLimit: 7 }, { overageLimit: -1 }, {});
    const changes = limitsToChange(sims, declared({ limits }), now);
    assert.deepEqual(
      changes.map(({ sim, found }) => [sim, found]),
      [
        [heldSim(1), "smsLimit 7 instead of 20"],
        [heldSim(2), "overageLimit -1 instead of 5000"],
      ],
    );
    assert.deepEqual(limitsToChange(sims, declared(), now), []);
  });

  it("are not those whose plan is changed: that sets them again anyway", () => {
    const { sims, seen: now } = reading({ plan: 75, overageLimit: 1 }, { overageLimit: 1 });
    assert.deepEqual(placesOf(limitsToChange(sims, declared({ limits }), now)), [1]);
  });

  it("are all while a declared limit is not known yet", () => {
    const { sims, seen: now } = reading(limits, { plan: 75 }, {});
    const changes = limitsToChange(sims, declared({ limitsUnknown: true }), now);
    assert.deepEqual(placesOf(changes), [0, 2]);
    assert.equal(changes[0]?.found, "a limit that is not known yet");
  });

  it("are, together with those whose plan is changed, exactly the ones that differ", () => {
    const limit = fc.constantFrom(undefined, -1, 0, 5, 100);
    const terms = fc.record({
      plan: fc.constantFrom(75, 2096),
      zone: fc.constantFrom("global", "Global", "us", "7"),
      overageLimit: limit,
      threshold: limit,
      smsLimit: limit,
    });
    const known = (each: object): Partial<Sim> =>
      Object.fromEntries(Object.entries(each).filter(([, value]) => value !== undefined));
    fc.assert(
      fc.property(fc.array(terms, { maxLength: 20 }), terms, (shown, { plan, zone, ...wanted }) => {
        const declaration = declared({ plan, zone, limits: known(wanted) });
        const { sims, seen: now } = reading(...shown.map(known));
        const plans = placesOf(plansToChange(sims, declaration, now));
        const others = placesOf(limitsToChange(sims, declaration, now));
        const differing = sims.flatMap((sim, n) => {
          const each = now.sims.get(sim.iccid);
          return each !== undefined && differences(each, declaration).length > 0 ? [n] : [];
        });
        assert.deepEqual(
          [...plans, ...others].sort((a, b) => a - b),
          differing,
        );
        assert.ok(plans.every((n) => !others.includes(n)));
      }),
    );
  });
});

describe("SIMs whose tag is to be changed", () => {
  const [keep, adopt] = [[heldSim(0), heldSim(1)], [heldSim(2)]];
  const all = [...keep, ...adopt];
  const record = (more: Partial<FleetRecord>): FleetRecord => ({ ...emptyRecord, sims: keep, ...more });
  const open = { ...approveNothing({ plan: 2096, zone: "global" }) };
  const rows = [
    ["no tag, before or now", undefined, record({}), {}],
    [
      "the same tag: only what is new to the fleet",
      7,
      record({ tagId: 7 }),
      { link: { tagId: 7, sims: adopt } },
    ],
    ["the first tag", 7, record({}), { link: { tagId: 7, sims: all } }],
    [
      "another tag",
      8,
      record({ tagId: 7 }),
      { link: { tagId: 8, sims: all }, unlink: { tagId: 7, sims: keep } },
    ],
    ["the tag removed", undefined, record({ tagId: 7 }), { unlink: { tagId: 7, sims: keep } }],
    [
      "the same tag after a run that was not finished: once more on all",
      7,
      record({ tagId: 7, open }),
      { link: { tagId: 7, sims: all } },
    ],
    [
      "another tag after such a run: what that run claimed bears the old one too",
      8,
      record({ tagId: 7, open }),
      { link: { tagId: 8, sims: all }, unlink: { tagId: 7, sims: all } },
    ],
  ] as const;
  for (const [what, tagId, held, work] of rows) {
    it(what, () => {
      const declaration = tagId === undefined ? {} : { tagId };
      assert.deepEqual(tagsToChange(declaration, held, { keep, back: [] }, adopt), work);
    });
  }

  it("go on SIMs that are back: what was lost may have come without its tag", () => {
    const [first] = keep;
    assert.ok(first);
    const back = [first.iccid];
    const work = { link: { tagId: 7, sims: [first] } };
    assert.deepEqual(tagsToChange({ tagId: 7 }, record({ tagId: 7 }), { keep, back }, []), work);
    const untagged = record({ tagId: 7, untagged: back });
    assert.deepEqual(tagsToChange({ tagId: 7 }, untagged, { keep, back: [] }, []), work);
  });

  it("are none where there is no SIM", () => {
    assert.deepEqual(tagsToChange({ tagId: 8 }, record({ tagId: 7 }), { keep: [], back: [] }, []), {});
  });
});
