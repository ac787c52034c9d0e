import assert from "node:assert/strict";
import { type ConfigReader, howToSet, readSettings } from "../../provider/account/settings";
import { PLAN, range, withFleet } from "../harness/provider/providerFleet";

const configOf =
  (values: Readonly<Record<string, string>>): ConfigReader =>
  (key) =>
    values[key];
const none = configOf({});
const inputs = { simRange: range(5), plan: PLAN };

describe("settings", () => {
  it("know where they come from, and how each is changed there", () => {
    const environment = readSettings(none, { HOLOGRAM_MAX_ACTIVATIONS: "5" });
    const stack = readSettings(configOf({ "hologram:maxActivations": "5" }), {});
    const provider = readSettings(configOf({ "hologram:explicit": "true", "hologram:maxActivations": "5" }), {
      HOLOGRAM_MAX_ACTIVATIONS: "7",
    });
    const advice = [environment, stack, provider].map((each) => howToSet(each, "maxActivations", 88));
    assert.deepEqual(advice, [
      "set HOLOGRAM_MAX_ACTIVATIONS=88",
      "run `pulumi config set hologram:maxActivations 88`",
      "set maxActivations: 88 in the arguments of the Provider",
    ]);
    assert.deepEqual([provider.maxActivations, environment.maxActivations], [5, 5]);
    assert.equal(
      howToSet(readSettings(none, {}), "maxDueNow", 1),
      "run `pulumi config set hologram:maxDueNow 1`",
    );
  });

  it("a Provider has what it does not set from the environment, then from the stack: no address but the stack's", () => {
    const baseUrl = "http://127.0.0.1:8080/api/1";
    const config = configOf({
      ...{ "hologram:explicit": "true", "hologram:stack:baseUrl": baseUrl, "hologram:stack:apiKey": "key" },
      ...{ "hologram:stack:orgId": "7", "hologram:stack:claimSettleSeconds": "60" },
    });
    const { sources: _, ...stack } = readSettings(config, {});
    assert.partialDeepStrictEqual(stack, { baseUrl, apiKey: "key", orgId: 7, claimSettleSeconds: 60 });
    assert.equal(readSettings(config, { HOLOGRAM_ORG_ID: "8" }).orgId, 8);
  });

  it("a Provider that sets no cap has those of the stack, after the environment", () => {
    const config = configOf({ "hologram:explicit": "true", "hologram:stack:maxActivations": "10" });
    const stack = readSettings(config, {});
    assert.deepEqual([stack.maxActivations, stack.sources.maxActivations], [10, "stack"]);
    assert.equal(readSettings(config, { HOLOGRAM_MAX_ACTIVATIONS: "7" }).maxActivations, 7);
    // The keys of the stack itself are not those of a provider.
    assert.equal(
      readSettings(configOf({ "hologram:stack:maxActivations": "10" }), {}).maxActivations,
      undefined,
    );
  });

  it("blank ones do not count, on either side", () => {
    const { sources, apiKey } = readSettings(configOf({ "hologram:apiKey": "key" }), {
      HOLOGRAM_API_KEY: " ",
    });
    assert.deepEqual([sources, apiKey], [{ apiKey: "stack" }, "key"]);
  });

  it("that cannot be read are shown, unless they are long enough to be a key in the wrong place", () => {
    assert.throws(() => readSettings(none, { HOLOGRAM_ORG_ID: "all" }), /is "all"; it must be the id/);
    const key = "4f0c2b6d8e1a4f0c2b6d8e1a";
    assert.throws(
      () => readSettings(none, { HOLOGRAM_ORG_ID: key }),
      (error: Error) =>
        /is a text of 24 characters; it must be/.test(error.message) && !error.message.includes(key),
    );
  });
});

describe("a key that is refused", () => {
  const wrong = { "hologram:apiKey": "rotated-away-0123456789" };

  it("from the stack's configuration: refresh says that it uses what the last up recorded, and what helps", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up(inputs)).clean();
      fleet.environment.HOLOGRAM_API_KEY = undefined;
      fleet.config = wrong;
      const text = (await fleet.refresh()).errors.join();
      assert.match(text, /Hologram refused the API key.*The key is that of the stack's configuration/);
      assert.match(
        text,
        /whatever `pulumi config set` has said since: set HOLOGRAM_API_KEY for them, or run `pulumi up`/,
      );
    }));

  it("from a Provider: the program is where it is changed", () =>
    withFleet({}, async (fleet) => {
      fleet.config = { ...wrong, "hologram:explicit": "true" };
      assert.match(
        (await fleet.preview(inputs)).text,
        /The key is that of an explicit Provider.*put the new key into/,
      );
    }));

  it("from the environment: no such word, it is current everywhere", () =>
    withFleet({}, async (fleet) => {
      fleet.environment.HOLOGRAM_API_KEY = wrong["hologram:apiKey"];
      const { text } = await fleet.preview(inputs);
      assert.match(text, /Hologram refused the API key/);
      assert.doesNotMatch(text, /The key is that of/);
    }));
});

describe("a base URL without the path of the API", () => {
  it("fails the preview, and names the path", () =>
    withFleet({}, async (fleet) => {
      const { origin } = new URL(fleet.emulator.url);
      fleet.environment.HOLOGRAM_BASE_URL = origin;
      const { failures } = await fleet.preview(inputs);
      assert.equal(failures.length, 1);
      assert.match(
        failures[0] ?? "",
        new RegExp(`with status 404: there is no API at ${origin}. HOLOGRAM_BASE_URL`),
      );
      assert.ok(failures[0]?.includes(`such as ${origin}/api/1`));
    }));
});

describe("an input that is not known yet", () => {
  it("adopt: nothing is refused as if it were the default", () =>
    withFleet({}, async (fleet) => {
      const { emulator } = fleet;
      emulator.activateByHand([String(range(1).split("-")[0])], { plan: 75, zone: "global" });
      assert.match((await fleet.preview(inputs)).failures.join(), /already active/);
      const unknown = { ...inputs, adopt: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" };
      const report = (await fleet.preview(unknown)).clean();
      assert.match(String(report.preview().unverified), /not known before the update: adopt/);
      const up = (await fleet.up({ ...inputs, adopt: "always" })).clean();
      assert.ok(up.writes.length > 0);
    }));
});
