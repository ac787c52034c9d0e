import assert from "node:assert/strict";
import { withTags } from "../../harness/provider/tagHarness";

const name = "cold-chain";

describe("dynamic: changes of a tag", () => {
  it("another name makes a new tag first and deletes the old one last", () =>
    withTags({}, async (tags) => {
      (await tags.up({ name })).clean();
      const { tagId } = tags.outputs();
      const report = (await tags.up({ name: "frozen" })).clean();
      assert.equal(report.changes, "replace fleet, delete fleet");
      assert.deepEqual(
        report.writes.map(({ method, path }) => `${method} ${path}`),
        ["POST /devices/tags", `DELETE /devices/tags/${tagId}`],
      );
      assert.deepEqual(
        (await tags.tags()).map((tag) => tag.name),
        ["frozen"],
      );
      assert.notEqual(tags.outputs().tagId, tagId);
    }));

  it("another organization does so too", () => {
    const organizations = [{ id: 4711 }, { id: 4712 }];
    const keys = [{ key: "key-of-both-2f1d", role: "admin", orgIds: [4711, 4712] }] as const;
    return withTags({ account: { organizations, keys } }, async (tags) => {
      (await tags.up({ name, orgId: 4711 })).clean();
      const report = (await tags.up({ name, orgId: 4712 })).clean();
      assert.equal(report.changes, "replace fleet, delete fleet");
      assert.deepEqual(
        report.writes.map(({ method, query }) => `${method} ${query.orgid}`),
        ["POST 4712", "DELETE 4711"],
      );
    });
  });

  it("spaces around the name, or the organization written out, are no change", () =>
    withTags({}, async (tags) => {
      (await tags.up({ name })).clean();
      assert.equal((await tags.up({ name: `${name} `, orgId: tags.emulator.orgId })).clean().changes, "");
    }));

  it("a name that is not known yet may be another one: the preview shows a replacement", () =>
    withTags({}, async (tags) => {
      (await tags.up({ name })).clean();
      const preview = await tags.preview({ name: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" });
      assert.equal(preview.clean().changes, "replace fleet");
    }));

  it("a rename of the resource and a replace by hand keep the tag", () =>
    withTags({}, async (tags) => {
      (await tags.upProgram({ old: { name } })).clean();
      const { tagId } = tags.outputs("old");
      const renamed = (await tags.upProgram({ renamed: { name } })).clean();
      assert.equal(renamed.changes, "create renamed, delete old");
      assert.match(
        renamed.text,
        new RegExp(`^tag ${tagId} "cold-chain" stays: the program declares it$`, "m"),
      );
      const replaced = (await tags.upProgram({ renamed: { name } }, { replace: ["renamed"] })).clean();
      assert.equal(replaced.changes, "replace renamed, delete renamed");
      assert.deepEqual([renamed.writes, replaced.writes], [[], []]);
      assert.equal(tags.outputs("renamed").tagId, tagId);
    }));

  it("a replace by hand leaves a tag its own: destroy deletes it", () =>
    withTags({}, async (tags) => {
      (await tags.up({ name })).clean();
      (await tags.up({ name }, { replace: ["fleet"] })).clean();
      assert.partialDeepStrictEqual(tags.outputs(), { __adopted: false });
      (await tags.destroy()).clean();
      assert.deepEqual(await tags.tags(), []);
    }));

  it("two resources that exchange their names exchange their tags", () =>
    withTags({}, async (tags) => {
      (await tags.upProgram({ a: { name: "one" }, b: { name: "two" } })).clean();
      const [one, two] = [tags.outputs("a").tagId, tags.outputs("b").tagId];
      tags.emulator.clearRequests();
      (await tags.upProgram({ a: { name: "two" }, b: { name: "one" } })).clean();
      assert.deepEqual([tags.outputs("a").tagId, tags.outputs("b").tagId], [two, one]);
      assert.deepEqual(tags.emulator.writes(), []);
    }));

  it("a resource that leaves the program takes its tag along, and no other", () =>
    withTags({}, async (tags) => {
      (await tags.upProgram({ a: { name: "one" }, b: { name: "two" } })).clean();
      (await tags.upProgram({ b: { name: "two" } })).clean();
      assert.deepEqual(
        (await tags.tags()).map((tag) => tag.name),
        ["two"],
      );
    }));
});
