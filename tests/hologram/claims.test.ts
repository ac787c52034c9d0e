import assert from "node:assert/strict";
import type { ClaimAnswer } from "../../provider/hologram";
import { clientOf, type Given, iccid, ORG, type Seen, withServer } from "./support";

const [A, B] = [iccid(1), iccid(2)];
const request = { orgId: ORG, target: { sims: [A, B] }, plan: 2096, zone: "global" };

async function claim(given: Given, requestTimeoutMs = 5_000): Promise<ClaimAnswer> {
  let answer: ClaimAnswer | undefined;
  await withServer(
    () => given,
    async (server) => {
      answer = await clientOf(server, { requestTimeoutMs }).claim(request);
      assert.ok(given.status === 429 || server.seen.length === 1, "a claim is sent once");
    },
  );
  assert.ok(answer !== undefined);
  return answer;
}

describe("claims", () => {
  it("send what is declared and nothing else", async () => {
    const seen: Seen[] = [];
    await withServer(
      (one) => {
        seen.push(one);
        return { body: { success: true, data: [] } };
      },
      async (server) => {
        const client = clientOf(server);
        await client.claim(request);
        await client.claim({
          ...request,
          target: { simRange: `${A}-${B}` },
          tagId: 7,
          overageLimit: 5,
          threshold: 4,
          smsLimit: -1,
          invalidatePreflightSims: false,
        });
        await client.claim({ ...request, target: { eidRange: "1-2" } });
      },
    );
    const terms = { orgid: ORG, plan: 2096, zone: "global" };
    assert.deepEqual(
      seen.map(({ body }) => body),
      [
        { ...terms, sims: [A, B] },
        {
          ...terms,
          simrange: `${A}-${B}`,
          tagid: 7,
          overage_limit: 5,
          threshold: 4,
          smslimit: -1,
          invalidatePreflightSims: false,
        },
        { ...terms, eidrange: "1-2" },
      ],
    );
    assert.ok(
      seen.every(
        ({ method, path, query }) =>
          method === "POST" && path === "/links/cellular/bulkclaim" && query.size === 0,
      ),
    );
  });

  it("come to the same in every documented edition", async () => {
    const sims = [
      { iccid: A, deviceId: 11, linkId: 21 },
      { iccid: B, deviceId: 12, linkId: 22 },
    ];
    const order = { salesTax: "0", shippingCost: "0" };
    const editions: [unknown, object][] = [
      [
        {
          data: [
            { Devices: 11, link: 21, sim: A },
            { Devices: 12, link: 22, sim: B },
          ],
          order_data: { sales_tax: 0, shipping_cost: 0 },
        },
        { order },
      ],
      [
        {
          data: [
            { simcardid: 1, device: 11, link: 21, sim: A },
            { simcardid: 2, device: 12, link: 22, sim: B },
          ],
          order_data: [{ sales_tax: 0, shipping_cost: 0 }],
        },
        { order },
      ],
      [
        {
          data: [
            { simcardid: "1", device: "11", link: "21", sim: A },
            { simcardid: "2", device: "12", link: "22", sim: B },
          ],
        },
        {},
      ],
      [
        {
          data: { "21": { device: 11, link: 21, sim: A }, "22": { device: 12, link: 22, sim: B } },
          order_data: null,
        },
        {},
      ],
      [
        {
          data: [
            { device: 11, link: 21, sim: A },
            { device: 12, link: 22, sim: B },
          ],
          order_data: { total_cost: 81.6 },
        },
        { order: { ...order, totalCost: "81.6" } },
      ],
    ];
    for (const [body, more] of editions) {
      assert.deepEqual(await claim({ body: { success: true, ...Object(body) } }), {
        kind: "claimed",
        sims,
        ...more,
      });
    }
  });

  it("sum the money of several orders exactly", async () => {
    const order_data = [
      { sales_tax: "0.10", shipping_cost: 0, total_cost: 0.1 },
      { sales_tax: 0.2, shipping_cost: null, total_cost: 0.2 },
    ];
    const answer = await claim({ body: { success: true, data: [], order_data } });
    assert.deepEqual(answer, {
      kind: "claimed",
      sims: [],
      order: { salesTax: "0.3", shippingCost: "0", totalCost: "0.3" },
    });
  });

  it("leave out items that do not say what was bought", async () => {
    const data = [
      { sim: A },
      { sim: A, device: 0, link: 5 },
      { device: 1, link: 2 },
      { sim: "17", device: 1, link: 2 },
      null,
      "x",
    ];
    assert.deepEqual(await claim({ body: { success: true, data } }), { kind: "claimed", sims: [] });
  });

  describe("are refused for single SIMs", () => {
    const map = { [A]: "SIM is already activated" };
    const reasons = new Map([[A, "SIM is already activated"]]);
    const cases: [string, Given, boolean][] = [
      ["with status 200", { body: { success: false, data: map } }, false],
      ["with status 400", { status: 400, body: { success: false, data: map } }, false],
      ["with status 403", { status: 403, body: { success: false, data: map } }, false],
      [
        "with lists of messages",
        { body: { success: false, data: { [A]: ["SIM is already activated"] } } },
        false,
      ],
      [
        "with message objects",
        { body: { success: false, data: { [A]: { message: "SIM is already activated" } } } },
        false,
      ],
      ["by a server that failed", { status: 500, body: { success: false, data: map } }, true],
      ["without saying it is a failure", { status: 400, body: { data: map } }, true],
      [
        "while others were bought",
        { body: { success: false, data: { ...map, [B]: { device: 1, link: 2 } } } },
        true,
      ],
    ];
    for (const [name, given, restDoubtful] of cases) {
      it(name, async () =>
        assert.deepEqual(await claim(given), { kind: "refusedSims", reasons, restDoubtful }),
      );
    }
  });

  describe("are refused as a whole", () => {
    const said = (error: string) => ({ success: false, error });
    const cases: [string, Given, string][] = [
      ["a refused key", { status: 401, body: "Unauthorized" }, "key"],
      ["a role too low", { status: 403, body: said("No permissions to perform operation") }, "role"],
      ["too little balance, in words", { body: said("Insufficient funds in account") }, "balance"],
      ["too little balance, by status", { status: 402, body: said("Payment required") }, "balance"],
      ["too many SIMs, in words", { status: 400, body: said("At most 2,500 SIMs per request") }, "tooLarge"],
      ["too many SIMs, by status", { status: 413, body: said("Nope") }, "tooLarge"],
      ["an error list", { status: 422, body: { errors: ["Too many SIMs"] } }, "tooLarge"],
      ["an unknown plan", { status: 400, body: said("Plan 25001 not found") }, "other"],
      [
        "a map of something else",
        { status: 400, body: { success: false, data: { plan: "is required" } } },
        "other",
      ],
    ];
    for (const [name, given, cause] of cases) {
      it(name, async () => {
        const answer = await claim(given);
        assert.ok(answer.kind === "refused", answer.kind);
        assert.equal(answer.cause, cause);
        assert.equal(answer.isRejected, (given.status ?? 200) >= 400);
        assert.notEqual(answer.message, "");
      });
    }
  });

  describe("are in doubt", () => {
    const cases: [string, Given][] = [
      ["without an answer", { how: "hang" }],
      ["when the connection drops", { how: "drop" }],
      ["when the answer breaks off", { how: "half", body: { success: true, data: [] } }],
      ["by an empty answer", { body: "" }],
      ["by half a JSON text", { body: '{"success":true,"da' }],
      ["by a web page", { body: "<html>Sign in</html>" }],
      ["when it does not say whether it is a success", { body: { data: [{ sim: A, device: 1, link: 2 }] } }],
      ["by an error that does not say success is false", { body: { error: "hm" } }],
      ["by a success without data", { body: { success: true } }],
      ["by a success with a message for a SIM", { body: { success: true, data: "done" } }],
      ["by a 4xx that cannot be read", { status: 400, body: "<html>Bad request</html>" }],
      ["by a 4xx that says it is a success", { status: 400, body: { success: true, data: [] } }],
      ["by a time-out of the server", { status: 408, body: { success: false, error: "Timeout" } }],
      ["by a redirect", { status: 302, body: { success: false, error: "Moved" } }],
      ["by a failing server", { status: 500, body: { success: false, error: "Internal error" } }],
      [
        "by a failing server that speaks of a rate limit",
        { status: 503, body: { success: false, error: "API rate limit exceeded" } },
      ],
      ["by a failing gateway", { status: 504, body: "<html>Gateway Timeout</html>" }],
    ];
    for (const [name, given] of cases) {
      it(name, async () => {
        const answer = await claim(given, 80);
        assert.equal(answer.kind, "doubtful", JSON.stringify(answer));
      });
    }
  });
});
