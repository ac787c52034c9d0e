/** Nothing that changes an account gets past the connections that `doctor` uses, even if the client sent it. */
import assert from "node:assert/strict";
import { Agent } from "undici";
import { watch } from "../../../provider/cli/doctor/watch";
import { Hologram } from "../../../provider/hologram/client";
import { startEmulator } from "../../../provider/testing/emulator";
import { account, card, KEY, ORG, PLAN } from "../../harness/engine/fleetStack";

describe("doctor's connections", () => {
  it("refuse every request that is no question", async () => {
    const emulator = await startEmulator({ account });
    try {
      emulator.addPack({ first: card(0), count: 2, step: 10 });
      const { dispatcher, answers } = watch(new Agent(), new URL(emulator.url).pathname, Date.now);
      const client = new Hologram({ apiKey: KEY, baseUrl: emulator.url, dispatcher });
      const refused = /was not sent/;
      const claim = await client.claim({
        orgId: ORG,
        target: { sims: [card(0)] },
        plan: PLAN,
        zone: "global",
      });
      assert.ok(claim.kind === "doubtful" && refused.test(claim.message));
      await assert.rejects(client.setState(ORG, [1], "pause"), refused);
      await assert.rejects(client.createTag(ORG, "x"), refused);
      await assert.rejects(client.deleteTag(ORG, 1), refused);
      assert.deepEqual(emulator.requests, []);
      await client.organizations();
      const preview = await client.previewClaim(ORG, { sims: [card(0)] });
      assert.equal(preview.kind, "claimable");
      assert.deepEqual(
        answers.map(({ method, path, status }) => [method, path, status]),
        [
          ["GET", "/organizations", 200],
          ["POST", "/links/cellular/bulkclaim?preview=true", 200],
        ],
      );
      assert.ok(answers.every(({ headers, text }) => headers.date !== undefined && JSON.parse(text).success));
    } finally {
      await emulator.close();
    }
  });
});
