/** A tag as a resource, through its whole life with the fleet that bears it. */
import assert from "node:assert/strict";
import { forEachEngine } from "../harness/engine/engines";
import { cards, ORG, PLAN, range } from "../harness/engine/fleetStack";
import { withProgram } from "../harness/engine/programStack";
import { listTags } from "../harness/provider/tagHarness";
import { assertNothingWrong, opsOf, previewOf, succeeded } from "./asserts";

forEachEngine(
  "a tag and its fleet",
  (engine) => {
    it("live together: preview, up, another name, a tag that somebody deleted, another resource name, destroy", () =>
      withProgram(engine, { program: "taggedFleet", sims: 20 }, async ({ fleets, declare }) => {
        const { emulator } = fleets;
        const fleet = { plan: PLAN, simRange: range(0, 12) };
        const bearers = async (): Promise<(readonly [string, number])[]> =>
          (await listTags(emulator)).map(({ name, deviceids }) => [name, deviceids.length]);

        declare({ tag: { name: "cold-chain" }, fleet });
        const preview = succeeded(await fleets.preview());
        assert.deepEqual(preview.writes, []);
        assert.partialDeepStrictEqual(previewOf(preview), { activate: 12, simCount: 12, dueNow: 7.2 });
        assert.ok(!("unverified" in previewOf(preview)));
        assert.match(preview.text, /creates tag "cold-chain" in organization 12345/);

        const up = succeeded(await fleets.up());
        const { tagId } = up.outputs;
        assert.deepEqual(
          [up.outputs.name, up.outputs.orgId, up.outputs.fleetTag],
          ["cold-chain", ORG, tagId],
        );
        assert.deepEqual(await bearers(), [["cold-chain", 12]]);
        for (const iccid of cards(0, 12)) assert.deepEqual(emulator.sim(iccid).tagIds, [tagId]);
        assert.deepEqual(succeeded(await fleets.up({ preview: true })).requests, []);

        declare({ tag: { name: "frozen" }, fleet });
        const renaming = succeeded(await fleets.preview());
        assert.ok(opsOf(renaming, "tag").includes("replace"));
        assert.deepEqual(opsOf(renaming, "fleet"), ["update"]);
        assert.partialDeepStrictEqual(previewOf(renaming), { activate: 0, unchanged: 12, simCount: 12 });
        assert.ok(!("unverified" in previewOf(renaming)));
        const renamed = succeeded(await fleets.up());
        assert.notEqual(renamed.outputs.tagId, tagId);
        assert.deepEqual(await bearers(), [["frozen", 12]]);
        assert.deepEqual(
          renamed.writes.map(({ method, path }) => `${method} ${path}`),
          [
            "POST /devices/tags",
            `POST /devices/tags/${renamed.outputs.tagId}/link`,
            `POST /devices/tags/${tagId}/unlink`,
            `DELETE /devices/tags/${tagId}`,
          ],
        );

        await removeByHand(emulator.url, emulator.apiKey, Number(renamed.outputs.tagId));
        const refreshed = succeeded(await fleets.refresh());
        assert.match(refreshed.text, /tag \d+ "frozen" is gone; the next `pulumi up` creates it again/);
        const healed = succeeded(await fleets.up());
        assert.deepEqual(opsOf(healed, "tag"), ["create"]);
        assert.deepEqual(await bearers(), [["frozen", 12]]);

        declare({ resource: "renamed", tag: { name: "frozen" }, fleet });
        const moved = succeeded(await fleets.up());
        assert.deepEqual(moved.writes, []);
        assert.match(moved.text, /tag \d+ "frozen" stays: the program declares it/);

        // Taken over by a resource of another name, so that it stays.
        succeeded(await fleets.destroy());
        assert.deepEqual(await bearers(), [["frozen", 12]]);
        assertNothingWrong(fleets, 12);
      }));

    it("go together: destroy deletes the tag that up created", () =>
      withProgram(engine, { program: "taggedFleet", sims: 5 }, async ({ fleets, declare }) => {
        declare({ tag: { name: "cold-chain" }, fleet: { plan: PLAN, simRange: range(0, 5) } });
        succeeded(await fleets.up());
        const destroyed = succeeded(await fleets.destroy());
        assert.deepEqual(
          destroyed.writes.map(({ method }) => method),
          ["DELETE"],
        );
        assert.deepEqual(await listTags(fleets.emulator), []);
        assert.deepEqual(
          (await fleets.stack.export()).resources.filter(({ custom }) => custom),
          [],
        );
      }));
  },
  { shortForm: "none" },
);

async function removeByHand(url: string, apiKey: string, tagId: number): Promise<void> {
  const authorization = `Basic ${Buffer.from(`apikey:${apiKey}`).toString("base64")}`;
  const reply = await fetch(`${url}/devices/tags/${tagId}`, { method: "DELETE", headers: { authorization } });
  assert.equal(reply.status, 200);
}
