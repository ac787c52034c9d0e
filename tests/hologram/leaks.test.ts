import assert from "node:assert/strict";
import { inspect } from "node:util";
import { Dispatcher } from "undici";
import { all, clientOf, failureOf, type Given, iccid, KEY, ORG, ok, withServer } from "./support";

const BASIC = Buffer.from(`apikey:${KEY}`).toString("base64");
const FORMS = [KEY, encodeURIComponent(KEY), BASIC, encodeURIComponent(BASIC)];

/** Everything that can be seen of a value. */
function everythingOf(value: unknown): string {
  const parts = [
    inspect(value, { depth: Infinity, showHidden: true, getters: true }),
    String(value),
    JSON.stringify(value) ?? "",
  ];
  if (value instanceof Error) parts.push(value.stack ?? "", value.message, everythingOf(value.cause));
  return parts.join("\n");
}

describe("secrets", () => {
  it("do not show in the client", () =>
    withServer(
      () => ok([]),
      async (server) => {
        const client = clientOf(server, { apiKey: KEY });
        await client.organizations();
        const shown = everythingOf(client);
        for (const form of FORMS) assert.ok(!shown.includes(form));
        assert.equal(inspect(client), "Hologram {}");
      },
    ));

  it("do not show in errors and answers, whatever the server echoes", async () => {
    const echo = FORMS.join(" and ");
    const answers: Given[] = [
      { status: 401, body: { success: false, error: echo } },
      { status: 403, body: { success: false, errors: [echo] } },
      { status: 400, body: echo },
      { status: 404, body: { success: false, data: { 17: echo } } },
      { status: 500, body: `<html>${echo}</html>` },
      { status: 200, body: { success: false, error: echo } },
      { status: 200, body: echo },
      { status: 429, body: echo },
      {
        status: 302,
        body: "",
        headers: { location: `https://apikey:${encodeURIComponent(KEY)}@elsewhere.invalid/` },
      },
      { status: 400, body: { success: false, data: { [iccid(1)]: echo } } },
      ok({ warnings: [{ deviceid: 1, message: echo }, echo], devices_modified: [] }),
      { how: "drop" },
      { how: "hang" },
    ];
    for (const given of answers) {
      await withServer(
        () => given,
        async (server) => {
          const client = clientOf(server, { requestTimeoutMs: 50 });
          const outcomes: unknown[] = [
            await client.organizations().catch((error: unknown) => error),
            await client.setState(ORG, [1], "pause").catch((error: unknown) => error),
            await client.claim({ orgId: ORG, target: { sims: [iccid(1)] }, plan: 1, zone: "global" }),
            await client.previewClaim(ORG, { sims: [iccid(1)] }).catch((error: unknown) => error),
          ];
          for (const outcome of outcomes) {
            const shown = everythingOf(outcome);
            for (const form of FORMS) assert.ok(!shown.includes(form), shown);
          }
        },
      );
    }
  });

  it("do not show when nothing can be reached", async () => {
    const error = await failureOf(clientOf({ url: "http://127.0.0.1:1/api/1" }).organizations());
    for (const form of FORMS) assert.ok(!everythingOf(error).includes(form));
  });

  it("do not show in what the connection says", async () => {
    class Talkative extends Dispatcher {
      override dispatch(): boolean {
        throw new Error(`cannot send ${FORMS.join(" or ")}`);
      }
    }
    const client = clientOf({ url: "https://hologram.invalid/api/1" }, { dispatcher: new Talkative() });
    const outcomes = [
      await failureOf(client.organizations()),
      await failureOf(client.setState(ORG, [1], "pause")),
      await client.claim({ orgId: ORG, target: { sims: [iccid(1)] }, plan: 1, zone: "global" }),
    ];
    for (const outcome of outcomes) {
      const shown = everythingOf(outcome);
      assert.match(shown, /cannot send \[redacted\]/);
      for (const form of FORMS) assert.ok(!shown.includes(form), shown);
    }
  });

  it("of SIMs are dropped from every listing", async () => {
    const secrets = { pin: "PIN-SECRET", puk: "PUK-SECRET", priv_ip_address: "10.66.66.66" };
    const link = { id: 1, sim: iccid(1), deviceid: 9, state: "LIVE", ...secrets };
    const device = { id: 9, name: "d", ...secrets, links: { cellular: [link] } };
    await withServer(
      ({ path, query }) =>
        path === "/devices"
          ? ok([device])
          : query.has("sims")
            ? ok([link])
            : { status: 404, body: { error: "gone" } },
      async (server) => {
        const client = clientOf(server);
        const found = [
          ...(await all(client.simsByIccid(ORG, [iccid(1)]))),
          ...(await all(client.simsOf(ORG))),
        ];
        assert.equal(found.length, 2);
        assert.doesNotMatch(everythingOf(found), /SECRET|10\.66/);
      },
    );
  });
});
