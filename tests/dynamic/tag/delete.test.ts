import assert from "node:assert/strict";
import { withTags } from "../../harness/provider/tagHarness";

const name = "cold-chain";
const request = { method: "DELETE", path: "/devices/tags" } as const;

describe("dynamic: delete of a tag", () => {
  it("deletes it, and says so", () =>
    withTags({}, async (tags) => {
      (await tags.up({ name })).clean();
      const { tagId } = tags.outputs();
      const report = (await tags.destroy()).clean();
      assert.deepEqual(
        report.writes.map(({ method, path, query }) => [method, path, query.orgid]),
        [["DELETE", `/devices/tags/${tagId}`, "12345"]],
      );
      assert.match(report.text, new RegExp(`^deleted tag ${tagId} "cold-chain"$`, "m"));
      assert.deepEqual([await tags.tags(), tags.resources], [[], []]);
    }));

  it("of a tag that is gone already is done", () =>
    withTags({}, async (tags) => {
      (await tags.up({ name })).clean();
      await tags.removeByHand(Number(tags.outputs().tagId));
      (await tags.destroy()).clean();
      assert.deepEqual(tags.resources, []);
    }));

  it("leaves a tag that was there before, without a request or a key, and says so", () =>
    withTags({}, async (tags) => {
      const there = await tags.addByHand(name);
      (await tags.up({ name })).clean();
      tags.environment.HOLOGRAM_API_KEY = undefined;
      const report = (await tags.destroy()).clean();
      assert.deepEqual(report.requests, []);
      assert.match(report.text, new RegExp(`^tag ${there} "cold-chain" stays: it was there before`, "m"));
      assert.deepEqual(
        (await tags.tags()).map(({ id }) => id),
        [there],
      );
    }));

  it("that refresh came before in the same process still deletes", () =>
    withTags({}, async (tags) => {
      (await tags.up({ name })).clean();
      (await tags.refresh()).clean();
      (await tags.destroy({ sameProcess: true })).clean();
      assert.deepEqual(await tags.tags(), []);
    }));

  it("without an answer looks whether the tag is gone", () =>
    withTags({}, async (tags) => {
      (await tags.up({ name })).clean();
      tags.emulator.faults.add({ ...request, nth: 1, fault: { kind: "drop", commit: false } });
      tags.emulator.faults.add({ ...request, fault: { kind: "drop", commit: true } });
      const failed = await tags.destroy();
      assert.match(
        failed.errors.join(),
        /^Hologram may or may not have .* The tag is still there; run the command again\.$/,
      );
      assert.equal(tags.resources.length, 1);
      (await tags.destroy()).clean();
      assert.deepEqual([await tags.tags(), tags.resources], [[], []]);
    }));

  it("with a key that does not see the organization changes nothing", () =>
    withTags({}, async (tags) => {
      (await tags.up({ name })).clean();
      const other = tags.emulator.addOrganization({ id: 777, name: "Others" });
      tags.emulator.addKey({ key: "key-of-others-9a7c", role: "admin", orgIds: [other] });
      tags.environment.HOLOGRAM_API_KEY = "key-of-others-9a7c";
      for (const report of [await tags.refresh(), await tags.destroy()]) {
        assert.match(
          report.errors.join(),
          /^the API key does not see organization 12345; it sees 777 \(Others\)/,
        );
        assert.deepEqual(
          report.requests.map(({ path }) => path),
          ["/organizations"],
        );
      }
      assert.equal((await tags.tags()).length, 1);
    }));
});
