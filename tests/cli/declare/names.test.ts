import assert from "node:assert/strict";
import { nameFleets } from "../../../provider/cli/declare/names";
import type { FleetSelection, Group } from "../../../provider/cli/declare/simGroups";

const list: FleetSelection = { form: "list", iccids: ["89445001021983048260"] };
const range = (first: string, last: string): FleetSelection => ({
  form: "range",
  run: { first, last, iccids: [first, last] },
});

function group(more: Partial<Group>): Group {
  const base = { plan: 2096, planName: "Global Flat", zone: "global", zoneIsGuess: false };
  return { ...base, limits: {}, tags: [], selections: [list], ...more };
}

const names = (...groups: readonly Group[]) =>
  nameFleets(groups.map((each) => ({ organization: "Fleet Operations", group: each }))).flat();

describe("names of fleets", () => {
  it("begin with the tag, else the plan, and say no more than it takes", () => {
    const tags = [{ id: 1, name: "Cold chain!" }];
    assert.deepEqual(names(group({}), group({ tags })), ["global-flat", "cold-chain"]);
    assert.deepEqual(names(group({ planName: undefined })), ["plan-2096"]);
  });

  it("go on with what tells groups apart", () => {
    assert.deepEqual(names(group({}), group({ zone: "Zone 1" })), [
      "global-flat-global",
      "global-flat-zone-1",
    ]);
    assert.deepEqual(
      names(group({}), group({ limits: { overageLimit: 5_000_000 } }), group({ limits: { smsLimit: 50 } })),
      ["global-flat", "global-flat-5mb", "global-flat-50-sms"],
    );
    assert.deepEqual(names(group({}), group({ plan: 7 })), ["global-flat-2096", "global-flat-7"]);
    const groups = ["North", "South"].map((organization) => ({ organization, group: group({}) }));
    assert.deepEqual(nameFleets(groups).flat(), ["global-flat-north", "global-flat-south"]);
  });

  it("end, for several fleets of a group, with the last digits of the first ICCID; every name once", () => {
    const selections = [
      range("89445001021983048260", "89445001021983048350"),
      range("89445001021984048260", "89445001021984048350"),
      list,
    ];
    assert.deepEqual(names(group({ selections })), [
      "global-flat-048260",
      "global-flat-048260-2",
      "global-flat-others",
    ]);
  });
});
