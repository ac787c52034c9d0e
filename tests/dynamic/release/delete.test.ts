import assert from "node:assert/strict";
import { cards, iccid, PLAN, range, withFleet } from "../../harness/provider/providerFleet";

const plan = PLAN;
const simRange = range(40);

describe("dynamic: delete", () => {
  it("keep, the default, sends nothing, needs no key, and says what stays", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up({ simRange, plan })).clean();
      fleet.environment.HOLOGRAM_API_KEY = undefined;
      const report = (await fleet.destroy()).clean();
      assert.deepEqual([report.requests, fleet.resources], [[], []]);
      assert.deepEqual(
        report.lines.map(({ message }) => message),
        ["40 SIMs stay active and billed (onRelease: keep)"],
      );
    }));

  it("pause pauses every SIM, and deactivates none", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up({ simRange, plan, onRelease: "pause" })).clean();
      const report = (await fleet.destroy()).clean();
      const { pauses, deactivations } = fleet.emulator.judgement();
      assert.deepEqual([pauses.map((pause) => pause.iccid).sort(), deactivations], [cards(40), []]);
      assert.deepEqual(
        report.lines.filter(({ ephemeral }) => !ephemeral).map(({ message }) => message),
        ["40 SIMs paused, still billed (onRelease: pause)"],
      );
    }));

  it("pause sends at most 1,000 devices a request", () =>
    withFleet({ pack: { count: 2_500 } }, async (fleet) => {
      (await fleet.up({ simRange: range(2_500), plan, onRelease: "pause" })).clean();
      const report = (await fleet.destroy()).clean();
      assert.deepEqual(
        report.writes.map(({ path }) => path),
        Array.from({ length: 3 }, () => "/devices/state"),
      );
      assert.equal(fleet.emulator.judgement().pauses.length, 2_500);
    }));

  it("waits for SIMs whose state is just changing, such as those activated a moment ago", () =>
    withFleet({ behaviour: { settleReads: 3 } }, async (fleet) => {
      (await fleet.up({ simRange, plan, onRelease: "pause" })).clean();
      const report = (await fleet.destroy()).clean();
      assert.equal(fleet.emulator.judgement().pauses.length, 40);
      const said = report.lines.map(({ message }) => message);
      assert.ok(said.includes("waiting for 40 SIMs whose state is just changing"));
    }));

  it("reports SIMs that stay locked, after a fifth of the settling time, and goes on next time", () =>
    withFleet({ behaviour: { settleReads: 1_000 } }, async (fleet) => {
      (await fleet.up({ simRange, plan, onRelease: "pause" })).clean();
      const before = fleet.timeline.now;
      const report = await fleet.destroy();
      assert.match(
        report.errors.join(),
        /^40 SIMs of 40 could not be released \(onRelease: pause\): .*locked/,
      );
      assert.ok(fleet.timeline.now - before <= 121_000);
      fleet.emulator.behaviour.settleReads = 0;
      for (const sim of cards(40)) fleet.emulator.setState(sim, "LIVE");
      (await fleet.destroy()).clean();
      assert.equal(fleet.emulator.judgement().pauses.length, 40);
    }));

  it("is idempotent: what is paused, dead or moved away counts as released", () =>
    withFleet({}, async (fleet) => {
      const { emulator } = fleet;
      (await fleet.up({ simRange, plan, onRelease: "pause" })).clean();
      emulator.setState(iccid(1), "PAUSED-USER");
      emulator.setState(iccid(2), "DEAD");
      emulator.move(iccid(3), emulator.addOrganization({ name: "Others" }));
      const record = structuredClone(fleet.find());
      (await fleet.destroy()).clean();
      assert(record);
      fleet.resources.push(record);
      (await fleet.destroy()).clean();
      assert.deepEqual([fleet.resources, emulator.judgement().deactivations], [[], []]);
      assert.equal(emulator.sim(iccid(2)).state, "DEAD");
    }));

  it("one that fails half-way names the SIMs and can be called again", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up({ simRange, plan, onRelease: "pause" })).clean();
      fleet.emulator.faults.add({
        path: "/devices/state",
        fault: { kind: "refuse", iccids: [iccid(3), iccid(9)], reason: "SIM state is locked" },
      });
      const failed = await fleet.destroy();
      assert.deepEqual(failed.errors, [
        `2 SIMs of 40 could not be released (onRelease: pause): SIM state is locked: ${iccid(3)}, ${iccid(9)}. ` +
          "The others are done; run the command again to go on.",
      ]);
      assert.equal(fleet.resources.length, 1);
      fleet.emulator.faults.clear();
      (await fleet.destroy()).clean();
      assert.equal(fleet.emulator.judgement().pauses.length, 40);
    }));

  it("a lost answer is no answer: the state is read", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up({ simRange, plan, onRelease: "pause" })).clean();
      fleet.emulator.faults.add({ path: "/devices/state", fault: { kind: "drop", commit: true } });
      (await fleet.destroy()).clean();
      assert.deepEqual(fleet.emulator.judgement().pauses.length, 40);
    }));

  it("a bare answer counts for all", () =>
    withFleet({ behaviour: { changeAnswers: "bare" } }, async (fleet) => {
      (await fleet.up({ simRange, plan, onRelease: "pause" })).clean();
      (await fleet.destroy()).clean();
      assert.equal(fleet.emulator.judgement().pauses.length, 40);
    }));

  it("deactivate needs an up that recorded it, and a number that someone wrote down", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up({ simRange, plan, onRelease: "deactivate" })).clean();
      const refused = await fleet.destroy();
      assert.match(
        refused.errors.join(),
        /^nothing was sent: this run would deactivate 40 SIMs for ever, and hologram:maxDeactivations allows 0; .*`pulumi config set hologram:maxDeactivations 40` .*HOLOGRAM_MAX_DEACTIVATIONS=40/,
      );
      assert.deepEqual([refused.writes, fleet.resources.length], [[], 1]);
      fleet.environment.HOLOGRAM_MAX_DEACTIVATIONS = "39";
      assert.equal((await fleet.destroy()).errors.length, 1);
      assert.deepEqual(fleet.emulator.judgement().deactivations, []);

      fleet.environment.HOLOGRAM_MAX_DEACTIVATIONS = "40";
      const report = (await fleet.destroy()).clean();
      assert.equal(fleet.emulator.judgement().deactivations.length, 40);
      assert(
        report.lines.some(
          ({ message }) => message === "40 SIMs deactivated for ever (onRelease: deactivate)",
        ),
      );
    }));

  it("deactivate of a shrink is refused by the preview already", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up({ simRange, plan, onRelease: "deactivate" })).clean();
      const refused = await fleet.preview({ simRange: range(30), plan, onRelease: "deactivate" });
      assert.match(refused.failures.join(), /^this run would deactivate 10 SIMs for ever, .* allows 0/);
      fleet.config = { "hologram:maxDeactivations": "10" };
      (await fleet.up({ simRange: range(30), plan, onRelease: "deactivate" })).clean();
      assert.deepEqual(
        fleet.emulator
          .judgement()
          .deactivations.map((each) => each.iccid)
          .sort(),
        cards(10, 30),
      );
    }));

  it("the number holds for the whole run, over several resources", () =>
    withFleet({}, async (fleet) => {
      const onRelease = "deactivate";
      fleet.environment.HOLOGRAM_MAX_DEACTIVATIONS = "30";
      (
        await fleet.upProgram({
          a: { simRange: range(20), plan, onRelease },
          b: { simRange: range(20, 20), plan, onRelease },
        })
      ).clean();
      const report = await fleet.destroy();
      assert.match(report.errors.join(), /would deactivate 40 SIMs/);
      assert.equal(fleet.emulator.judgement().deactivations.length, 20);
      assert.equal(fleet.resources.length, 1);
    }));

  it("editing onRelease to deactivate together with the removal does not deactivate", () =>
    withFleet({}, async (fleet) => {
      fleet.environment.HOLOGRAM_MAX_DEACTIVATIONS = "1000";
      (await fleet.up({ simRange, plan })).clean();
      (await fleet.up({ simRange: range(30), plan, onRelease: "deactivate" })).clean();
      assert.deepEqual(fleet.emulator.judgement().deactivations, []);
    }));
});
