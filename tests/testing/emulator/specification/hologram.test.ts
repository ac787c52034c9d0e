import assert from "node:assert/strict";
import { join } from "node:path";
import { request } from "undici";
import {
  type Behaviour,
  defaultBehaviour,
  type Emulator,
  startEmulator,
} from "../../../../provider/testing/emulator";
import { Account } from "../../../../provider/testing/emulator/account/emulatedAccount";
import { apiRoutes } from "../../../../provider/testing/emulator/api/routes";
import { DEFAULT_KEY } from "../../../../provider/testing/emulator/control/testControls";
import { root } from "../../../docs/pages";
import { everything } from "../../../harness/engine/form";
import { basic, FIRST, ManualClock } from "../client";
import { OpenApi } from "./openApi";

const specification = new OpenApi(join(root, "provider/testing/emulator/spec/hologram-openapi.yaml"));

/** Every value of every switch, the default first; a new switch does not compile before it is here. */
const switches: { readonly [K in keyof Behaviour]: readonly Behaviour[K][] } = {
  edition: ["E2", "E1", "E3", "blueprint"],
  lists: ["array", "keyed"],
  ids: ["number", "string"],
  failureStatus: [400, 200],
  errorField: ["error", "errors"],
  rateLimitBody: ["json", "text"],
  linksEndpoint: [true, false],
  balanceWords: ["Insufficient balance", "No funds"],
  balanceStatus: [402, 400, 200],
  alreadyActive: ["refuse", "charge"],
  partialClaims: ["allOrNothing", "rest"],
  previewAnswer: ["names", "namesRest", "costOnly", "ignored", "echoesIds"],
  limit: [2500, 1],
  preflight: ["E3", "E1"],
  settleReads: [1, 0, Number.POSITIVE_INFINITY],
  settleMilliseconds: [undefined, 1000],
  planChangeCost: ["0.00", "0.99"],
  claimOrgId: ["heeded", "ignored"],
  changeAnswers: ["lists", "bare"],
  tagLists: ["tags", "array"],
  deviceTags: ["names", "objects"],
  unclaimedDeviceId: ["absent", "zero"],
  zoneSpelling: ["plan", "capitalised", "number"],
  zoneMatching: ["caseless", "exact"],
  unknownFields: ["refuse", "ignore"],
  apikeyQuery: [true, false],
  devicesWithoutOrgId: ["all", "none"],
  laggingReads: [0, 2],
  lastPage: ["says", "silent"],
  activityHistory: [false, true],
};

/** In the short form, what goes together least is tried together. */
const editions = switches.edition.flatMap((edition) =>
  switches.lists.flatMap((lists) =>
    switches.ids
      .filter((ids) => everything || (lists === "keyed") === (ids === "string"))
      .map((ids): Partial<Behaviour> => ({ edition, lists, ids })),
  ),
);
const turned = Object.entries(switches).flatMap(([name, values]) =>
  values.slice(1).map((value): Partial<Behaviour> => ({ [name]: value })),
);

const card = (n: number): string => `${BigInt(FIRST) + BigInt(10 * n)}`;
const claim = { plan: 2096, zone: "global", orgid: 12345 };
const limits = { overagelimit: 5, datathreshold: 4, smslimit: 3 };
const terms = { planid: 75, zone: "us", orgid: 12345, overage_limit: 7 };
const pause = { state: "pause" };
const deviceids = [2000001, 2000002, 9];

type Sent = readonly [method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: unknown];

/** One of each kind, and those that are refused. Cards 0 to 4 are live, 5 in Test Mode, 6 to 19 inactive. */
const requests: readonly Sent[] = [
  ["POST", "/links/cellular/bulkclaim?preview=true", { ...claim, sims: [card(6), card(7)] }],
  ["POST", "/links/cellular/bulkclaim?preview=true", { simrange: `${card(0)}-${card(9)}` }],
  ["POST", "/links/cellular/bulkclaim", { ...claim, sims: [card(6), card(7)] }],
  ["POST", "/links/cellular/bulkclaim", { ...claim, sims: [card(0), card(8)] }],
  ["POST", "/links/cellular/bulkclaim", { ...claim, simrange: `${card(9)}-${card(10)}` }],
  ["POST", "/links/cellular/bulkclaim", { ...claim, plan: 1, sims: [card(11)] }],
  ["POST", `/links/cellular/sim_${card(12)}/claim?preview=1`, claim],
  ["POST", `/links/cellular/sim_${card(12)}/claim`, claim],
  ["POST", `/links/cellular/sim_${card(0)}/claim`, claim],
  ["GET", "/links/cellular?orgid=12345&limit=3"],
  ["GET", "/links/cellular?startafter=5000003"],
  ["GET", "/links/cellular/5000001"],
  ["GET", "/links/cellular/5000001/history"],
  ["GET", "/links/cellular/99"],
  ["PUT", "/links/cellular/5000001", limits],
  ["POST", "/links/cellular/limit/overage", { linkids: [5000001, 5000002], limit: 9 }],
  ["POST", "/links/cellular/limit/sms", { linkids: [5000001, 5000002], limit: 9 }],
  ["POST", "/links/cellular/threshold", { linkids: [5000001, 5000002], threshold: 9 }],
  ["POST", "/links/cellular/5000001/limit/overage", { limit: 9 }],
  ["POST", "/links/cellular/5000001/limit/sms", { limit: 9 }],
  ["POST", "/links/cellular/5000001/threshold", { limit: 9 }],
  ["POST", "/links/cellular/5000001/overagelimit", { limit: 9 }],
  ["POST", "/links/cellular/5000003/state", pause],
  ["POST", "/links/cellular/changeplan", { ...terms, linkids: [5000001] }],
  ["POST", "/links/cellular/5000001/changeplan", terms],
  ["GET", "/devices?orgid=12345&limit=2"],
  ["GET", "/devices?orgid=12345&startafter=2000003"],
  ["GET", "/devices?sims=1"],
  ["GET", "/devices/2000001"],
  ["GET", "/devices/99"],
  ["PUT", "/devices/2000001?orgid=12345", { name: "Fridge", tunnelable: false }],
  ["GET", "/devices/count?orgid=12345"],
  ["GET", "/devices/names?orgid=12345"],
  ["POST", "/devices/names", { deviceids, prefix: "Truck" }],
  ["GET", "/devices/locations?orgid=12345"],
  ["GET", "/devices/opensessions"],
  ["POST", "/devices/2000002/state", pause],
  ["POST", "/devices/state", { deviceids, ...pause }],
  ["POST", "/devices/state", { deviceids, state: "sleep" }],
  ["POST", "/devices/batch/state?orgid=12345", { deviceids, state: "live" }],
  ["POST", "/devices/batch/state", { deviceFilters: { id: 2000004 }, ...pause }],
  ["GET", "/devices/batch/state?orgid=12345"],
  ["POST", "/devices/changeplan?preview=true", { ...terms, deviceids }],
  ["POST", "/devices/changeplan", { ...terms, deviceids }],
  ["POST", "/devices/2000004/changeplan", terms],
  ["POST", "/devices/usagelimit", { deviceids, ...limits }],
  ["POST", "/devices/batch/usagelimit?orgid=12345", { deviceids, ...limits }],
  ["POST", "/devices/transfer?preview=true", { deviceids, orgid: 12346 }],
  ["POST", "/devices/transfer", { deviceids: [2000005], orgid: 12346 }],
  ["POST", "/devices/tags?orgid=12345", { name: "cold", deviceids: [2000001] }],
  ["GET", "/devices/tags?orgid=12345"],
  ["POST", "/devices/tags/5001/link", { deviceids: [2000002] }],
  ["GET", "/devices?tagname=cold"],
  ["POST", "/devices/tags/5001/unlink", { deviceids: [2000001] }],
  ["DELETE", "/devices/tags/5001"],
  ["GET", "/plans?orgid=12345&limit=1"],
  ["GET", "/plans/2096"],
  ["GET", "/plans/9"],
  ["GET", "/plans/pricing?planid=75"],
  ["GET", "/organizations"],
  ["GET", "/organizations/12345"],
  ["GET", "/organizations/9"],
  ["POST", "/organizations/12346/balance", { addamount: 5 }],
  ["GET", "/organizations/12346/balance"],
  ["GET", "/organizations/12346/balancehistory?limit=1"],
  ["GET", "/users/me"],
  ["POST", "/users/me/balance", { addamount: 5 }],
  ["GET", "/users/me/balance"],
  ["GET", "/users/me/balancehistory"],
  ["GET", "/usage/data?orgid=12345"],
  ["GET", "/usage/data/daily"],
  ["GET", "/usage/data/monthly"],
  ["GET", "/usage/data/billing"],
  ["GET", "/usage/sms"],
  ["POST", "/sms/incoming", { deviceids, body: "x" }],
  ["POST", "/devices/search", { query: "x" }],
];

/** Requests that a fault or another key makes fail, after all others. */
const failing: readonly [string, (emulator: Emulator) => void][] = [
  ["rate limit", (emulator) => emulator.faults.add({ fault: { kind: "rateLimit", retryAfter: 3 } })],
  [
    "refusal",
    (emulator) =>
      emulator.faults.add({ fault: { kind: "refuse", iccids: [card(13), card(0)], reason: "No" } }),
  ],
  ["empty balance", (emulator) => emulator.dashboard.setBalance(12345, "0.10")],
  ["viewer", (emulator) => emulator.addKey({ key: DEFAULT_KEY, role: "viewer", orgIds: [12345] })],
];

async function withAccount(behaviour: Partial<Behaviour>, work: (emulator: Emulator) => Promise<void>) {
  const emulator = await startEmulator({ clock: new ManualClock(), behaviour });
  try {
    const other = emulator.addOrganization({ name: "Other", personal: true });
    emulator.addKey({ key: DEFAULT_KEY, role: "admin", orgIds: [12345, other] });
    emulator.addPack({
      first: card(0),
      count: 5,
      step: 10,
      state: "LIVE",
      eids: "89049032000001000000000000000010",
    });
    emulator.addPack({ first: card(5), count: 1, state: "TEST-ACTIVATE" });
    emulator.addPack({ first: card(6), count: 14, step: 10 });
    emulator.addProfile(card(3), { iccid: "89330000000000000007" });
    await work(emulator);
  } finally {
    await emulator.close();
  }
}

/** What is wrong with the answer to a request. */
async function problems(emulator: Emulator, [method, path, body]: Sent): Promise<string[]> {
  const reply = await request(`${emulator.url}${path}`, {
    method,
    headers: { authorization: basic(DEFAULT_KEY), "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await reply.body.text();
  const operation = specification.find(method, path);
  if (operation === undefined) return [`${method} ${path} is not in the specification`];
  const type = String(reply.headers["content-type"]);
  const problem = specification.problem(operation, { status: reply.statusCode, type, text });
  return problem === undefined ? [] : [`${method} ${path}: ${problem}`];
}

describe("emulator: its specification of the API", () => {
  it("has every endpoint with every parameter and field that the emulator heeds, and no other", () => {
    const routes = apiRoutes(new Account({ ...defaultBehaviour }, new ManualClock()));
    const sorted = (names: readonly string[]) =>
      [...new Set(names)].filter((name) => name !== "orgid").sort();
    const spelled = (path: string) =>
      path.replace(":sim{sim_[0-9]+}", "sim_{iccid}").replaceAll(/:(\w+)(\{[^}]*\})?/g, "{$1}");
    const ours = routes.map((route) => [
      `${route.method} ${spelled(route.path)}`,
      sorted([...route.query, ...route.body]),
      sorted(route.notPlayed ?? []),
    ]);
    const theirs = specification.operations.map(({ method, path, query, body, notPlayed }) => [
      `${method} ${path}`,
      sorted([...query, ...body].filter((name) => !notPlayed.includes(name))),
      sorted(notPlayed),
    ]);
    const byName = (a: unknown[], b: unknown[]) => (String(a[0]) < String(b[0]) ? -1 : 1);
    assert.deepEqual(ours.sort(byName), theirs.sort(byName));
  });

  it("is tried with every switch turned", () => {
    for (const [name, [first]] of Object.entries(switches))
      assert.deepEqual(
        { [name]: first },
        { [name]: Object.entries(defaultBehaviour).find(([each]) => each === name)?.[1] },
      );
  });

  it("is asked for every endpoint that is played", () => {
    const asked = new Set(requests.map(([method, path]) => specification.find(method, path)?.id));
    const left = specification.operations.filter(({ id }) => !asked.has(id));
    assert.ok(
      left.every(({ path }) => /alerts|csr|messages|pages|simcards|batchorder|tunnelkeys/.test(path)),
    );
    assert.ok(asked.size > 41);
  });

  for (const behaviour of [...editions, ...turned]) {
    it(`allows every answer: ${JSON.stringify(behaviour)}`, () =>
      withAccount(behaviour, async (emulator) => {
        const found: string[] = [];
        for (const sent of requests) found.push(...(await problems(emulator, sent)));
        for (const [name, arrange] of failing) {
          arrange(emulator);
          const sims = [card(13), card(14)];
          const more: Sent[] = [
            ["POST", "/links/cellular/bulkclaim", { ...claim, sims }],
            ["POST", `/links/cellular/sim_${card(13)}/claim`, claim],
            ["POST", "/devices/usagelimit", { deviceids: [2000001], overagelimit: 1 }],
            ["GET", "/plans"],
          ];
          for (const sent of more)
            found.push(...(await problems(emulator, sent)).map((problem) => `${name}: ${problem}`));
          emulator.faults.clear();
        }
        assert.deepEqual(found, []);
      }));
  }

  it("finds what is wrong with an answer", () => {
    const operation = specification.find("GET", "/devices/5");
    assert.ok(operation !== undefined);
    const judge = (data: unknown, status = 200) =>
      specification.problem(operation, { status, type: "application/json", text: JSON.stringify(data) });
    const device = { id: 1, orgid: 2, name: "x", links: { cellular: [] } };
    assert.equal(judge({ success: true, data: device }), undefined);
    assert.match(
      judge({ success: true, data: { ...device, whencreated: "yesterday" } }) ?? "",
      /must match pattern/,
    );
    assert.match(judge({ data: device }) ?? "", /required property 'success'/);
    assert.match(judge({ success: true }, 404) ?? "", /must be equal to constant/);
    const html = { status: 200, type: "text/html", text: "<html>" };
    assert.equal(specification.problem(operation, html), "an answer 200 of type text/html");
  });
});
