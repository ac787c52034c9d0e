import assert from "node:assert/strict";
import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import * as hologram from "../../provider";
import { isKnown } from "../../provider/resources/sdk";
import { known, type Program, sentence, withProgram } from "../harness/cli/lookups";

const KEYS = { trucks: "key-of-trucks-5b3e", both: "key-of-both-2f1d", meters: "key-of-meters-9a7c" };
const account = {
  organizations: [
    { id: 4711, name: "Trucks", balance: "11.00" },
    { id: 4712, name: "Meters", balance: "12.00" },
  ],
  keys: [
    { key: KEYS.trucks, role: "admin", orgIds: [4711] },
    { key: KEYS.both, role: "admin", orgIds: [4711, 4712] },
    { key: KEYS.meters, role: "admin", orgIds: [4712] },
  ],
} as const;

const withAccount = (test: (program: Program) => Promise<void>) => withProgram({ account }, test);
/** The organization that a look-up asks. */
const asked = async (...args: Parameters<typeof hologram.getBalance>) =>
  (await hologram.getBalance(...args))?.orgId;

class Foreign extends pulumi.ProviderResource {}
class Group extends pulumi.ComponentResource {}

describe("look-ups: configuration", () => {
  it("takes key and organization from the environment, then from stack configuration", () =>
    withAccount(async (program) => {
      const config = { "hologram:apiKey": KEYS.both, "hologram:orgId": "4712" };
      const secrets = ["hologram:apiKey"];
      await program.begin({ env: { HOLOGRAM_API_KEY: "" }, config, secrets });
      assert.equal(await asked(), 4712);
      assert.equal(await asked({ orgId: 4711 }), 4711);
      await program.begin({ env: { HOLOGRAM_API_KEY: KEYS.both, HOLOGRAM_ORG_ID: "4711" }, config, secrets });
      assert.equal(await asked(), 4711);
      await program.begin({ env: { HOLOGRAM_API_KEY: KEYS.meters } });
      assert.equal(await asked(), 4712);
    }));

  it("takes an explicit provider first, also from the parent", () =>
    withAccount(async (program) => {
      await program.begin({ env: { HOLOGRAM_ORG_ID: "4711" } });
      const { url: baseUrl } = program.emulator;
      const meters = new hologram.Provider("meters", { apiKey: KEYS.both, orgId: 4712, baseUrl });
      assert.equal(await asked(), 4711);
      assert.equal(await asked({}, { provider: meters }), 4712);
      assert.equal((await known(hologram.getBalanceOutput({}, { provider: meters })))?.orgId, 4712);
      const parent = new Group("tests:index:Group", "group", {}, { providers: [meters] });
      assert.equal(await asked({}, { parent }), 4712);
      assert.equal(await asked({}, { parent: new Group("tests:index:Group", "other") }), 4711);
    }));

  it("takes what a provider does not set from the stack's configuration: key and address of the same account", () =>
    withAccount(async (program) => {
      const config = { "hologram:apiKey": KEYS.meters, "hologram:baseUrl": program.emulator.url };
      const secrets = ["hologram:apiKey"];
      const env = { HOLOGRAM_API_KEY: "", HOLOGRAM_BASE_URL: "" };
      await program.begin({ env, config, secrets });
      assert.equal(await asked({}, { provider: new hologram.Provider("empty") }), 4712);
      const trucks = new hologram.Provider("trucks", { apiKey: KEYS.trucks });
      assert.equal(await asked({}, { provider: trucks }), 4711);
    }));

  it("says what is missing or wrong, in one sentence without the key", () =>
    withAccount(async (program) => {
      const told = () => sentence(program, () => hologram.getPlans());
      await program.begin({ env: { HOLOGRAM_API_KEY: "" } });
      assert.equal(
        await told(),
        "getPlans: no API key: set HOLOGRAM_API_KEY in the environment, or run `pulumi config set --secret hologram:apiKey`",
      );
      await program.begin({ env: { HOLOGRAM_API_KEY: "wrong" } });
      assert.match(
        await told(),
        /^getPlans: Hologram refused the API key at GET \/organizations: "Not logged in"/,
      );
      await program.begin({ env: { HOLOGRAM_API_KEY: KEYS.both } });
      assert.equal(
        await told(),
        "getPlans: orgId: the API key sees several organizations, name one of 4712 (Meters), 4711 (Trucks)",
      );
      await program.begin({ env: { HOLOGRAM_ORG_ID: "4712" } });
      assert.match(
        await told(),
        /^getPlans: the API key does not see organization 4712; it sees 4711 \(Trucks\)/,
      );
      assert.deepEqual(program.paths, ["/organizations"]);
      await program.begin({ env: { HOLOGRAM_ORG_ID: "all" } });
      assert.match(await told(), /^getPlans: hologram:orgId \(HOLOGRAM_ORG_ID\) is "all"; it must be/);
      await program.begin({ env: { HOLOGRAM_BASE_URL: "http://example.com/api/1" } });
      assert.match(await told(), /^getPlans: The Hologram base URL http:\/\/example\.com is not safe/);
      await program.begin({ env: { HOLOGRAM_BASE_URL: `${program.emulator.url}/elsewhere` } });
      assert.match(await told(), /^getPlans: Hologram refused GET \/organizations with status 404/);
    }));

  it("takes a hologram.Provider and no other", () =>
    withAccount(async (program) => {
      const provider = new Foreign("pulumi-nodejs", "foreign");
      const words = /^getSims: the provider of a look-up must be a hologram\.Provider/;
      assert.match(await sentence(program, () => hologram.getSims({}, { provider })), words);
      assert.match(await sentence(program, () => hologram.getSimsOutput({}, { provider })), words);
    }));

  it("of a provider whose settings the preview does not know is unknown, or says which form to use", () =>
    withAccount(async (program) => {
      await program.begin({ preview: true });
      const { tagId } = new hologram.DeviceTag("not-there-yet", { name: "x" });
      const provider = new hologram.Provider("late", { apiKey: KEYS.both, orgId: tagId });
      assert.equal(await isKnown(hologram.getPlansOutput({}, { provider })), false);
      assert.equal(
        await sentence(program, () => hologram.getPlans({}, { provider })),
        "getPlans: the provider's settings are known in the update only; use getPlansOutput",
      );
      assert.deepEqual(program.paths, []);
    }));

  it("shows no key when a provider is shown", () =>
    withAccount(async (program) => {
      const provider = new hologram.Provider("shown", { apiKey: KEYS.both, baseUrl: program.emulator.url });
      await asked({ orgId: 4712 }, { provider });
      assert.ok(!inspect(provider, { depth: 20, showHidden: true }).includes(KEYS.both));
    }));
});
