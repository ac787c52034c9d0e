import assert from "node:assert/strict";
import { cards, iccid, PLAN, range, withFleet } from "../../harness/provider/providerFleet";

const plan = PLAN;
/** So long after the newest claim, absence is loss. */
const SETTLED = 601_000;
const forms = { range: { simRange: range(40), plan }, list: { sims: cards(40), plan } };

describe("dynamic: read", () => {
  for (const [form, inputs] of Object.entries(forms)) {
    for (const edition of ["E1", "E3"] as const) {
      it(`${form}, ${edition}: right after an up shows nothing and changes nothing`, () =>
        withFleet(
          { behaviour: { edition, settleReads: 1, lists: edition === "E1" ? "keyed" : "array" } },
          async (fleet) => {
            (await fleet.up({ ...inputs, overageLimit: 5_000, smsLimit: -1, zone: "Global" })).clean();
            const before = structuredClone(fleet.find());
            for (let time = 0; time < 2; time++) {
              const report = (await fleet.refresh()).clean();
              assert.deepEqual([report.changes, report.writes], ["", []]);
              assert.deepEqual(fleet.find(), before);
              assert.deepEqual(report.lines, []);
            }
          },
        ));
    }

    it(`${form}: SIMs that are dead or moved are lost, and the others stay aligned`, () =>
      withFleet({}, async (fleet) => {
        const { emulator } = fleet;
        (await fleet.up(inputs)).clean();
        emulator.setState(iccid(3), "DEAD");
        await fleet.timeline.advance(SETTLED);
        emulator.move(iccid(7), emulator.addOrganization({ name: "Others" }));
        const report = (await fleet.refresh()).clean();
        const there = cards(40).filter((each) => each !== iccid(3) && each !== iccid(7));
        assert.partialDeepStrictEqual(fleet.outputs(), {
          iccids: there,
          simCount: 38,
          lost: [iccid(3), iccid(7)],
        });
        assert.deepEqual(
          fleet.outputs().deviceIds,
          there.map((each) => emulator.sim(each).deviceId),
        );
        assert.match(
          report.lines.map(({ severity, message }) => `${severity}: ${message}`).join("\n"),
          new RegExp(`^warning: 2 SIMs lost \\(deactivated, or moved away\\): ${iccid(3)}, ${iccid(7)}$`),
        );
        // They are told once, and never claimed again.
        assert.deepEqual((await fleet.refresh()).clean().lines, []);
        const up = (await fleet.up(inputs)).clean();
        assert.deepEqual([up.writes, up.changes], [[], ""]);
      }));

    it(`${form}: all SIMs gone are lost, and the resource stays`, () =>
      withFleet({}, async (fleet) => {
        (await fleet.up(inputs)).clean();
        for (const each of cards(40)) fleet.emulator.setState(each, "DEAD");
        (await fleet.refresh()).clean();
        assert.partialDeepStrictEqual(fleet.outputs(), {
          iccids: [],
          deviceIds: [],
          linkIds: [],
          simCount: 0,
          lost: cards(40),
        });
        assert.equal(fleet.find()?.id, form === "range" ? range(40) : `${iccid(0)}-to-${iccid(39)}-40-sims`);
        const up = await fleet.up(inputs);
        assert.deepEqual([up.writes, fleet.resources.length], [[], 1]);
      }));

    it(`${form}: by device id, whatever ICCID the SIM shows`, () =>
      withFleet({}, async (fleet) => {
        (await fleet.up(inputs)).clean();
        const before = structuredClone(fleet.outputs());
        fleet.emulator.swapProfile(iccid(3), "89000000000000000003");
        const report = (await fleet.refresh()).clean();
        assert.deepEqual([report.changes, fleet.outputs()], ["", before]);
      }));

    it(`${form}: SIMs that were paused are still held`, () =>
      withFleet({}, async (fleet) => {
        (await fleet.up(inputs)).clean();
        fleet.emulator.setState(iccid(3), "PAUSED-USER");
        fleet.emulator.setState(iccid(4), "PAUSED-SYS");
        (await fleet.refresh()).clean();
        assert.deepEqual([fleet.outputs().iccids, fleet.outputs().lost], [cards(40), []]);
      }));
  }

  it("reads a range in pages, and no more", () =>
    withFleet({ pack: { count: 2_500 } }, async (fleet) => {
      (await fleet.up({ simRange: range(2_500), plan })).clean();
      const report = (await fleet.refresh()).clean();
      assert.deepEqual(
        report.requests.map(({ path }) => path),
        ["/organizations", ...Array.from({ length: 3 }, () => "/links/cellular")],
      );
    }));

  it("an API that is dead, or a key that is wrong, leaves state as it is", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up(forms.range)).clean();
      const before = structuredClone(fleet.find());
      fleet.environment.HOLOGRAM_API_KEY = "no-such-key-11aa";
      assert.match((await fleet.refresh()).errors.join(), /refused the API key/);
      fleet.environment.HOLOGRAM_BASE_URL = "http://127.0.0.1:9/api/1";
      assert.match((await fleet.refresh()).errors.join(), /could not be reached/);
      assert.deepEqual(fleet.find(), before);
    }));

  it("without a declaration (import, get) says that and what to do", () =>
    withFleet({}, async (fleet) => {
      const { read } = fleet.newProcess();
      for (const props of [undefined, {}, { simRange: range(3), plan }]) {
        await assert.rejects(
          read("any", props),
          /Dynamic resources cannot be imported: declare the SIMs in the program/,
        );
      }
      assert.deepEqual(fleet.emulator.requests, []);
    }));
});
