import assert from "node:assert/strict";
import { compareSettings, settingsIn } from "../../provider/account/programSettings";
import { takeProgramFacts } from "../../provider/dynamic/wire/registration";
import { embeddedEngine } from "../../provider/testing/engine";
import { range } from "../harness/engine/fleetStack";
import { withProgram } from "../harness/engine/programStack";
import { PLAN, range as rangeOfPack, withFleet } from "../harness/provider/providerFleet";

const never = () => false;

describe("settings of the program, and of the provider process", () => {
  it("are told by name and a digest, never by value", () => {
    const told = settingsIn({ HOLOGRAM_API_KEY: " key-in-the-clear ", HOLOGRAM_ORG_ID: " ", OTHER: "x" });
    assert.deepEqual(Object.keys(told), ["HOLOGRAM_API_KEY"]);
    assert.match(told.HOLOGRAM_API_KEY ?? "", /^[0-9a-f]{8}$/);
    assert.deepEqual(told, settingsIn({ HOLOGRAM_API_KEY: "key-in-the-clear" }));
  });

  it("that agree are no matter, and neither are those that an explicit Provider makes", () => {
    const environment = { HOLOGRAM_API_KEY: "a", HOLOGRAM_MAX_ACTIVATIONS: "5" };
    const none = { errors: [], warnings: [] };
    assert.deepEqual(compareSettings(settingsIn(environment), environment, never), none);
    assert.deepEqual(
      compareSettings(settingsIn(environment), {}, () => true),
      none,
    );
  });

  for (const cap of ["HOLOGRAM_MAX_ACTIVATIONS", "HOLOGRAM_MAX_DUE_NOW"]) {
    it(`${cap} of the program that the provider does not see, or sees otherwise, is an error`, () => {
      for (const [environment, seen] of [
        [{}, "does not see it"],
        [{ [cap]: "500" }, "sees another value"],
      ] as const) {
        const { errors, warnings } = compareSettings(settingsIn({ [cap]: "1" }), environment, never);
        assert.deepEqual([errors.length, warnings], [1, []]);
        assert.match(errors[0] ?? "", new RegExp(`^${cap} is set in the program's own environment.*${seen}`));
        assert.match(errors[0] ?? "", /Set it in the environment of the pulumi command.*Nothing was sent\.$/);
      }
    });
  }

  it("a cap that only the provider sees holds, and needs no word", () => {
    const { errors, warnings } = compareSettings({}, { HOLOGRAM_MAX_ACTIVATIONS: "5" }, never);
    assert.deepEqual([errors, warnings], [[], []]);
  });

  it("others are warned of, on either side", () => {
    const program = settingsIn({
      HOLOGRAM_BASE_URL: "https://other.example/api/1",
      HOLOGRAM_JOURNAL: "kept",
    });
    const { errors, warnings } = compareSettings(program, { HOLOGRAM_API_KEY: "a" }, never);
    assert.deepEqual(errors, []);
    assert.match(
      warnings[0] ?? "",
      /^HOLOGRAM_API_KEY is set for the pulumi command.*look-ups such as getSims/,
    );
    assert.match(warnings[1] ?? "", /^HOLOGRAM_BASE_URL is set in the program's own.*fleets do not use it/);
    assert.match(warnings[2] ?? "", /^HOLOGRAM_JOURNAL/);
  });

  it("are dropped by check, which warns of each once in a process and stops for a cap", () =>
    withFleet({}, async (fleet) => {
      const inputs = { simRange: rangeOfPack(5), plan: PLAN };
      const own = settingsIn({ ...fleet.environment, HOLOGRAM_ORG_ID: "7" });
      const program = { a: { ...inputs, __settings: own }, b: { ...inputs, __settings: own } };
      const report = await fleet.previewProgram(program);
      const warned = report.lines.filter(({ message }) => message.startsWith("HOLOGRAM_ORG_ID is set in"));
      assert.equal(warned.length, 1);
      assert.ok(!("__settings" in (report.checked.a ?? {})));
      const capped = settingsIn({ ...fleet.environment, HOLOGRAM_MAX_ACTIVATIONS: "1" });
      const refused = await fleet.up({ ...inputs, __settings: capped });
      assert.match(refused.failures.join(), /^HOLOGRAM_MAX_ACTIVATIONS is set in the program's own/);
      assert.deepEqual(refused.requests, []);
    }));

  it("are absent where an older package declared the resource, or are not what they should be", () => {
    assert.equal(takeProgramFacts({ __settings: "x" }).facts.settings, undefined);
    assert.deepEqual(takeProgramFacts({ __settings: { A: 1, B: "b" } }).facts.settings, { B: "b" });
  });

  it("a cap that a program sets for itself stops its preview and its up before a request", () =>
    withProgram(embeddedEngine(), { program: "ownSettings", sims: 9 }, async ({ fleets, declare }) => {
      declare({ settings: { HOLOGRAM_MAX_ACTIVATIONS: "1" }, fleet: { simRange: range(0, 9), plan: PLAN } });
      for (const result of [await fleets.preview(), await fleets.up()]) {
        assert.match(
          result.errors.join(),
          /HOLOGRAM_MAX_ACTIVATIONS is set in the program's own environment/,
        );
        assert.deepEqual([result.requests, result.charges], [[], []]);
      }
    }));
});
