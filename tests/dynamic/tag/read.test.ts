import assert from "node:assert/strict";
import { cross } from "../../harness/provider/providerBoundary";
import { withTags } from "../../harness/provider/tagHarness";

const name = "cold-chain";

describe("dynamic: read of a tag", () => {
  it("right after an up shows nothing", () =>
    withTags({}, async (tags) => {
      (await tags.up({ name })).clean();
      const before = structuredClone(tags.outputs());
      const report = (await tags.refresh()).clean();
      assert.deepEqual([report.changes, report.writes, tags.outputs()], ["", [], before]);
    }));

  it("of a tag that is gone drops the resource, and warns", () =>
    withTags({}, async (tags) => {
      (await tags.up({ name })).clean();
      const { tagId } = tags.outputs();
      await tags.removeByHand(Number(tagId));
      const from = tags.emulator.requests.length;
      const found = await tags.newProcess().read(String(tagId), cross(tags.outputs()));
      assert.deepEqual(found, { id: "", props: {} });
      assert.ok(tags.emulator.requests.slice(from).every(({ method }) => method === "GET"));
    }));

  it("shows another name as drift, and the next up makes the declared one again", () =>
    withTags({}, async (tags) => {
      (await tags.up({ name })).clean();
      const { tagId } = tags.outputs();
      // Nothing in the API renames a tag, so that the record is changed instead.
      const resource = tags.find();
      assert(resource);
      const declared = { name: "renamed-since" };
      Object.assign(resource, {
        inputs: { ...resource.inputs, ...declared },
        outputs: { ...resource.outputs, ...declared },
      });
      const refreshed = (await tags.refresh()).clean();
      assert.equal(refreshed.changes, "update fleet");
      assert.partialDeepStrictEqual(tags.outputs(), { name, tagId });
      assert.partialDeepStrictEqual(tags.find()?.inputs, { name, orgId: 12345 });
      const preview = (await tags.preview(declared)).clean();
      assert.equal(preview.changes, "replace fleet");
    }));

  it("without a record says that tags are not imported", () =>
    withTags({}, async (tags) => {
      const process = tags.newProcess();
      await assert.rejects(process.read("5001", {}), {
        message:
          /^state holds no DeviceTag to work on\. Dynamic resources cannot be imported: declare the tag/,
      });
      assert.deepEqual(tags.emulator.requests, []);
    }));
});
