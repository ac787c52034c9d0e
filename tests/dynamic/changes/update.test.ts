import assert from "node:assert/strict";
import { cards, iccid, PLAN, range, withFleet } from "../../harness/provider/providerFleet";
import { simsOf } from "../../harness/provider/providerReport";

const plan = PLAN;
const onRelease = "pause";

describe("dynamic: update", () => {
  it("grows by what was added, shrinks by what left, and pauses only those", () =>
    withFleet({}, async (fleet) => {
      const { emulator } = fleet;
      (await fleet.up({ simRange: range(100), plan, onRelease })).clean();
      const grown = (await fleet.up({ simRange: range(150), plan, onRelease })).clean();
      assert.equal(grown.changes, "update fleet");
      assert.deepEqual(grown.claims.flatMap(simsOf), cards(50, 100));
      assert.deepEqual(fleet.outputs().iccids, cards(150));

      const shrunk = (await fleet.up({ simRange: range(120), plan, onRelease })).clean();
      assert.deepEqual([shrunk.changes, shrunk.claims], ["update fleet", []]);
      assert.deepEqual(
        emulator
          .judgement()
          .pauses.map((pause) => pause.iccid)
          .sort(),
        cards(30, 120),
      );
      assert.deepEqual(fleet.outputs().iccids, cards(120));
      assert(
        shrunk.lines.some(({ message }) => message === "30 SIMs paused, still billed (onRelease: pause)"),
      );
      assert.deepEqual((await fleet.up({ simRange: range(120), plan, onRelease })).clean().requests, []);
      assert.equal(emulator.ledger.length, 150);
    }));

  it("with the default onRelease, a shrink sends no write and says that they are billed", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up({ simRange: range(100), plan })).clean();
      const report = (await fleet.up({ simRange: range(70), plan })).clean();
      assert.deepEqual([report.writes, fleet.outputs().iccids], [[], cards(70)]);
      assert(
        report.lines.some(({ message }) => message === "30 SIMs stay active and billed (onRelease: keep)"),
      );
    }));

  it("a range written as the list of its SIMs changes nothing", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up({ simRange: range(100), plan, onRelease })).clean();
      const before = structuredClone(fleet.outputs());
      const list = (await fleet.up({ sims: cards(100).reverse(), plan, onRelease })).clean();
      assert.deepEqual([list.changes, list.writes], ["", []]);
      assert.deepEqual(fleet.outputs(), before);
      const again = (await fleet.up({ sims: cards(100), plan, onRelease })).clean();
      assert.deepEqual([again.changes, again.requests], ["", []]);
      const back = (await fleet.up({ simRange: range(100), plan, onRelease })).clean();
      assert.deepEqual([back.changes, back.writes], ["", []]);
    }));

  it("a list written as the range around it claims what else the range holds", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up({ sims: cards(8, 1), plan })).clean();
      const report = (await fleet.up({ simRange: range(10), plan })).clean();
      assert.equal(report.changes, "update fleet");
      assert.deepEqual(report.claims.flatMap(simsOf), [iccid(0), iccid(9)]);
      assert.deepEqual(fleet.outputs().iccids, cards(10));
    }));

  for (const form of ["range", "list"] as const) {
    const select = (count: number, from: number) =>
      form === "range" ? { simRange: range(count, from) } : { sims: cards(count, from) };

    const rows = [
      {
        what: "that overlap are an update in place",
        count: 100,
        from: 60,
        changes: "update fleet",
        preview: { activate: 60, release: 60, unchanged: 40 },
      },
      {
        what: "that share nothing are a replace",
        count: 50,
        from: 100,
        changes: "replace fleet, delete fleet",
        preview: { activate: 50, release: 50, simCount: 50 },
      },
    ] as const;
    for (const { what, count, from, changes, preview } of rows) {
      it(`${form}: selections ${what}, claims before releases`, () =>
        withFleet({}, async (fleet) => {
          (await fleet.up({ ...select(count, 0), plan, onRelease })).clean();
          const report = (await fleet.up({ ...select(count, from), plan, onRelease })).clean();
          assert.equal(report.changes, changes);
          assert.partialDeepStrictEqual(report.preview(), preview);
          assert.deepEqual(
            report.writes.map(({ path }) => path),
            ["/links/cellular/bulkclaim", "/devices/state"],
          );
          const paused = fleet.emulator.judgement().pauses.map((pause) => pause.iccid);
          assert.deepEqual(paused.sort(), cards(preview.release));
          assert.deepEqual(fleet.outputs().iccids, cards(count, from));
          assert.equal(fleet.resources.length, 1);
        }));
    }
  }

  it("the release follows the recorded onRelease, and a note says so", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up({ simRange: range(100), plan })).clean();
      const report = (await fleet.up({ simRange: range(90), plan, onRelease })).clean();
      assert.deepEqual(report.writes, []);
      assert(
        report.lines.some(
          ({ severity, message }) =>
            severity === "warning" &&
            /^the SIMs that leave follow the recorded onRelease "keep"/.test(message),
        ),
      );
      (await fleet.up({ simRange: range(80), plan, onRelease })).clean();
      assert.deepEqual(
        fleet.emulator
          .judgement()
          .pauses.map((pause) => pause.iccid)
          .sort(),
        cards(10, 80),
      );
    }));

  it("a held SIM that was paused by hand is resumed only where the preview counted it", () =>
    withFleet({}, async (fleet) => {
      const { emulator } = fleet;
      (await fleet.up({ simRange: range(10), plan })).clean();
      emulator.setState(iccid(3), "PAUSED-USER");
      (await fleet.up({ simRange: range(10), plan })).clean();
      assert.equal(emulator.sim(iccid(3)).state, "PAUSED-USER");
      const report = (await fleet.up({ simRange: range(12), plan })).clean();
      assert.partialDeepStrictEqual(report.preview(), { activate: 2, resume: 1 });
      assert.equal(emulator.sim(iccid(3)).state, "LIVE");
    }));

  it("a held SIM that is gone is lost: reported, kept out of the arrays, never claimed again", () =>
    withFleet({}, async (fleet) => {
      const { emulator } = fleet;
      (await fleet.up({ simRange: range(10), plan })).clean();
      // So long after the newest claim, absence is loss.
      await fleet.timeline.advance(601_000);
      emulator.setState(iccid(3), "DEAD");
      emulator.move(iccid(4), emulator.addOrganization({ name: "Others" }));
      const report = (await fleet.up({ simRange: range(12), plan })).clean();
      assert.deepEqual(report.claims.flatMap(simsOf), cards(2, 10));
      const { iccids, lost } = fleet.outputs();
      assert.deepEqual([iccids, lost], [[...cards(3), ...cards(7, 5)], cards(2, 3)]);
      assert(
        report.lines.some(({ severity, message }) => severity === "warning" && /^2 SIMs lost/.test(message)),
      );
      assert.deepEqual((await fleet.up({ simRange: range(12), plan })).clean().requests, []);
    }));

  it("a SIM whose profile was swapped is held, whatever ICCID it shows now", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up({ simRange: range(10), plan })).clean();
      fleet.emulator.swapProfile(iccid(3), "89000000000000000003");
      const report = (await fleet.up({ simRange: range(12), plan })).clean();
      assert.deepEqual(report.claims.flatMap(simsOf), cards(2, 10));
      assert.deepEqual([fleet.outputs().iccids, fleet.outputs().lost], [cards(12), []]);
    }));

  it("a limit that is no longer declared stays as it is, with a note", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up({ simRange: range(10), plan, overageLimit: 5_000 })).clean();
      const report = (await fleet.up({ simRange: range(10), plan })).clean();
      assert.deepEqual(report.writes, []);
      assert.equal(fleet.emulator.sim(iccid(0)).overageLimit, 5_000);
      assert(
        report.lines.some(
          ({ message }) =>
            message === "overageLimit is no longer declared: the SIMs keep the value they have",
        ),
      );
    }));

  it("a failed update keeps the old inputs and goes on from there", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up({ simRange: range(10), plan })).clean();
      const inputs = structuredClone(fleet.find()?.inputs);
      fleet.emulator.faults.add({
        ...{ path: "/links/cellular/bulkclaim", preview: false },
        fault: { kind: "status", status: 422, body: { success: false, error: "Not today" } },
      });
      const failed = await fleet.up({ simRange: range(20), plan });
      assert.match(failed.reasons.join("\n"), /Not today.*: 8944/);
      assert.deepEqual(fleet.find()?.inputs, inputs);
      assert.deepEqual(fleet.outputs().iccids, cards(10));
      fleet.emulator.faults.clear();
      const next = (await fleet.up({ simRange: range(20), plan })).clean();
      assert.deepEqual(next.claims.flatMap(simsOf), cards(10, 10));
      assert.partialDeepStrictEqual(fleet.outputs(), {
        iccids: cards(20),
        unfinished: [],
        simRange: range(20),
      });
    }));
});
