import assert from "node:assert/strict";
import type { Fault } from "../../../provider/testing/emulator";
import { urnOf } from "../../harness/provider/providerHarness";
import { withTags } from "../../harness/provider/tagHarness";

const name = "cold-chain";
const ORG = 12345;
const post = { method: "POST", path: "/devices/tags" } as const;

describe("dynamic: a tag is created", () => {
  for (const tagLists of ["tags", "array"] as const) {
    it(`once, with its id as output, where lists stand ${tagLists === "tags" ? "under tags" : "in data"}`, () =>
      withTags({ behaviour: { tagLists } }, async (tags) => {
        const report = (await tags.up({ name })).clean();
        const [tag] = await tags.tags();
        assert.equal((await tags.tags()).length, 1);
        assert.equal(tag?.name, name);
        assert.partialDeepStrictEqual(tags.outputs(), { tagId: tag?.id, name, orgId: ORG, __adopted: false });
        assert.equal(tags.find()?.id, String(tag?.id));
        assert.equal(report.changes, "create fleet");
        assert.deepEqual(
          report.writes.map(({ method, path, query, body }) => [method, path, query.orgid, body]),
          [["POST", "/devices/tags", String(ORG), { name }]],
        );
        assert.match(report.text, /^creates tag "cold-chain" in organization 12345$/m);
        assert.match(report.text, new RegExp(`^created tag ${tag?.id} "cold-chain"$`, "m"));
      }));
  }

  it("not at all where one of that name is there: it is taken over, and the preview says so", () =>
    withTags({}, async (tags) => {
      const there = await tags.addByHand(name);
      await tags.addByHand("Cold-Chain");
      const preview = (await tags.preview({ name })).clean();
      assert.match(
        preview.text,
        new RegExp(`^takes over tag ${there} "cold-chain", which exists already$`, "m"),
      );
      const report = (await tags.up({ name: " cold-chain " })).clean();
      assert.deepEqual(report.writes, []);
      assert.partialDeepStrictEqual(tags.outputs(), { tagId: there, name, __adopted: true });
    }));

  it("of several of that name the oldest is taken over, with a warning", () =>
    withTags({}, async (tags) => {
      const [oldest, other] = [await tags.addByHand(name), await tags.addByHand(name)];
      const report = (await tags.up({ name })).clean();
      assert.partialDeepStrictEqual(tags.outputs(), { tagId: oldest });
      const warning = report.lines.find(({ severity }) => severity === "warning");
      assert.equal(
        warning?.message,
        `2 tags have the name "cold-chain" (${oldest}, ${other}); ${oldest}, the oldest, is used`,
      );
    }));

  it("once, where two resources of one program declare it at the same time", () =>
    withTags({}, async (tags) => {
      const provider = tags.newProcess();
      const names = [name, name, "other"];
      const made = await Promise.all(
        names.map((each) => provider.create({ name: each, __urn: urnOf(each) })),
      );
      assert.equal(made[0]?.id, made[1]?.id);
      assert.deepEqual((await tags.tags()).map((tag) => tag.name).sort(), [name, "other"]);
      assert.equal(tags.emulator.writes().length, 2);
      // What the one of them made is no tag that was there before.
      for (const { outs } of made) assert.equal(outs.__adopted, false);
    }));

  const made: Readonly<Record<string, Fault>> = {
    "a dropped connection": { kind: "drop", commit: true },
    "half a body": { kind: "halfBody", commit: true },
    "status 502": { kind: "status", status: 502, commit: true },
    "an empty answer": { kind: "empty", commit: true },
    "a tag that comes ten seconds later": { kind: "lateCommit", milliseconds: 10_000 },
  };
  for (const [what, fault] of Object.entries(made)) {
    it(`once, and read back, after ${what}`, () =>
      withTags({}, async (tags) => {
        tags.emulator.faults.add({ ...post, fault });
        const report = (await tags.up({ name })).clean();
        const [tag, ...others] = await tags.tags();
        assert.deepEqual(others, []);
        assert.equal(report.writes.length, 1);
        assert.partialDeepStrictEqual(tags.outputs(), { tagId: tag?.id, __adopted: false });
      }));
  }

  it("or not: in doubt it is never asked for twice, and the next up takes over what came late", () =>
    withTags({}, async (tags) => {
      tags.emulator.faults.add({ ...post, nth: 1, fault: { kind: "lateCommit", milliseconds: 60_000 } });
      const begun = tags.timeline.now;
      const failed = await tags.up({ name });
      assert.match(
        failed.errors.join(),
        /^Hologram may or may not have carried out POST \/devices\/tags: .* Tag "cold-chain" was not there within half a minute\. Run `pulumi up` again/,
      );
      assert.equal(failed.writes.length, 1);
      assert.equal(tags.timeline.now - begun, 30_000);
      assert.deepEqual(tags.resources, []);

      await tags.timeline.advance(60_000);
      await tags.emulator.idle();
      const report = (await tags.up({ name })).clean();
      assert.deepEqual(report.writes, []);
      assert.equal((await tags.tags()).length, 1);
      assert.partialDeepStrictEqual(tags.outputs(), { tagId: (await tags.tags())[0]?.id, __adopted: true });
    }));

  it("or refused: the server's words, without the key, and nothing in state", () =>
    withTags({}, async (tags) => {
      const apiKey = tags.environment.HOLOGRAM_API_KEY ?? "";
      tags.emulator.faults.add({
        ...post,
        fault: { kind: "status", status: 400, body: { success: false, error: `no tags for ${apiKey} left` } },
      });
      const failed = await tags.up({ name });
      assert.deepEqual(failed.errors, [
        'Hologram refused POST /devices/tags with status 400: "no tags for [redacted] left".',
      ]);
      assert.deepEqual(tags.resources, []);
      assert.ok(!failed.text.includes(apiKey));
    }));
});
