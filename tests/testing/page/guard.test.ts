/** The page has buttons: no other site presses them, none reads what it says, and nothing in it is markup of others. */
import assert from "node:assert/strict";
import { hiddenFields, type Visitor, visit } from "./visitor";

const SIMS = { packs: [{ first: "89445001021983048260", count: 3, step: 10 }] };
const account = {
  organizations: [{ id: 12345, name: "Emulated" }],
  keys: [{ key: "a-key", role: "admin" as const, orgIds: [12345] }],
  plans: [{ id: 2096, name: "Global Flat", zones: { global: "0.600000" } }],
  ...SIMS,
};

/** What would arm a fault, if it got through. */
const FAULT = { target: "claim", often: "next", mishap: "drop-after", back: "/faults" };

async function tokenOf(visitor: Visitor): Promise<string> {
  const { token } = hiddenFields((await visitor.get("/faults")).html, "fault");
  assert.ok(token !== undefined && token.length >= 32);
  return token;
}

describe("the guard of the page", () => {
  it(
    "takes a form with the token, from the page itself",
    visit(
      async (visitor) => {
        const sent = await visitor.send(
          "fault",
          { ...FAULT, token: await tokenOf(visitor) },
          { origin: visitor.origin },
        );
        assert.equal(sent.status, 303);
        assert.equal(visitor.emulator.faults.list().length, 1);
      },
      { account },
    ),
  );

  it(
    "takes no form from another site, with or without the token",
    visit(
      async (visitor) => {
        const token = await tokenOf(visitor);
        for (const headers of [
          { origin: "http://evil.example" },
          { origin: "null" },
          { origin: `http://127.0.0.1:${visitor.emulator.port + 1}` },
          { origin: `https://127.0.0.1:${visitor.emulator.port}` },
          { origin: visitor.origin, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" },
          { "sec-fetch-site": "same-site", "sec-fetch-mode": "navigate" },
        ]) {
          const sent = await visitor.send("fault", { ...FAULT, token }, headers);
          assert.equal(sent.status, 403, JSON.stringify(headers));
        }
        assert.deepEqual(visitor.emulator.faults.list(), []);
      },
      { account },
    ),
  );

  it(
    "takes no form without the token of this process",
    visit(
      async (visitor) => {
        const token = await tokenOf(visitor);
        for (const wrong of ["", "x", `${token}x`, token.toLowerCase()]) {
          const sent = await visitor.send("fault", { ...FAULT, token: wrong }, { origin: visitor.origin });
          assert.equal(sent.status, 403);
          assert.match(sent.html, /^Nothing was done: .* Open the page again\.$/);
        }
        assert.deepEqual(visitor.emulator.faults.list(), []);
      },
      { account },
    ),
  );

  it(
    "answers no foreign name that points to this machine",
    visit(
      async (visitor) => {
        for (const host of [
          "evil.example",
          `evil.example:${visitor.emulator.port}`,
          "127.0.0.1.evil.example",
        ]) {
          for (const path of ["/", "/events", "/assets/page.css"]) {
            assert.equal((await visitor.get(path, { host })).status, 403, `${host}${path}`);
          }
        }
        const host = `localhost:${visitor.emulator.port}`;
        assert.equal((await visitor.get("/", { host })).status, 200);
      },
      { account },
    ),
  );

  it(
    "may be linked to from elsewhere, and is neither fetched nor framed there",
    visit(
      async (visitor) => {
        const site = { "sec-fetch-site": "cross-site" };
        assert.equal((await visitor.get("/", { ...site, "sec-fetch-mode": "navigate" })).status, 200);
        assert.equal((await visitor.get("/", { ...site, "sec-fetch-mode": "no-cors" })).status, 403);
        assert.equal((await visitor.get("/events", { ...site, "sec-fetch-mode": "cors" })).status, 403);
        const { headers } = await visitor.get("/");
        assert.equal(headers["x-frame-options"], "DENY");
        assert.equal(headers["access-control-allow-origin"], undefined);
      },
      { account },
    ),
  );

  it(
    "lets nothing but its own files do anything in the browser",
    visit(
      async (visitor) => {
        for (const path of ["/", "/sims", "/faults", "/nowhere", "/assets/live.js", "/do/nothing"]) {
          const { headers } = await visitor.get(path);
          const policy = String(headers["content-security-policy"]);
          assert.match(policy, /default-src 'none'/, path);
          assert.match(policy, /script-src 'self'/, path);
          assert.doesNotMatch(policy, /unsafe|https?:|\*|data:/, path);
        }
        const { html } = await visitor.get("/");
        assert.doesNotMatch(html, /<script>|<style| style=| on[a-z]+=|(src|href)="(https?:)?\/\//);
      },
      { account },
    ),
  );

  it(
    "leads back to its own pages alone",
    visit(
      async (visitor) => {
        const token = await tokenOf(visitor);
        const backs = [
          "https://evil.example/",
          "//evil.example/x",
          "/\\evil.example",
          "javascript:alert(1)",
          "http://[",
          "",
        ];
        for (const back of backs) {
          const { headers } = await visitor.send("fault", { ...FAULT, back, token });
          assert.match(String(headers.location), /^\/([a-z]+)?\?said=[\w-]+$/i, back);
        }
      },
      { account },
    ),
  );
});

describe("what others wrote, on the page", () => {
  const BAD = `<script>alert("1")</script>&amp;'`;

  it(
    "is text: names of SIMs, tags, plans, organizations, bodies and addresses of requests, searches, notices",
    visit(
      async (visitor) => {
        const { emulator } = visitor;
        const [first = ""] = emulator.sims().map(({ iccid }) => iccid);
        emulator.dashboard.activate([first], { plan: 2096, zone: "global" });
        emulator.dashboard.tag([first], BAD);
        const send = (path: string, body: unknown, method: "POST" | "PUT" = "POST") =>
          fetch(emulator.url + path, {
            method,
            headers: {
              authorization: `Basic ${Buffer.from("apikey:a-key").toString("base64")}`,
              "content-type": "application/json",
            },
            body: JSON.stringify(body),
          });
        await send(`/devices/${emulator.sim(first).deviceId}`, { name: BAD }, "PUT");
        assert.equal(emulator.sim(first).deviceName, BAD);
        await send(`/links/cellular/bulkclaim?note=${encodeURIComponent(BAD)}`, { note: BAD });
        emulator.faults.add({ fault: { kind: "unknownState", state: BAD } });
        const search = encodeURIComponent(BAD);
        const paths = [
          "/",
          "/sims",
          "/sims/5000001",
          "/ledger",
          "/ledger?by=sim",
          "/requests",
          "/requests/2",
          "/money",
          "/faults",
        ];
        paths.push(
          `/sims?q=${search}&state=${search}`,
          `/ledger?by=sim&q=${search}`,
          `/requests?kind=${search}`,
          `/${search}`,
        );
        for (const path of paths) assert.doesNotMatch((await visitor.get(path)).html, /<script>/, path);
        assert.match(
          (await visitor.get("/sims")).html,
          /&lt;script&gt;alert\(&quot;1&quot;\)&lt;\/script&gt;&amp;amp;&#39;/,
        );
        assert.match((await visitor.get("/requests/2")).html, /&lt;script&gt;/);
        const told = await visitor.press("/faults", "fault", { ...FAULT, mishap: "state", state: BAD });
        assert.match(told.html, /<p class="notice good"[^>]*>Arranged[^<]*&lt;script&gt;/);
      },
      {
        account: {
          ...account,
          organizations: [{ id: 12345, name: BAD }],
          plans: [{ id: 2096, name: BAD, zones: { global: "0.60" } }],
        },
      },
    ),
  );

  it(
    "is never a key: not those of the account, and not one that came in an address",
    visit(
      async (visitor) => {
        await fetch(`${visitor.emulator.url}/plans?apikey=a-key`);
        for (const path of ["/", "/requests", "/requests/1", "/money"]) {
          assert.doesNotMatch((await visitor.get(path)).html, /a-key/, path);
        }
      },
      { account },
    ),
  );
});
