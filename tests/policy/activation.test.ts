import assert from "node:assert/strict";
import { largestActivation, largestRelease } from "../../provider/policy";
import { assertViolation, told, UNKNOWN, verdict } from "./support";

describe("policy largest-activation", () => {
  const config = { maxSims: 50 };
  const ask = (preview: unknown, props = {}) =>
    verdict(largestActivation, { props: { ...props, preview } }, config);

  it("counts SIMs to be activated, up to the limit and with it", async () => {
    assert.deepEqual(await ask(told({ activate: 50 })), []);
    assertViolation(
      await ask(told({ activate: 1_051 })),
      '"fleet" activates 1,051 SIMs',
      "at most 50",
      "raise maxSims",
    );
  });

  it("does not count what is held, adopted or resumed: a later change to a large fleet passes", async () => {
    assert.deepEqual(await ask(told({ unchanged: 10_000, adopt: 400, resume: 90, simCount: 10_490 })), []);
  });

  it("takes the program's own count where nobody could look", async () => {
    const untold = { unverified: "no API key" };
    const sims = ["89445001021983048260", "89445001021983048270", "89445001021983048270"];
    const list = { simRange: undefined, sims };
    assert.deepEqual(await ask(untold, list), []);
    assertViolation(
      await verdict(largestActivation, { props: { ...list, preview: untold } }, { maxSims: 1 }),
      "is not verified (no API key) and may activate 2 SIMs in one change; at most 1 is allowed.",
    );
    assertViolation(await ask(untold, { expectedSims: 100 }), "may activate 100 SIMs");
    // A range that is not counted is not activated then.
    assert.deepEqual(await ask(untold), []);
  });

  it("waits for inputs that are not known yet", async () => {
    const untold = { unverified: "not known before the update: simRange" };
    assert.deepEqual(await ask(untold, { simRange: UNKNOWN, expectedSims: 100 }), []);
    assert.deepEqual(await ask(untold, { simRange: undefined, sims: ["89445001021983048260", UNKNOWN] }), []);
    assert.deepEqual(await ask(UNKNOWN), []);
  });

  it("judges what is known when something else is not", async () => {
    assertViolation(await ask(told({ activate: 51 }), { tagId: UNKNOWN }), "activates 51 SIMs");
  });

  it("allows nothing with 0, and says nothing without a limit or of another resource", async () => {
    const declared = { props: { preview: told({ activate: 1 }) } };
    assertViolation(
      await verdict(largestActivation, declared, { maxSims: 0 }),
      "1 SIM in one change; at most 0",
    );
    assert.deepEqual(await verdict(largestActivation, declared), {
      notApplicable: "maxSims is not configured",
    });
    assert.ok(
      "notApplicable" in (await verdict(largestActivation, { ...declared, type: "aws:s3:Bucket" }, config)),
    );
  });
});

describe("policy largest-release", () => {
  const ask = (preview: unknown, config = { maxSims: 20 }) =>
    verdict(largestRelease, { props: { preview } }, config);

  it("counts the SIMs that leave", async () => {
    assert.deepEqual(await ask(told({ release: 20 })), []);
    assertViolation(
      await ask(told({ release: 21 })),
      '21 SIMs would leave "fleet"',
      "at most 20",
      "raise maxSims",
    );
  });

  it("knows of a preview that could not be read what a replace releases", async () => {
    assert.deepEqual(await ask({ unverified: "no API key", release: 20 }), []);
    assertViolation(await ask({ unverified: "no API key", release: 21 }), "21 SIMs would leave");
  });

  it("says nothing of what is not told, and without a limit", async () => {
    assert.deepEqual(await ask({ unverified: "no API key" }), []);
    const without = await verdict(largestRelease, { props: { preview: told({ release: 21 }) } });
    assert.deepEqual(without, { notApplicable: "maxSims is not configured" });
  });
});
