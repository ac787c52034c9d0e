import assert from "node:assert/strict";
import { cards, iccid, PLAN, range, withFleet } from "../../harness/provider/providerFleet";
import type { FleetHarness } from "../../harness/provider/providerHarness";
import type { Values } from "../../harness/provider/providerReport";
import {
  assertQuiet,
  byHand,
  changesOf,
  dropped,
  landed,
  MINUTE,
  sentIn,
} from "../../harness/provider/providerTerms";

/** How the engine spells a value that is not known yet. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const plan = PLAN;
const forms = { range: { simRange: range(20), plan }, list: { sims: cards(20), plan } };
const limited = (limits: Values) => ({ ...forms.range, ...limits });
const onLimits = { path: "/devices/usagelimit", nth: 1 } as const;

const allHave = ({ emulator }: FleetHarness, limits: object) => {
  for (const each of cards(20)) assert.partialDeepStrictEqual(emulator.sim(each), { plan, ...limits });
};

describe("dynamic: limits", () => {
  for (const [form, inputs] of Object.entries(forms)) {
    it(`${form}: are changed in place, and the preview counts the SIMs`, () =>
      withFleet({}, async (fleet) => {
        (await fleet.up({ ...inputs, overageLimit: 5_000, threshold: 4_000 })).clean();
        const next = { ...inputs, overageLimit: 9_000, threshold: 4_000, smsLimit: 20 };
        const preview = (await fleet.preview(next)).clean();
        assert.equal(preview.changes, "update fleet");
        assert.partialDeepStrictEqual(preview.preview(), {
          ...{ changePlan: 0, changeLimits: 20, unchanged: 0, simCount: 20, monthlyCost: 12, dueNow: 0 },
          summary: "change the limits of 20 SIMs on Global Flat (2096, global): $12.00/month",
        });
        const up = (await fleet.up(next)).clean();
        assert.deepEqual(changesOf(fleet.emulator, up, "usagelimit"), [
          {
            path: "/devices/usagelimit",
            iccids: cards(20),
            body: { overagelimit: 9_000, datathreshold: 4_000, smslimit: 20 },
          },
        ]);
        assert.deepEqual(sentIn(up), ["usagelimit 20"]);
        allHave(fleet, { overageLimit: 9_000, threshold: 4_000, smsLimit: 20 });
        assert.partialDeepStrictEqual(fleet.outputs(), { overageLimit: 9_000, smsLimit: 20, unfinished: [] });
        assert(up.lines.some(({ message }) => message === "set the limits of 20 SIMs"));
        await assertQuiet(fleet, next);
      }));
  }

  it("are set only on SIMs that have others, and where none has, nothing is sent", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up(limited({ overageLimit: 5_000 }))).clean();
      const set = async (iccids: readonly string[]): Promise<void> => {
        const deviceids = iccids.map((each) => fleet.emulator.sim(each).deviceId);
        await byHand(fleet.emulator, "POST", "/devices/usagelimit", { deviceids, overagelimit: 9_000 });
      };
      await set(cards(12));
      const some = (await fleet.up(limited({ overageLimit: 9_000 }))).clean();
      assert.partialDeepStrictEqual(some.preview(), { changeLimits: 8, unchanged: 12 });
      assert.deepEqual(changesOf(fleet.emulator, some, "usagelimit")[0]?.iccids, cards(8, 12));

      (await fleet.up(limited({ overageLimit: 5_000 }))).clean();
      await set(cards(20));
      const none = (await fleet.up(limited({ overageLimit: 9_000 }))).clean();
      assert.deepEqual([none.changes, none.writes], ["update fleet", []]);
      assert.equal(fleet.outputs().overageLimit, 9_000);
      await assertQuiet(fleet, limited({ overageLimit: 9_000 }));
    }));

  it("that are no longer declared stay as they are, with a note and no request", () =>
    withFleet({}, async (fleet) => {
      const limits = { overageLimit: 5_000, threshold: 4_000, smsLimit: 20 };
      (await fleet.up(limited(limits))).clean();
      const up = (await fleet.up(limited({ threshold: 4_000 }))).clean();
      assert.deepEqual([up.changes, up.requests], ["update fleet", []]);
      assert.deepEqual(
        ["overageLimit", "threshold", "smsLimit"].map((name) => fleet.outputs()[name]),
        [undefined, 4_000, undefined],
      );
      allHave(fleet, limits);
      for (const name of ["overageLimit", "smsLimit"]) {
        const note = `${name} is no longer declared: the SIMs keep the value they have`;
        assert(up.lines.some(({ severity, message }) => severity === "warning" && message === note));
      }
      await assertQuiet(fleet, limited({ threshold: 4_000 }));
      const deviceids = cards(20).map((each) => fleet.emulator.sim(each).deviceId);
      await byHand(fleet.emulator, "POST", "/devices/usagelimit", { deviceids, overagelimit: 9_000 });
      await assertQuiet(fleet, limited({ threshold: 4_000 }));
    }));

  it("can be taken off: -1, and 100 SMS is what Hologram makes of that", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up(limited({ overageLimit: 5_000, threshold: 4_000, smsLimit: 20 }))).clean();
      const none = limited({ overageLimit: -1, threshold: -1, smsLimit: -1 });
      const up = (await fleet.up(none)).clean();
      assert.deepEqual(changesOf(fleet.emulator, up, "usagelimit")[0]?.body, {
        ...{ overagelimit: -1, datathreshold: -1, smslimit: -1 },
      });
      allHave(fleet, { overageLimit: -1, threshold: -1, smsLimit: 100 });
      await assertQuiet(fleet, none);
      const again = (await fleet.up(limited({ smsLimit: 100 }))).clean();
      assert.deepEqual(again.writes, []);
    }));

  it("of SIMs that enter come with the claim, and those of the others are set", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up(limited({ overageLimit: 5_000 }))).clean();
      const next = { simRange: range(25), plan, overageLimit: 9_000 };
      const up = (await fleet.up(next)).clean();
      assert.partialDeepStrictEqual(up.preview(), { activate: 5, changeLimits: 20, unchanged: 0 });
      assert.deepEqual(sentIn(up), ["bulkclaim 5", "usagelimit 20"]);
      for (const each of cards(25)) assert.equal(fleet.emulator.sim(each).overageLimit, 9_000);
      await assertQuiet(fleet, next);
    }));

  for (const changeAnswers of ["lists", "bare"] as const) {
    it(`that the server does not take for some SIMs are not done there (${changeAnswers} answers)`, () =>
      withFleet({ behaviour: { changeAnswers } }, async (fleet) => {
        (await fleet.up(limited({ overageLimit: 5_000 }))).clean();
        const refused = cards(2, 4);
        const reason = "Not available in your contract";
        fleet.emulator.faults.add({ ...onLimits, fault: { kind: "refuse", iccids: refused, reason } });
        const next = limited({ overageLimit: 9_000 });
        const failed = await fleet.up(next);
        const said = changeAnswers === "lists" ? reason : "Hologram took the change and does not show it";
        assert.deepEqual(failed.reasons.slice(1), [`${said}: ${refused.join(", ")}`]);
        assert.deepEqual(
          fleet.outputs().unfinished,
          refused.map((each) => `${each}: ${said}`),
        );
        assert.deepEqual(sentIn(failed), ["usagelimit 20"]);
        const again = (await fleet.up(next)).clean();
        assert.partialDeepStrictEqual(again.preview(), { changeLimits: 2, unchanged: 18 });
        assert.deepEqual(
          changesOf(fleet.emulator, again, "usagelimit").map(({ iccids }) => iccids),
          [refused],
        );
        await assertQuiet(fleet, next);
      }));
  }

  for (const [what, fault] of Object.entries(landed)) {
    it(`landed, ${what}: done`, () =>
      withFleet({}, async (fleet) => {
        (await fleet.up(limited({ overageLimit: 5_000 }))).clean();
        fleet.emulator.faults.add({ ...onLimits, fault });
        const up = (await fleet.up(limited({ overageLimit: 9_000 }))).clean();
        assert.deepEqual(sentIn(up), ["usagelimit 20"]);
        allHave(fleet, { overageLimit: 9_000 });
        await assertQuiet(fleet, limited({ overageLimit: 9_000 }));
      }));
  }

  for (const [what, fault] of Object.entries(dropped)) {
    it(`not landed, ${what}: not done, and the next up sets them`, () =>
      withFleet({}, async (fleet) => {
        (await fleet.up(limited({ overageLimit: 5_000 }))).clean();
        fleet.emulator.faults.add({ ...onLimits, fault });
        const next = limited({ overageLimit: 9_000 });
        const failed = await fleet.up(next);
        assert.match(failed.reasons.join("\n"), /^20 SIMs not done\. .*\n.*may or may not .*usagelimit/);
        assert.deepEqual(sentIn(failed), ["usagelimit 20"]);
        assert.equal(fleet.outputs().overageLimit, 5_000);
        assert.deepEqual(sentIn((await fleet.up(next)).clean()), ["usagelimit 20"]);
        await assertQuiet(fleet, next);
      }));
  }

  it("that are taken and never shown are given up within bounds", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up(limited({ overageLimit: 5_000 }))).clean();
      const fault = { kind: "status", status: 200, body: { success: true } } as const;
      fleet.emulator.faults.add({ ...onLimits, fault });
      const begun = fleet.timeline.now;
      const failed = await fleet.up(limited({ overageLimit: 9_000 }));
      assert.match(failed.reasons[1] ?? "", /^Hologram took the change and does not show it: 8944/);
      const waited = fleet.timeline.now - begun;
      assert(waited >= 2 * MINUTE && waited < 3 * MINUTE, `${waited} ms`);
      assert.deepEqual(sentIn(failed), ["usagelimit 20"]);
    }));

  it("that are not known yet leave the preview of a fleet whole", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up(limited({ overageLimit: 5_000 }))).clean();
      const preview = (await fleet.preview(limited({ overageLimit: UNKNOWN }))).clean();
      assert.equal(preview.changes, "update fleet");
      assert.partialDeepStrictEqual(preview.preview(), { changeLimits: 20, simCount: 20, monthlyCost: 12 });
      assert.equal(preview.preview().unverified, undefined);
      assert.deepEqual(preview.writes, []);
    }));

  it("that are not known yet are none that a matching SIM would be changed to", () =>
    withFleet({}, async (fleet) => {
      fleet.emulator.activateByHand(cards(20), { plan, zone: "global" });
      const matching = (await fleet.preview(limited({ smsLimit: UNKNOWN }))).clean();
      assert.partialDeepStrictEqual(matching.preview(), { adopt: 20, changeLimits: 0 });
      const always = (await fleet.preview(limited({ smsLimit: UNKNOWN, adopt: "always" }))).clean();
      assert.partialDeepStrictEqual(always.preview(), { adopt: 20, changeLimits: 20 });
    }));

  it("drift of single SIMs is no business of an up that nobody told of it", () =>
    withFleet({}, async (fleet) => {
      const next = limited({ overageLimit: 5_000 });
      (await fleet.up(next)).clean();
      const { deviceId } = fleet.emulator.sim(iccid(4));
      await byHand(fleet.emulator, "POST", "/devices/usagelimit", { deviceids: [deviceId], overagelimit: 1 });
      const up = (await fleet.up(next)).clean();
      assert.deepEqual(up.requests, []);
      assert.equal(fleet.emulator.sim(iccid(4)).overageLimit, 1);
    }));
});
