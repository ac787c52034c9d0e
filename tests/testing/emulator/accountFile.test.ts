import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readAccountFile, readStart, startEmulator } from "../../../provider/testing/emulator";
import { client, FIRST } from "./client";

describe("emulator: an account file", () => {
  let folder = "";
  const file = () => join(folder, "account.json");
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "account-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (content: unknown) => writeFileSync(file(), JSON.stringify(content));

  it("is what the account begins with, and the command line goes before it", async () => {
    write({
      organizations: [{ id: 7, name: "Cold chain", balance: "5.00", testModeDays: 30 }, { id: 8 }],
      keys: [{ key: "k", role: "admin", orgIds: [7, 8] }],
      plans: [{ id: 3, name: "P", zones: { eu: "0.10" }, orgIds: [7] }],
      packs: [
        { first: FIRST, count: 2, step: 10, linkId: 900, eids: "89049032000001000000000000000010" },
        { first: "89445001021984000000", count: 1, orgId: 7, state: "PAUSED-USER", plan: 3, zone: "eu" },
      ],
      behaviour: { edition: "E1", ids: "string" },
      faults: [{ path: "/plans", nth: 1, fault: { kind: "rateLimit" } }],
    });
    const start = readStart({
      account: file(),
      behaviour: ["edition=E3", "laggingReads=2", "linksEndpoint=false", "planChangeCost=1"],
      fault: ['{"path":"/devices","fault":{"kind":"status","status":503}}'],
    });
    const emulator = await startEmulator(start);
    try {
      const { behaviour } = emulator;
      assert.deepEqual(
        [
          behaviour.edition,
          behaviour.ids,
          behaviour.laggingReads,
          behaviour.linksEndpoint,
          behaviour.planChangeCost,
        ],
        ["E3", "string", 2, false, "1"],
      );
      assert.deepEqual(
        [emulator.apiKey, emulator.orgId, emulator.balance(), emulator.simCount],
        ["k", 7, "5.00", 3],
      );
      assert.deepEqual([emulator.sim(FIRST).linkId, emulator.sim("89445001021984000000").zone], [900, "eu"]);
      const api = client(emulator);
      assert.equal((await api.get("/devices")).status, 503);
      assert.equal((await api.get("/plans")).status, 429);
    } finally {
      await emulator.close();
    }
  });

  it("may leave out what the default account has", () => {
    write({ organizations: [{ id: 7 }], packs: [{ first: FIRST, count: 1 }] });
    const { keys, plans } = readAccountFile(file());
    assert.deepEqual([keys?.[0]?.orgIds, plans?.map(({ id }) => id)], [[7], [2096, 75]]);
  });

  const wrong: [unknown, RegExp][] = [
    [{ packs: [{ first: 8.9, count: 1 }] }, /account\.json: packs\[0\]\.first: .*expected string/],
    [{ packs: [{ first: "12", count: 1 }] }, /packs\[0\]\.first: An ICCID is text of 18 to 22 digits\.$/],
    [{ plans: [{ id: 1, name: "P", zones: { eu: 0.6 } }] }, /plans\[0\]\.zones\.eu: /],
    [{ plans: [{ id: 1, name: "P", zones: {} }] }, /plans\[0\]\.zones: A plan has at least one zone\.$/],
    [{ keys: [{ key: "k", role: "owner", orgIds: [1] }] }, /keys\[0\]\.role: /],
    [
      { keys: [{ key: "k", role: "admin", orgIds: [1] }] },
      /keys\[0\]\.orgIds\[0\]: the account has no organization 1\.$/,
    ],
    [{ packs: [{ first: FIRST, count: 1, plan: 9 }] }, /packs\[0\]\.plan: the account has no plan 9\.$/],
    [
      { packs: [{ first: FIRST, count: 1, plan: 75, zone: "eu" }] },
      /packs\[0\]\.zone: plan 75 has no zone eu\.$/,
    ],
    [{ pack: [] }, /account\.json: Unrecognized key: "pack"\.$/],
    [{ behaviour: { edition: "E9" } }, /behaviour\.edition: /],
    [{ faults: [{ fault: { kind: "meteor" } }] }, /faults\[0\]\.fault\.kind: /],
    [[], /account\.json: Invalid input: expected object, received array\.$/],
  ];
  for (const [content, sentence] of wrong) {
    it(`names the place of what is wrong: ${JSON.stringify(content)}`, () => {
      write(content);
      assert.throws(() => readAccountFile(file()), sentence);
    });
  }

  it("says which pack has a card that another has, and what a file is that is none", async () => {
    const packs = [
      { first: FIRST, count: 3 },
      { first: "89445001021983048261", count: 1 },
    ];
    write({ packs });
    await assert.rejects(
      startEmulator(readStart({ account: file() })),
      /^Error: packs\[1\]: SIM \d+ is in the account/,
    );
    writeFileSync(file(), "{");
    assert.throws(() => readAccountFile(file()), /account\.json cannot be read: /);
    assert.throws(() => readAccountFile(join(folder, "none.json")), /none\.json cannot be read: ENOENT/);
    assert.throws(() => readStart({ behaviour: ["edition"] }), /A switch is name=value, not edition\./);
    assert.throws(
      () => readStart({ behaviour: ["editions=E1"] }),
      /There is no switch editions\. The switches are edition, lists, /,
    );
    assert.throws(() => readStart({ fault: ["drop"] }), /A fault is a rule in JSON, not drop\./);
  });
});
