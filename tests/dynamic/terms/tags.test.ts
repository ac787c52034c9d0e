import assert from "node:assert/strict";
import { cards, iccid, PLAN, range, withFleet } from "../../harness/provider/providerFleet";
import type { FleetHarness } from "../../harness/provider/providerHarness";
import {
  assertQuiet,
  changesOf,
  deleteTag,
  dropped,
  landed,
  newTag,
  sentIn,
} from "../../harness/provider/providerTerms";

/** How the engine spells a value that is not known yet. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const plan = PLAN;
const forms = { range: { simRange: range(20), plan }, list: { sims: cards(20), plan } };
const fleetOf = (tagId?: number) => ({ ...forms.range, ...(tagId === undefined ? {} : { tagId }) });

/** Every one of the first SIMs bears these tags and no others. */
function assertTags({ emulator }: FleetHarness, tagIds: readonly number[], count = 20): void {
  for (const each of cards(count)) assert.deepEqual(emulator.sim(each).tagIds.toSorted(), tagIds, each);
}
const tagPaths = (writes: readonly { readonly path: string }[]) => writes.map(({ path }) => path);

describe("dynamic: a tag", () => {
  for (const [form, inputs] of Object.entries(forms)) {
    it(`${form}: comes with the claim, is put on adopted SIMs, changed and taken off, with nothing but that`, () =>
      withFleet({}, async (fleet) => {
        const { emulator } = fleet;
        const [blue, green] = [await newTag(emulator, "blue"), await newTag(emulator, "green")];
        emulator.activateByHand(cards(5, 10), { plan, zone: "global" });
        const create = (await fleet.up({ ...inputs, tagId: blue })).clean();
        assert.deepEqual(sentIn(create), ["bulkclaim 15", "link 5"]);
        assert.partialDeepStrictEqual(create.claims[0]?.body, { tagid: blue });
        assertTags(fleet, [blue]);
        await assertQuiet(fleet, { ...inputs, tagId: blue });

        const change = (await fleet.up({ ...inputs, tagId: green })).clean();
        assert.equal(change.changes, "update fleet");
        assert.partialDeepStrictEqual(change.preview(), { unchanged: 20, changePlan: 0, changeLimits: 0 });
        assert.deepEqual(tagPaths(change.writes), [
          ...[`/devices/tags/${green}/link`, `/devices/tags/${blue}/unlink`],
        ]);
        assert.deepEqual(changesOf(emulator, change, "link")[0]?.iccids, cards(20));
        assertTags(fleet, [green]);
        assert.partialDeepStrictEqual(fleet.outputs(), { tagId: green, iccids: cards(20), unfinished: [] });
        assert(change.lines.some(({ message }) => message === "changed the tag of 20 SIMs"));
        await assertQuiet(fleet, { ...inputs, tagId: green });

        const remove = (await fleet.up(inputs)).clean();
        assert.deepEqual(tagPaths(remove.writes), [`/devices/tags/${green}/unlink`]);
        assertTags(fleet, []);
        assert.equal(fleet.outputs().tagId, undefined);
        await assertQuiet(fleet, inputs);
      }));
  }

  it("of somebody else's stays where it is", () =>
    withFleet({}, async (fleet) => {
      const [mine, theirs, next] = await threeTags(fleet);
      fleet.emulator.activateByHand(cards(20), { plan, zone: "global", tagId: theirs });
      (await fleet.up(fleetOf(mine))).clean();
      (await fleet.up(fleetOf(next))).clean();
      assertTags(fleet, [theirs, next]);
      (await fleet.up(fleetOf())).clean();
      assertTags(fleet, [theirs]);
    }));

  it("changed together with the SIMs goes on what enters by the claim and on the rest by itself", () =>
    withFleet({}, async (fleet) => {
      const [blue, green] = await threeTags(fleet);
      (await fleet.up(fleetOf(blue))).clean();
      const up = (await fleet.up({ simRange: range(25), plan, tagId: green })).clean();
      assert.deepEqual(sentIn(up), ["bulkclaim 5", "link 20", "unlink 20"]);
      assertTags(fleet, [green], 25);
      await assertQuiet(fleet, { simRange: range(25), plan, tagId: green });
    }));

  it("stays on what leaves the fleet: no preview told of its end", () =>
    withFleet({}, async (fleet) => {
      const [blue] = await threeTags(fleet);
      (await fleet.up(fleetOf(blue))).clean();
      const shrunk = (await fleet.up({ simRange: range(5), plan, tagId: blue })).clean();
      const gone = (await fleet.destroy()).clean();
      assert.deepEqual([shrunk.writes, gone.writes], [[], []]);
      assertTags(fleet, [blue]);
    }));

  it("that a growth finds unchanged goes on what is new and nothing else", () =>
    withFleet({}, async (fleet) => {
      const [blue] = await threeTags(fleet);
      (await fleet.up(fleetOf(blue))).clean();
      fleet.emulator.activateByHand(cards(2, 20), { plan, zone: "global" });
      const up = (await fleet.up({ simRange: range(25), plan, tagId: blue })).clean();
      assert.deepEqual(sentIn(up), ["bulkclaim 3", "link 2"]);
      assertTags(fleet, [blue], 25);
    }));

  it("that is not known yet keeps the preview whole and without a request; its row is to change", () =>
    withFleet({}, async (fleet) => {
      const [blue] = await threeTags(fleet);
      (await fleet.up(fleetOf())).clean();
      const preview = (await fleet.preview({ ...fleetOf(), tagId: UNKNOWN })).clean();
      assert.partialDeepStrictEqual(preview.preview(), { unchanged: 20, simCount: 20, monthlyCost: 12 });
      assert.equal(preview.preview().unverified, undefined);
      assert.deepEqual([preview.requests, preview.changes], [[], "update fleet"]);
      (await fleet.up(fleetOf(blue))).clean();
      assertTags(fleet, [blue]);
    }));
});

describe("dynamic: a tag that is not there", () => {
  it("fails a create before anything is bought", () =>
    withFleet({}, async (fleet) => {
      const failed = await fleet.up(fleetOf(999));
      assert.match(failed.errors.join(), /^nothing was activated: .*"Tag 999 not found": 8944/);
      assert.deepEqual([fleet.emulator.ledger, fleet.resources], [[], []]);
    }));

  it("fails a change of it, which leaves the old one on", () =>
    withFleet({}, async (fleet) => {
      const [blue, green] = await threeTags(fleet);
      (await fleet.up(fleetOf(blue))).clean();
      const failed = await fleet.up(fleetOf(999));
      assert.deepEqual(tagPaths(failed.writes), ["/devices/tags/999/link"]);
      assert.match(
        failed.reasons.join("\n"),
        /\nnot tagged \(999\): Hologram refused .*"Tag not found".*: 8944/,
      );
      assertTags(fleet, [blue]);
      assert.partialDeepStrictEqual(fleet.outputs(), { tagId: blue, simCount: 20 });
      // Whatever the program says next.
      (await fleet.up(fleetOf(green))).clean();
      assertTags(fleet, [green]);
      assert.equal((await fleet.up(fleetOf(999))).succeeded, false);
      (await fleet.up(fleetOf(green))).clean();
      assertTags(fleet, [green]);
      await assertQuiet(fleet, fleetOf(green));
    }));

  it("does not stop the program from naming another after an adoption that failed for it", () =>
    withFleet({}, async (fleet) => {
      const [blue] = await threeTags(fleet);
      fleet.emulator.activateByHand(cards(20), { plan, zone: "global" });
      assert.match((await fleet.up(fleetOf(999))).reasons[0] ?? "", /^20 SIMs not done \(20 certain\)/);
      (await fleet.up(fleetOf(blue))).clean();
      assertTags(fleet, [blue]);
      await assertQuiet(fleet, fleetOf(blue));
    }));

  it("any more, because it was deleted, is off: it can be removed and replaced", () =>
    withFleet({}, async (fleet) => {
      const [blue, green] = await threeTags(fleet);
      (await fleet.up(fleetOf(blue))).clean();
      await deleteTag(fleet.emulator, blue);
      (await fleet.up(fleetOf(green))).clean();
      assertTags(fleet, [green]);
      await assertQuiet(fleet, fleetOf(green));
      await deleteTag(fleet.emulator, green);
      (await fleet.up(fleetOf())).clean();
      assertTags(fleet, []);
    }));
});

describe("dynamic: a tag whose answer is lost", () => {
  for (const [what, fault] of [...Object.entries(landed), ...Object.entries(dropped)]) {
    it(`${what}: is asked for once more, which does no harm`, () =>
      withFleet({}, async (fleet) => {
        const [blue, green] = await threeTags(fleet);
        (await fleet.up(fleetOf(blue))).clean();
        for (const kind of ["link", "unlink"]) {
          fleet.emulator.faults.add({ path: new RegExp(`^/devices/tags/\\d+/${kind}$`), nth: 1, fault });
        }
        const up = (await fleet.up(fleetOf(green))).clean();
        assert.deepEqual(sentIn(up), ["link 20", "link 20", "unlink 20", "unlink 20"]);
        assertTags(fleet, [green]);
        await assertQuiet(fleet, fleetOf(green));
      }));
  }

  for (const linksEndpoint of [true, false]) {
    it(`and lost again: ${linksEndpoint ? "not done as far as can be told" : "read from the devices"}`, () =>
      withFleet({ behaviour: { linksEndpoint, deviceTags: "objects" } }, async (fleet) => {
        const [blue] = await threeTags(fleet);
        (await fleet.up(fleetOf())).clean();
        const path = /^\/devices\/tags\/\d+\/link$/;
        fleet.emulator.faults.add({ path, nth: { from: 1, to: 2 }, fault: { kind: "drop", commit: true } });
        const up = await fleet.up(fleetOf(blue));
        assert.equal(up.succeeded, !linksEndpoint);
        if (linksEndpoint) {
          assert.match(
            up.reasons.join("\n"),
            /^20 SIMs not done\. .*\nnot tagged \(\d+\): Hologram may or may not/,
          );
          assert.deepEqual(sentIn((await fleet.up(fleetOf(blue))).clean()), ["link 20"]);
        }
        assertTags(fleet, [blue]);
        await assertQuiet(fleet, fleetOf(blue));
      }));
  }

  it("and that never landed is not done, and the next up puts it on", () =>
    withFleet({}, async (fleet) => {
      const [blue, green] = await threeTags(fleet);
      (await fleet.up(fleetOf(blue))).clean();
      const path = /^\/devices\/tags\/\d+\/unlink$/;
      fleet.emulator.faults.add({ path, nth: { from: 1, to: 2 }, fault: { kind: "drop", commit: false } });
      const failed = await fleet.up(fleetOf(green));
      assert.match(failed.reasons.join("\n"), /\nnot untagged \(\d+\): Hologram may or may not/);
      assertTags(fleet, [blue, green]);
      const next = (await fleet.up(fleetOf(green))).clean();
      assert.deepEqual(next.claims, []);
      assertTags(fleet, [green]);
      await assertQuiet(fleet, fleetOf(green));
    }));

  it("a SIM that left the organization since does not keep the others from their tag", () =>
    withFleet({}, async (fleet) => {
      const { emulator } = fleet;
      const [blue] = await threeTags(fleet);
      (await fleet.up(fleetOf())).clean();
      emulator.move(iccid(4), emulator.addOrganization({ name: "Others" }));
      // So soon after a claim a list may lag behind, and absence is no loss.
      const failed = await fleet.up(fleetOf(blue));
      assert.match(failed.reasons.join("\n"), /^20 SIMs not done\. /);
      await fleet.timeline.advance(601_000);
      const next = (await fleet.up(fleetOf(blue))).clean();
      assert.deepEqual(sentIn(next), ["link 19"]);
      assert.deepEqual(fleet.outputs().lost, [iccid(4)]);
      assert.deepEqual(emulator.sim(iccid(5)).tagIds, [blue]);
      await assertQuiet(fleet, fleetOf(blue));
    }));

  it("what a claim in doubt bought under the old tag gets the new one alone", () =>
    withFleet({}, async (fleet) => {
      const [blue, green] = await threeTags(fleet);
      const claim = { path: "/links/cellular/bulkclaim", preview: false, nth: 1 } as const;
      fleet.emulator.faults.add({ ...claim, fault: { kind: "lateCommit", milliseconds: 300_000 } });
      assert.equal((await fleet.up(fleetOf(blue))).succeeded, false);
      await fleet.timeline.advance(600_000);
      assertTags(fleet, [blue]);
      const up = (await fleet.up(fleetOf(green))).clean();
      assert.deepEqual(up.claims, []);
      assertTags(fleet, [green]);
      await assertQuiet(fleet, fleetOf(green));
    }));
});

async function threeTags({ emulator }: FleetHarness): Promise<[number, number, number]> {
  return [await newTag(emulator, "blue"), await newTag(emulator, "green"), await newTag(emulator, "red")];
}
