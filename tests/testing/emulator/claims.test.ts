import assert from "node:assert/strict";
import { at, bench, client, column, FIRST } from "./client";

const CLAIM = "/links/cellular/bulkclaim";
const terms = { plan: 2096, zone: "global", orgid: 12345 };

describe("emulator: claims", () => {
  it(
    "activates a list, charges each SIM once and names device and link",
    bench(async ({ emulator, api }) => {
      const sims = emulator.addPack({ first: FIRST, count: 3, step: 10 });
      const reply = await api.post(CLAIM, {
        ...terms,
        sims,
        overage_limit: 5000,
        threshold: 4000,
        smslimit: 7,
      });
      assert.equal(reply.status, 200);
      assert.deepEqual(column(reply, "sim").toSorted(), sims);
      for (const iccid of sims) {
        const { state, plan, zone, overageLimit, threshold, smsLimit, deviceId, linkId } =
          emulator.sim(iccid);
        assert.deepEqual(
          { state, plan, zone, overageLimit, threshold, smsLimit },
          {
            state: "LIVE-PENDING",
            plan: 2096,
            zone: "global",
            overageLimit: 5000,
            threshold: 4000,
            smsLimit: 7,
          },
        );
        const item = column(reply).find((each) => at(each, "sim") === iccid);
        assert.deepEqual([at(item, "device"), at(item, "link")], [deviceId, linkId]);
      }
      assert.deepEqual(
        emulator.ledger.map(({ iccid, amount, kind, by, request }) => ({ iccid, amount, kind, by, request })),
        sims.map((iccid) => ({ iccid, amount: "0.60", kind: "activation", by: "claim", request: 1 })),
      );
      assert.equal(emulator.balance(), "999998.20");
    }),
  );

  it(
    "takes a range as the cards in it, whatever its width",
    bench(async ({ emulator, api }) => {
      const sims = emulator.addPack({ first: FIRST, count: 10, step: 10 });
      const reply = await api.post(CLAIM, {
        ...terms,
        simrange: "89445001021983048265-89445001021983048290",
      });
      assert.deepEqual(column(reply, "sim").toSorted(), sims.slice(1, 4));
    }),
  );

  it(
    "takes a range of EIDs",
    bench(async ({ emulator, api }) => {
      const eids = "89049032000001000000000000000010";
      const sims = emulator.addPack({ first: FIRST, count: 5, step: 10, eids });
      const eidrange = "89049032000001000000000000000011-89049032000001000000000000000012";
      const reply = await api.post(CLAIM, { ...terms, eidrange });
      assert.deepEqual(column(reply, "sim").toSorted(), sims.slice(1, 3));
      assert.equal(emulator.sim(sims[1] ?? "").eid, "89049032000001000000000000000011");
    }),
  );

  it(
    "claims a single SIM by its path",
    bench(async ({ emulator, api }) => {
      const [iccid = ""] = emulator.addPack({ first: FIRST, count: 1 });
      const first = await api.post(`/links/cellular/sim_${iccid}/claim`, terms);
      assert.deepEqual(column(first, "sim"), [iccid]);
      const second = await api.post(`/links/cellular/sim_${iccid}/claim`, terms);
      assert.deepEqual(
        [second.status, second.json],
        [400, { success: false, data: { [iccid]: "SIM is already activated" } }],
      );
    }),
  );

  it(
    "wants exactly one selection, a plan and a zone",
    bench(async ({ emulator, api }) => {
      const sims = emulator.addPack({ first: FIRST, count: 1 });
      const refused: [unknown, string][] = [
        [{ ...terms }, "Exactly one of sims, simrange and eidrange is required"],
        [
          { ...terms, sims, simrange: `${FIRST}-${FIRST}` },
          "Exactly one of sims, simrange and eidrange is required",
        ],
        [{ sims, zone: "global" }, "plan is required"],
        [{ sims, plan: 2096 }, "zone is required"],
        [{ sims, plan: 1, zone: "global" }, "Plan 1 not found"],
        [{ sims, plan: 2096, zone: "mars" }, "Zone mars is not available for plan 2096"],
        [{ ...terms, sims, tagid: 1 }, "Tag 1 not found"],
        [{ ...terms, sims: ["12"] }, "Invalid ICCID 12"],
        [{ ...terms, sims: [89445] }, "sims must hold text"],
        [{ ...terms, simrange: "5-1" }, "simrange must be <first>-<last>"],
        [{ ...terms, simrange: "89330000000000000000-89330000000000000001" }, "No SIMs found in simrange"],
      ];
      for (const [body, error] of refused) {
        const reply = await api.post(CLAIM, body);
        assert.deepEqual([reply.status, reply.json], [400, { success: false, error }]);
      }
      assert.equal(emulator.ledger.length, 0);
    }),
  );

  it(
    "takes form fields, and zones in any letter case",
    bench(async ({ emulator }) => {
      emulator.addPack({ first: FIRST, count: 1 });
      const reply = await fetch(`${emulator.url}${CLAIM}`, {
        method: "POST",
        headers: { authorization: `Basic ${Buffer.from(`apikey:${emulator.apiKey}`).toString("base64")}` },
        body: new URLSearchParams({ plan: "75", zone: "US", simrange: `${FIRST}-${FIRST}` }),
      });
      assert.equal(reply.status, 200);
      assert.deepEqual([emulator.sim(FIRST).plan, emulator.sim(FIRST).zone], [75, "us"]);
      assert.equal(emulator.ledger[0]?.amount, "1.00");
    }),
  );

  it(
    "refuses per SIM what is unknown, active, active elsewhere or dead, and then claims nothing",
    bench(async ({ emulator, api }) => {
      const other = emulator.addOrganization({ id: 777 });
      const [fresh = "", active = "", foreign = "", dead = ""] = emulator.addPack({
        first: FIRST,
        count: 4,
        step: 10,
      });
      emulator.activateByHand([active], { plan: 75, zone: "us" });
      emulator.activateByHand([foreign], { plan: 75, zone: "us", orgId: other });
      emulator.setState(dead, "DEAD");
      const unknown = "89999999999999999999";
      const reply = await api.post(CLAIM, { ...terms, sims: [fresh, active, foreign, dead, unknown] });
      assert.equal(reply.status, 400);
      assert.deepEqual(reply.json, {
        success: false,
        data: {
          [unknown]: "SIM not found",
          [active]: "SIM is already activated",
          [foreign]: "SIM is already activated",
          [dead]: "SIM is deactivated",
        },
      });
      assert.equal(emulator.sim(fresh).state, "INACTIVE");
      emulator.behaviour.failureStatus = 200;
      assert.equal((await api.post(CLAIM, { ...terms, sims: [active] })).status, 200);
    }),
  );

  it(
    "claims the rest of a partly refused request when told to",
    bench(async ({ emulator, api }) => {
      emulator.behaviour.partialClaims = "rest";
      const [active = "", ...rest] = emulator.addPack({ first: FIRST, count: 3, step: 10 });
      emulator.activateByHand([active], { plan: 2096, zone: "global" });
      const reply = await api.post(CLAIM, { ...terms, sims: [active, ...rest] });
      assert.deepEqual(reply.json, { success: false, data: { [active]: "SIM is already activated" } });
      assert.deepEqual(
        emulator.ledger.map(({ iccid, by }) => [iccid, by]),
        [[active, "hand"], ...rest.map((iccid) => [iccid, "claim"])],
      );
    }),
  );

  it(
    "does not know SIMs in the inventory of an organization that the key does not see",
    bench(async ({ emulator, api }) => {
      const sims = emulator.addPack({ first: FIRST, count: 1, orgId: emulator.addOrganization({ id: 777 }) });
      const reply = await api.post(CLAIM, { ...terms, sims });
      assert.deepEqual(at(reply.json, "data"), { [FIRST]: "SIM not found" });
    }),
  );

  it(
    "charges all or nothing on the balance, in words of choice",
    bench(async ({ emulator }) => {
      const orgId = emulator.addOrganization({ balance: "1.20" });
      emulator.addKey({ key: "poor", role: "manager", orgIds: [orgId] });
      const poor = client(emulator, "poor");
      const sims = emulator.addPack({ first: FIRST, count: 3, orgId });
      const refused = await poor.post(CLAIM, { plan: 2096, zone: "global", sims });
      assert.deepEqual(
        [refused.status, refused.json],
        [402, { success: false, error: "Insufficient balance" }],
      );
      Object.assign(emulator.behaviour, {
        balanceWords: "Please add funds",
        balanceStatus: 400,
        errorField: "errors",
      });
      const reworded = await poor.post(CLAIM, { plan: 2096, zone: "global", sims });
      assert.deepEqual(
        [reworded.status, reworded.json],
        [400, { success: false, errors: "Please add funds" }],
      );
      assert.equal(emulator.ledger.length, 0);
      assert.equal((await poor.post(CLAIM, { plan: 2096, zone: "global", sims: sims.slice(1) })).status, 200);
      assert.equal(emulator.balance(orgId), "0.00");
    }),
  );

  it(
    "holds at most 2,500: entries of a list, cards of a range, previews too",
    bench(async ({ emulator, api }) => {
      const sims = emulator.addPack({ first: FIRST, count: 2501, step: 10 });
      const tooLarge = [400, { success: false, error: "Too many SIMs: a request can hold at most 2500" }];
      const last = sims.at(-1);
      for (const query of ["", "?preview=true"]) {
        for (const named of [
          { sims },
          { simrange: `${FIRST}-${last}` },
          { sims: sims.slice(1).concat(FIRST, FIRST) },
        ]) {
          const reply = await api.post(`${CLAIM}${query}`, { ...terms, ...named });
          assert.deepEqual([reply.status, reply.json], tooLarge);
        }
      }
      assert.equal(emulator.ledger.length, 0);
      assert.deepEqual(emulator.judgement().requestsAboveLimit, [1, 2, 3, 4, 5, 6]);
      const fits = await api.post(CLAIM, { ...terms, simrange: `${sims[1]}-${last}` });
      assert.equal(column(fits, "sim").length, 2500);
    }),
  );

  it(
    "charges an active SIM once more when told to",
    bench(async ({ emulator, api }) => {
      const sims = emulator.addPack({ first: FIRST, count: 1 });
      await api.post(CLAIM, { ...terms, sims });
      emulator.behaviour.alreadyActive = "charge";
      assert.equal((await api.post(CLAIM, { ...terms, sims })).status, 200);
      assert.deepEqual(emulator.judgement().doubleCharges, [{ iccid: FIRST, requests: [1, 2] }]);
    }),
  );

  it(
    "lands in the organization it names, unless that is not heeded",
    bench(async ({ emulator }) => {
      const second = emulator.addOrganization({});
      emulator.addKey({ key: "both", role: "admin", orgIds: [emulator.orgId, second] });
      const both = client(emulator, "both");
      const [one = "", two = ""] = emulator.addPack({ first: FIRST, count: 2 });
      await both.post(CLAIM, { ...terms, orgid: second, sims: [one] });
      emulator.behaviour.claimOrgId = "ignored";
      await both.post(CLAIM, { ...terms, orgid: second, sims: [two] });
      assert.deepEqual([emulator.sim(one).orgId, emulator.sim(two).orgId], [second, emulator.orgId]);
    }),
  );

  it(
    "puts the tag on every SIM",
    bench(async ({ emulator, api }) => {
      const created = await api.post("/devices/tags?orgid=12345", { name: "cold" });
      const tagid = at(created.json, "data", "tags", 0, "id");
      const sims = emulator.addPack({ first: FIRST, count: 2 });
      await api.post(CLAIM, { ...terms, sims, tagid });
      assert.deepEqual(
        sims.map((iccid) => emulator.sim(iccid).tagIds),
        [[tagid], [tagid]],
      );
    }),
  );
});
