import assert from "node:assert/strict";
import fc from "fast-check";
import { packHeld, unpackFormer, unpackHeld } from "../../../provider/dynamic/wire/packed";
import { compareNumbers } from "../../../provider/fleet/numbers/selection";
import { cards } from "../../harness/provider/providerFleet";

const id = fc.integer({ min: 1, max: 2 ** 40 });
const held = fc
  .uniqueArray(
    fc.record(
      {
        iccid: fc.bigInt({ min: 10n ** 18n, max: 10n ** 21n }).map(String),
        deviceId: id,
        linkId: id,
      },
      { noNullPrototype: true },
    ),
    { maxLength: 200, selector: ({ iccid }) => iccid },
  )
  .map((sims) => sims.sort((a, b) => compareNumbers(a.iccid, b.iccid)));

describe("dynamic: packed SIMs", () => {
  it("are the same SIMs again, any and none", () =>
    fc.assert(fc.property(held, (sims) => assert.deepEqual(unpackHeld(packHeld(sims)), sims))));

  it("leave a report room for 100,000 of them", () => {
    const sims = cards(100_000).map((iccid, n) => ({
      iccid,
      deviceId: 1_000_000 + ((n * 7_919) % 100_000),
      linkId: 3_000_000 + ((n * 104_729) % 100_000),
    }));
    const text = packHeld(sims);
    assert.deepEqual(unpackHeld(text), sims);
    assert(text.length < 800_000, `${text.length}`);
  });

  it("of an older package are read, and a range is told apart from them", () => {
    assert.equal(unpackFormer("89445001021983048260-89445001021983048269"), undefined);
    assert.equal(unpackFormer(undefined), undefined);
  });
});
