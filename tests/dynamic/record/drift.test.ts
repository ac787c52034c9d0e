import assert from "node:assert/strict";
import { cards, iccid, PLAN, range, withFleet } from "../../harness/provider/providerFleet";
import type { FleetHarness, Resource } from "../../harness/provider/providerHarness";

const plan = PLAN;
const OTHER = 75;
const forms = { range: { simRange: range(20), plan }, list: { sims: cards(20), plan } };

/** As if by the dashboard: the SIMs get another plan, behind the back of the program. */
async function movePlan(fleet: FleetHarness, iccids: readonly string[], planid = OTHER): Promise<void> {
  const deviceids = iccids.map((each) => fleet.emulator.sim(each).deviceId);
  await byHand(fleet, "/devices/changeplan", {
    deviceids,
    planid,
    zone: "global",
    orgid: fleet.emulator.orgId,
  });
}

async function limit(fleet: FleetHarness, iccids: readonly string[], limits: object): Promise<void> {
  const deviceids = iccids.map((each) => fleet.emulator.sim(each).deviceId);
  await byHand(fleet, "/devices/usagelimit", { deviceids, ...limits });
}

async function byHand({ emulator }: FleetHarness, path: string, body: object): Promise<void> {
  const authorization = `Basic ${Buffer.from(`apikey:${emulator.apiKey}`).toString("base64")}`;
  const headers = { authorization, "content-type": "application/json" };
  const answer = await fetch(`${emulator.url}${path}`, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  assert.equal(answer.status, 200, await answer.text());
}

describe("dynamic: drift", () => {
  for (const [form, inputs] of Object.entries(forms)) {
    it(`${form}: another plan on every SIM is what the inputs say, and the next up changes it back`, () =>
      withFleet({}, async (fleet) => {
        (await fleet.up(inputs)).clean();
        await movePlan(fleet, cards(20));
        const refresh = (await fleet.refresh()).clean();
        assert.deepEqual([refresh.changes, refresh.writes], ["update fleet", []]);
        const drift = ["20 SIMs on plan 75 instead of 2096"];
        assert.partialDeepStrictEqual(fleet.find()?.inputs, { ...inputs, plan: OTHER, preview: { drift } });
        assert.partialDeepStrictEqual(fleet.outputs(), { plan: OTHER, preview: { drift } });

        const preview = (await fleet.preview(inputs)).clean();
        assert.equal(preview.changes, "update fleet");
        assert.partialDeepStrictEqual(preview.preview(), {
          changePlan: 20,
          activate: 0,
          unchanged: 0,
          simCount: 20,
        });
        assert.match(String(preview.preview().summary), /^change the plan of 20 SIMs/);
        const up = (await fleet.up(inputs)).clean();
        assert.deepEqual(
          up.writes.map(({ path }) => path),
          ["/devices/changeplan"],
        );
        assert(cards(20).every((each) => fleet.emulator.sim(each).plan === plan));
        assert.equal(fleet.outputs().plan, plan);
        await assertQuiet(fleet, inputs);
      }));

    it(`${form}: another plan on some SIMs stands in the preview, and the inputs stay`, () =>
      withFleet({}, async (fleet) => {
        (await fleet.up(inputs)).clean();
        await movePlan(fleet, cards(3));
        (await fleet.refresh()).clean();
        const drift = ["3 SIMs on plan 75 instead of 2096"];
        assert.partialDeepStrictEqual(fleet.find()?.inputs, { ...inputs, preview: { drift } });
        assert.equal(fleet.outputs().plan, plan);
        const up = (await fleet.up(inputs)).clean();
        assert.partialDeepStrictEqual(up.preview(), { changePlan: 3, unchanged: 17 });
        const [request] = up.writes;
        assert.deepEqual(
          request && Reflect.get(Object(request.body), "deviceids"),
          cards(3).map((each) => fleet.emulator.sim(each).deviceId),
        );
        await assertQuiet(fleet, inputs);
      }));

    it(`${form}: SIMs paused by hand are resumed by the next up after a refresh`, () =>
      withFleet({}, async (fleet) => {
        (await fleet.up(inputs)).clean();
        for (const each of cards(4)) fleet.emulator.setState(each, "PAUSED-USER");
        (await fleet.refresh()).clean();
        assert.partialDeepStrictEqual(fleet.outputs().preview, { drift: ["4 SIMs paused by hand"] });
        const up = (await fleet.up(inputs)).clean();
        assert.partialDeepStrictEqual(up.preview(), { resume: 4, unchanged: 16 });
        assert(cards(4).every((each) => fleet.emulator.sim(each).state === "LIVE"));
        await assertQuiet(fleet, inputs);
      }));

    it(`${form}: drift that somebody took back is over with the next refresh, and nothing is sent`, () =>
      withFleet({}, async (fleet) => {
        (await fleet.up(inputs)).clean();
        const before = withoutApproval(fleet.find());
        await movePlan(fleet, cards(20));
        (await fleet.refresh()).clean();
        await movePlan(fleet, cards(20), plan);
        (await fleet.refresh()).clean();
        assert.deepEqual(withoutApproval(fleet.find()), before);
        await assertQuiet(fleet, inputs);
      }));
  }

  it("limits: only what is declared; one value on all is the input, several stand in the preview", () =>
    withFleet({}, async (fleet) => {
      const inputs = { ...forms.range, overageLimit: 5_000, smsLimit: -1 };
      (await fleet.up(inputs)).clean();
      await limit(fleet, cards(20), { datathreshold: 77, smslimit: 100 });
      assert.deepEqual((await fleet.refresh()).clean().changes, "");
      await limit(fleet, cards(20), { overagelimit: 9_000 });
      (await fleet.refresh()).clean();
      assert.partialDeepStrictEqual(fleet.find()?.inputs, { overageLimit: 9_000 });
      const up = (await fleet.up(inputs)).clean();
      assert.partialDeepStrictEqual(up.preview(), { changeLimits: 20 });
      assert(cards(20).every((each) => fleet.emulator.sim(each).overageLimit === 5_000));
      assert(cards(20).every((each) => fleet.emulator.sim(each).threshold === 77));
      await limit(fleet, cards(2), { overagelimit: 1 });
      await limit(fleet, cards(1, 2), { overagelimit: 2 });
      (await fleet.refresh()).clean();
      assert.partialDeepStrictEqual(fleet.find()?.inputs, {
        overageLimit: 5_000,
        preview: {
          drift: ["2 SIMs with overageLimit 1 instead of 5000", "1 SIM with overageLimit 2 instead of 5000"],
        },
      });
      (await fleet.up(inputs)).clean();
      await assertQuiet(fleet, inputs);
    }));

  it("a program that takes the drift over, or ignores it, has nothing to do", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up(forms.list)).clean();
      await movePlan(fleet, cards(20));
      (await fleet.refresh()).clean();
      const up = (await fleet.up({ ...forms.list, plan: OTHER })).clean();
      assert.deepEqual(up.writes, []);
      assert.partialDeepStrictEqual(up.preview(), { changePlan: 0, unchanged: 20 });
      await assertQuiet(fleet, { ...forms.list, plan: OTHER });
    }));

  it("that comes between the phases of an up stops it: no preview told of it", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up(forms.list)).clean();
      const grown = { ...forms.list, sims: cards(21) };
      const between = async () => {
        await movePlan(fleet, cards(2));
        fleet.emulator.clearRequests();
      };
      const report = await fleet.up(grown, { between });
      assert.deepEqual(report.failures, [
        "the account has changed since the preview: change the plan of 2 more. Nothing was sent; run the command again",
      ]);
      assert.deepEqual(fleet.emulator.writes(), []);
      const again = (await fleet.up(grown)).clean();
      assert.partialDeepStrictEqual(again.preview(), { activate: 1, changePlan: 2, unchanged: 18 });
      assert.equal(again.writes.length, 2);
      await assertQuiet(fleet, grown);
    }));

  it("SIMs that Hologram paused are told of and are no drift", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up(forms.range)).clean();
      fleet.emulator.setState(iccid(3), "PAUSED-SYS");
      const refresh = (await fleet.refresh()).clean();
      assert.deepEqual([refresh.changes, refresh.lines.length], ["", 1]);
      assert.match(
        refresh.lines[0]?.message ?? "",
        new RegExp(`^1 SIM paused by Hologram, .*: ${iccid(3)}$`),
      );
    }));

  it("numbers as text, lists by key and other spellings of a zone are no drift", () =>
    withFleet(
      { behaviour: { ids: "string", lists: "keyed", zoneSpelling: "capitalised" } },
      async (fleet) => {
        (await fleet.up({ ...forms.range, overageLimit: 5_000 })).clean();
        assert.equal((await fleet.refresh()).clean().changes, "");
      },
    ));

  it("a list that is not all there keeps its inputs: the selection is never rewritten", () =>
    withFleet({}, async (fleet) => {
      fleet.emulator.faults.add({
        ...{ path: "/links/cellular/bulkclaim", preview: false },
        fault: { kind: "refuse", iccids: [iccid(19)], reason: "SIM is broken" },
      });
      assert.equal((await fleet.up(forms.list)).succeeded, false);
      await movePlan(fleet, cards(19));
      (await fleet.refresh()).clean();
      assert.deepEqual(fleet.find()?.inputs.sims, cards(20));
      fleet.emulator.faults.clear();
      (await fleet.up(forms.list)).clean();
      assert.equal(fleet.emulator.ledger.filter(({ kind }) => kind === "activation").length, 20);
      (await fleet.refresh()).clean();
      (await fleet.up(forms.list)).clean();
      assert(cards(20).every((each) => fleet.emulator.sim(each).plan === plan));
      await assertQuiet(fleet, forms.list);
    }));

  it("is not what SIMs differ in that are declared no more", () =>
    withFleet({}, async (fleet) => {
      const inputs = { plan: PLAN, onRelease: "pause" };
      (await fleet.up({ ...inputs, simRange: range(10) })).clean();
      const fault = { kind: "refuse", iccids: [iccid(15)], reason: "Card blocked" } as const;
      fleet.emulator.faults.add({ path: "/links/cellular/bulkclaim", preview: false, fault });
      assert.equal((await fleet.up({ ...inputs, simRange: range(20) })).succeeded, false);
      (await fleet.up({ ...inputs, simRange: range(10), overageLimit: 7_000_000 })).clean();
      assert.doesNotMatch((await fleet.refresh()).clean().text, /drift/);
      (await fleet.up({ ...inputs, simRange: range(10), overageLimit: 7_000_000 })).clean();
      assert.equal(fleet.emulator.judgement().pauses.length, 9);
    }));
});

/** A refresh shows nothing, and an up sends nothing. */
async function assertQuiet(fleet: FleetHarness, inputs: Parameters<FleetHarness["up"]>[0]): Promise<void> {
  const refresh = (await fleet.refresh()).clean();
  assert.deepEqual([refresh.changes, refresh.writes], ["", []]);
  assert.equal(fleet.outputs().__declared, undefined);
  const up = (await fleet.up(inputs)).clean();
  assert.deepEqual([up.changes, up.requests], ["", []]);
}

/** Without what was carried out last: a refresh that found something has nothing approved any more. */
function withoutApproval(resource: Resource | undefined) {
  const { inputs, outputs, ...rest } = structuredClone(resource) ?? assert.fail("state holds no fleet");
  const { __approval, ...declared } = inputs;
  const { __applied, ...out } = outputs;
  return { ...rest, inputs: declared, outputs: out };
}
