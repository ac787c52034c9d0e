import assert from "node:assert/strict";
import {
  limitsRequired,
  noAdoption,
  noDeactivate,
  noUnverifiedPreview,
  protectRequired,
} from "../../provider/policy";
import { assertViolation, told, UNKNOWN, verdict } from "./support";

describe("policy no-deactivate", () => {
  const ask = (onRelease: unknown) => verdict(noDeactivate, { props: { onRelease } });

  it("stops onRelease deactivate alone", async () => {
    assert.deepEqual(await ask("keep"), []);
    assert.deepEqual(await ask("pause"), []);
    assert.deepEqual(await ask(UNKNOWN), []);
    assertViolation(
      await ask("deactivate"),
      '"fleet" deactivates SIMs that leave it, for ever',
      'onRelease "keep"',
    );
  });
});

describe("policy no-adoption", () => {
  const ask = (preview: unknown) => verdict(noAdoption, { props: { preview } });

  it("counts SIMs that are taken over", async () => {
    assert.deepEqual(await ask(told({ activate: 100 })), []);
    assert.deepEqual(await ask({ unverified: "no API key" }), []);
    assertViolation(
      await ask(told({ adopt: 12 })),
      '"fleet" takes over 12 SIMs',
      "no other stack declares them",
    );
    assertViolation(await ask(told({ adopt: 1 })), "takes over 1 SIM", "declares it, or leave it out");
  });
});

describe("policy no-unverified-preview", () => {
  const ask = (preview: unknown, props = {}) =>
    verdict(noUnverifiedPreview, { props: { ...props, preview } });
  const unverified = "Hologram does not say which SIMs the range holds";

  it("passes what was read", async () => {
    assert.deepEqual(await ask(told({ activate: 100 })), []);
  });

  it("names the reason", async () => {
    assertViolation(
      await ask({ unverified: "no API key" }),
      'the preview of "fleet" is not verified: no API key. ',
    );
    assertViolation(await ask(told({ activate: 100, unverified })), unverified);
    assertViolation(await ask(undefined), "the inputs carry no preview");
    assertViolation(
      await ask({ unverified: "not known before the update: simRange" }, { simRange: UNKNOWN }),
      "not verified: not known before the update: simRange",
    );
  });

  it("says nothing of a fleet with nothing to do", async () => {
    assert.deepEqual(await ask(told({ unverified })), []);
  });
});

describe("policy limits-required", () => {
  const ask = (props: object, config = {}) => verdict(limitsRequired, { props: { ...props } }, config);

  it("requires a data limit, and -1 is none", async () => {
    assert.deepEqual(await ask({ overageLimit: 5_000_000 }), []);
    assertViolation(
      await ask({}),
      '"fleet" declares no overageLimit',
      "limits of the policy limits-required",
    );
    assertViolation(await ask({ overageLimit: -1 }), '"fleet" declares no overageLimit');
  });

  it("requires the limits that are configured, and waits for unknown ones", async () => {
    const config = { limits: ["threshold", "smsLimit"] };
    assert.deepEqual(await ask({ threshold: 0, smsLimit: UNKNOWN }, config), []);
    assertViolation(await ask({ overageLimit: 1 }, config), "declares no threshold and no smsLimit");
  });
});

describe("policy protect-required", () => {
  it("looks at the resource option", async () => {
    assert.deepEqual(await verdict(protectRequired, { protect: true }), []);
    assertViolation(await verdict(protectRequired, {}), '"fleet" is not protected', "{ protect: true }");
  });
});
