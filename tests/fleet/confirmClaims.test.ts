import assert from "node:assert/strict";
import fc from "fast-check";
import {
  findActive,
  type Lookup,
  readBackTimeoutMs,
  waitForActive,
} from "../../provider/fleet/apply/confirmClaims";
import { Selection } from "../../provider/fleet/numbers/selection";
import { iccid, iccids } from "../harness/account/fleet";
import { World } from "../harness/account/world";

const ignore = (): void => undefined;
const byName = (numbers: readonly string[], asRange = false): Lookup => ({ iccids: numbers, asRange });
const byNumber = (first: number, last: number): Lookup => ({
  numbers: Selection.ofRange(iccid(first), iccid(last)),
});

/** A world in which some SIMs become active later. */
function landing(numbers: readonly string[], after: number): World {
  const world = new World();
  for (const each of numbers) world.add(each);
  world.claimFaults = [{ kind: "late", milliseconds: after }];
  void world.claim({ target: { sims: numbers }, plan: 2096, zone: "global" });
  return world;
}

describe("reading back", () => {
  it("finds what is active, by name, by range and by number, and nothing that nobody asked for", async () => {
    const world = new World();
    world.addActive(iccid(0));
    world.addActive(iccid(1), { state: "PAUSED-USER" });
    world.addActive(iccid(2));
    world.addActive(iccid(3), { state: "DEAD" });
    world.addActive(iccid(4), { state: "TEST-ACTIVATE", testMode: true });
    world.add(iccid(5));
    const asked = iccids(6).filter((each) => each !== iccid(2));
    for (const lookup of [byName(asked), byName(asked, true)]) {
      assert.deepEqual([...(await findActive(world, lookup)).keys()], iccids(2));
    }
    assert.deepEqual([...(await findActive(world, byNumber(1, 5))).keys()], [iccid(1), iccid(2)]);
  });

  it("waits until all are there, and no longer", async () => {
    const world = landing(iccids(3), 12_000);
    const began = world.clock.now();
    const found = await waitForActive(world, byName(iccids(3)), 120_000, ignore);
    assert.equal(found.size, 3);
    const waited = world.clock.now() - began;
    assert.ok(waited >= 12_000 && waited < 20_000, `waited ${waited} ms`);
  });

  it("takes a fifth of the time that a claim may take to land, and two minutes at most", () => {
    assert.deepEqual([0, 60, 600, 3_600].map(readBackTimeoutMs), [0, 12_000, 120_000, 120_000]);
  });

  it("is bounded by its patience, whatever lands and whatever fails", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 300_000 }),
        fc.integer({ min: 0, max: 400_000 }),
        fc.nat(40),
        fc.boolean(),
        async (patience, after, failing, unnamed) => {
          const world = landing(iccids(3), after);
          const began = world.clock.now();
          const reads = world.reads;
          world.failingReads = failing;
          const lookup = unnamed ? byNumber(0, 9) : byName(iccids(3));
          await waitForActive(world, lookup, patience, ignore);
          const looks = world.reads - reads;
          const waited = world.clock.now() - began;
          assert.ok(waited <= patience + looks * 100, `waited ${waited} of ${patience} ms`);
          assert.ok(looks >= 1 && looks <= 12, `${looks} looks`);
        },
      ),
    );
  });

  it("has its last look when the time is up: whatever lands before then is found", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1_000, max: 300_000 }), fc.nat(200), async (patience, before) => {
        const world = landing(iccids(3), patience - before);
        assert.equal((await waitForActive(world, byName(iccids(3)), patience, ignore)).size, 3);
      }),
    );
  });

  it("keeps what it found before a look failed, and tells of the failure", async () => {
    const world = landing(iccids(2), 0);
    world.pass(1);
    world.add(iccid(2));
    const failures: unknown[] = [];
    const asked = world.simsByIccid.bind(world);
    let look = 0;
    world.simsByIccid = (numbers) => {
      if (++look === 2) world.failingReads = 1;
      return asked(numbers);
    };
    const found = await waitForActive(world, byName(iccids(3)), 60_000, (error) => failures.push(error));
    assert.deepEqual([...found.keys()], iccids(2));
    assert.equal(failures.length, 1);
  });

  it("asks again only for what is missing", async () => {
    const world = landing(iccids(1), 0);
    world.pass(1);
    world.add(iccid(1));
    const asked: (readonly string[])[] = [];
    const original = world.simsByIccid.bind(world);
    world.simsByIccid = (numbers) => {
      asked.push(numbers);
      return original(numbers);
    };
    await waitForActive(world, byName(iccids(2)), 10_000, ignore);
    assert.deepEqual(asked[0], iccids(2));
    assert.ok(
      asked.length > 1 && asked.slice(1).every((numbers) => numbers.length === 1 && numbers[0] === iccid(1)),
    );
  });
});
