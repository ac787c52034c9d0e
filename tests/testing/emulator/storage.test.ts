import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../../provider/testing/emulator";
import { at, client, FIRST } from "./client";

describe("emulator: the state file", () => {
  let folder = "";
  let stateFile = "";
  const open: Emulator[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "emulator-"));
    stateFile = join(folder, "account.json");
  });

  afterEach(async () => {
    for (const emulator of open.splice(0)) await emulator.close();
    rmSync(folder, { recursive: true });
  });

  async function start(options: EmulatorOptions = {}): Promise<Emulator> {
    const emulator = await startEmulator({ stateFile, ...options });
    open.push(emulator);
    return emulator;
  }

  it("brings back the whole account", async () => {
    const first = await start({ behaviour: { edition: "E1", settleReads: Number.POSITIVE_INFINITY } });
    const other = first.addOrganization({ name: "Other", balance: "10.00" });
    first.addKey({ key: "manager", role: "manager", orgIds: [other] });
    first.addPlan({
      id: 8,
      name: "Eight",
      zones: { eu: "0.333333" },
      tiers: { VOLUME: { eu: "0.3" } },
      orgIds: [12345],
    });
    const sims = first.addPack({
      first: FIRST,
      count: 6,
      step: 10,
      eids: "89049032000001000000000000000010",
    });
    first.addPack({ first: "89445001021984000000", count: 2, listed: false, state: "TEST-ACTIVATE" });
    const api = client(first);
    await api.post("/links/cellular/bulkclaim", {
      plan: 8,
      zone: "eu",
      sims: sims.slice(0, 3),
      overage_limit: 5,
    });
    await api.post("/links/cellular/bulkclaim", { plan: 8, zone: "eu", sims: sims.slice(0, 1) });
    await api.post("/devices/tags?orgid=12345", { name: "cold", deviceids: [first.sim(FIRST).deviceId] });
    first.activateByHand(sims.slice(3, 4), { plan: 8, zone: "eu" });
    first.setState(sims[4] ?? "", "LIVE");
    await api.post("/devices/batch/state", {
      deviceids: [first.sim(sims[4] ?? "").deviceId],
      state: "pause",
    });
    first.move(sims[5] ?? "", other);
    first.swapProfile(sims[4] ?? "", "89330000000000000001");
    const kept = [
      first.sims(),
      first.ledger,
      first.judgement(),
      first.behaviour.edition,
      first.balance(),
      first.balance(other),
    ];
    const history = (await api.get("/organizations/12345/balancehistory")).json;

    const second = await start();
    assert.deepEqual(
      [
        second.sims(),
        second.ledger,
        second.judgement(),
        second.behaviour.edition,
        second.balance(),
        second.balance(other),
      ],
      kept,
    );
    assert.equal(second.apiKey, first.apiKey);
    assert.deepEqual((await client(second).get("/organizations/12345/balancehistory")).json, history);
    assert.equal((await client(second, "manager").get("/devices")).status, 200);
    assert.equal(
      at((await client(second).get("/plans/8")).json, "data", "tiers", "VOLUME", "zones", "eu", "amount"),
      "0.3",
    );
    const claimed = await client(second).post("/links/cellular/bulkclaim", {
      plan: 8,
      zone: "eu",
      sims: sims.slice(0, 1),
    });
    assert.equal(claimed.status, 400);
    assert.deepEqual(second.judgement().doubleClaims[0]?.iccid, FIRST);
    assert.equal(second.judgement().doubleClaims[0]?.requests.length, 3);
  });

  it("is written before the answer goes out, in one step, for the owner alone", async () => {
    const emulator = await start();
    emulator.addPack({ first: FIRST, count: 1 });
    emulator.faults.add({ nth: 1, fault: { kind: "drop", commit: true } });
    await assert.rejects(
      client(emulator).post("/links/cellular/bulkclaim", { plan: 2096, zone: "global", sims: [FIRST] }),
    );
    assert.equal(at(JSON.parse(readFileSync(stateFile, "utf8")), "ledger", 0, "iccid"), FIRST);
    assert.deepEqual(readdirSync(folder), ["account.json"]);
    assert.equal(statSync(stateFile).mode & 0o777, 0o600);
  });

  it("keeps faults and how often they matched", async () => {
    const first = await start();
    first.faults.add({
      method: "GET",
      path: /^\/plans$/i,
      nth: { from: 2, to: 3 },
      fault: { kind: "rateLimit", retryAfter: 3 },
    });
    await client(first).get("/plans");
    const second = await start();
    assert.deepEqual(second.faults.list(), first.faults.list());
    assert.equal((await client(second).get("/plans")).status, 429);
  });

  it("yields to the behaviour that a start names, and not to its account", async () => {
    await start({ behaviour: { edition: "E1", ids: "string" } });
    const second = await start({ behaviour: { edition: "E3" }, account: { organizations: [{ id: 1 }] } });
    assert.deepEqual([second.behaviour.edition, second.behaviour.ids, second.orgId], ["E3", "string", 12345]);
  });

  it("is not written to by reads, and not at all without changes", async () => {
    const emulator = await start();
    emulator.addPack({ first: FIRST, count: 1 });
    writeFileSync(stateFile, "untouched");
    await client(emulator).get("/links/cellular");
    await client(emulator).post("/links/cellular/bulkclaim?preview=true", { sims: [FIRST] });
    assert.equal(readFileSync(stateFile, "utf8"), "untouched");
  });

  it("is refused when it is something else", async () => {
    writeFileSync(stateFile, '{"version":7}');
    await assert.rejects(start(), /account\.json does not hold the state of an emulator/);
    assert.equal(readFileSync(stateFile, "utf8"), '{"version":7}');
  });
});
