import assert from "node:assert/strict";
import {
  ApiError,
  type PreviewAnswer,
  UnreachableError,
  UnreadableAnswerError,
} from "../../provider/hologram";
import { clientOf, failureOf, type Given, iccid, ORG, withServer } from "./support";

const [A, B] = [iccid(1), iccid(2)];

async function preview(given: Given): Promise<{ answer: PreviewAnswer; sent: number }> {
  let result: { answer: PreviewAnswer; sent: number } | undefined;
  await withServer(
    () => given,
    async (server) => {
      const answer = await clientOf(server).previewClaim(ORG, { sims: [A, B] });
      result = { answer, sent: server.seen.length };
    },
  );
  assert.ok(result !== undefined);
  return result;
}

describe("preview of a claim", () => {
  it("carries no plan and no zone, so that it cannot buy anything", () =>
    withServer(
      () => ({ body: { success: true, data: [] } }),
      async (server) => {
        const client = clientOf(server);
        await client.previewClaim(ORG, { sims: [A] });
        await client.previewClaim(ORG, { simRange: `${A}-${B}` });
        await client.previewClaim(ORG, { eidRange: "1-2" });
        const common = { orgid: ORG, invalidatePreflightSims: true };
        assert.deepEqual(
          server.seen.map(({ body }) => body),
          [
            { ...common, sims: [A] },
            { ...common, simrange: `${A}-${B}` },
            { ...common, eidrange: "1-2" },
          ],
        );
        for (const { method, path, query } of server.seen) {
          assert.equal(`${method} ${path}?${query}`, "POST /links/cellular/bulkclaim?preview=true");
        }
      },
    ));

  it("names the SIMs where the answer does", async () => {
    for (const data of [
      [{ sim: A }, { sim: B, device: 0, link: null }],
      [A, B],
      { a: { sim: A }, b: { sim: B } },
    ]) {
      const { answer } = await preview({ body: { success: true, data } });
      assert.deepEqual(answer, { kind: "claimable", iccids: [A, B] });
    }
  });

  it("names none where the answer does not, and tells the cost", async () => {
    const order = { salesTax: "0", shippingCost: "0", totalCost: "52.8" };
    for (const data of [undefined, null, {}]) {
      const { answer } = await preview({ body: { success: true, data, order_data: { total_cost: 52.8 } } });
      assert.deepEqual(answer, { kind: "claimable", order });
    }
    const { answer } = await preview({ body: { success: true, data: [], order_data: { total_cost: 52.8 } } });
    assert.deepEqual(answer, { kind: "claimable", iccids: [], order });
    const counted = { order_data: { total_cost: 52.8, quantity: 88 } };
    const { answer: count } = await preview({ body: { success: true, data: [], ...counted } });
    assert.deepEqual(count, { kind: "claimable", order: { ...order, quantity: 88 } });
  });

  it("names the SIMs that cannot be claimed, with any status, and asks once", async () => {
    for (const status of [200, 400, 403, 500]) {
      const { answer, sent } = await preview({
        status,
        body: { success: false, data: { [A]: "SIM not found" } },
      });
      assert.deepEqual(answer, { kind: "refusedSims", reasons: new Map([[A, "SIM not found"]]) });
      assert.equal(sent, 1);
    }
  });

  it("tells refusals of the whole request", async () => {
    const { answer } = await preview({ status: 400, body: { success: false, error: "Too many SIMs" } });
    assert.deepEqual(answer, {
      kind: "refused",
      cause: "tooLarge",
      isRejected: true,
      message: "Too many SIMs",
    });
  });

  it("raises the alarm when the answer looks like a purchase, with any status", async () => {
    for (const item of [
      { sim: A, device: 5 },
      { sim: A, link: "6" },
      { sim: A, Devices: 5, link: 6 },
    ]) {
      for (const status of [200, 400, 500]) {
        const { answer, sent } = await preview({
          status,
          body: { success: status === 200, data: [item, { sim: B }] },
        });
        assert.deepEqual(answer, { kind: "looksLikePurchase", iccids: [A] });
        assert.equal(sent, 1);
      }
    }
    const { answer } = await preview({
      body: { success: false, data: { [A]: { sim: A, device: 5, link: 6 }, [B]: { sim: B } } },
    });
    assert.equal(answer.kind, "looksLikePurchase");
  });

  it("is repeated like a read, and fails like one", async () => {
    const kinds: [Given, new (...args: never[]) => Error, number][] = [
      [{ status: 503, body: "busy" }, ApiError, 4],
      [{ how: "drop" }, UnreachableError, 4],
      [{ body: "<p>Sign in</p>" }, UnreadableAnswerError, 1],
      [{ body: { data: [] } }, UnreadableAnswerError, 1],
      [{ status: 400, body: "<p>Bad request</p>" }, ApiError, 1],
    ];
    for (const [given, kind, sent] of kinds) {
      await withServer(
        () => given,
        async (server) => {
          const error = await failureOf(clientOf(server).previewClaim(ORG, { sims: [A] }));
          assert.ok(error instanceof kind, error.message);
          assert.equal(server.seen.length, sent);
        },
      );
    }
  });
});
