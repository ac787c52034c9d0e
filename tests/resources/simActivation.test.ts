import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as hologram from "../../provider";
import { PROVIDER_TEXT, SIM_ACTIVATION_TYPE } from "../../provider/resources/providerText";

/** Registrations as the engine would receive them. */
const registered: pulumi.runtime.MockResourceArgs[] = [];

const answers = {
  iccids: ["89445001021983048260", "89445001021983048270"],
  deviceIds: [1, 2],
  linkIds: [11, 12],
  simCount: 2,
};

async function outputOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

async function declare<T extends pulumi.Resource>(
  make: () => T,
): Promise<[T, pulumi.runtime.MockResourceArgs]> {
  registered.length = 0;
  const resource = make();
  await outputOf(resource.urn);
  const [args] = registered;
  assert.ok(args);
  return [resource, args];
}

describe("SimActivation", () => {
  before(async () => {
    await pulumi.runtime.setMocks(
      {
        newResource: (args) => {
          registered.push(args);
          return { id: args.name, state: { ...args.inputs, ...answers } };
        },
        call: (args) => args.inputs,
      },
      "project",
      "stack",
      false,
    );
  });

  it("registers under its frozen type, which policies recognise", async () => {
    const [, args] = await declare(
      () => new hologram.SimActivation("a", { sims: ["89445001021983048260"], plan: 1 }),
    );
    assert.equal(args.type, "pulumi-nodejs:dynamic/hologram:SimActivation");
    assert.equal(hologram.SimActivation.__pulumiType, args.type);
    assert.equal(SIM_ACTIVATION_TYPE, args.type);
  });

  it("stores a constant text of under 200 bytes, and its own URN", async () => {
    const [resource, { inputs }] = await declare(
      () =>
        new hologram.SimActivation("b", { simRange: "89445001021983048260-89445001021983048270", plan: 1 }),
    );
    assert.equal(inputs.__provider, PROVIDER_TEXT);
    assert.ok(Buffer.byteLength(PROVIDER_TEXT) < 200);
    assert.equal(inputs.__urn, await outputOf(resource.urn));
    assert.deepEqual(Object.keys(inputs).sort(), [
      "__dry",
      "__provider",
      "__settings",
      "__urn",
      "plan",
      "simRange",
    ]);
  });

  it("zips the aligned outputs into devices", async () => {
    const [fleet] = await declare(() => new hologram.SimActivation("c", { sims: answers.iccids, plan: 1 }));
    assert.deepEqual(await outputOf(fleet.devices), [
      { iccid: "89445001021983048260", deviceId: 1, linkId: 11 },
      { iccid: "89445001021983048270", deviceId: 2, linkId: 12 },
    ]);
  });
});

describe("Provider", () => {
  const config = {
    "hologram:maxActivations": "10",
    "hologram:orgId": "7",
    "hologram:baseUrl": "http://localhost",
  };

  it("passes on the stack's configuration, but for a key in clear text", async () => {
    pulumi.runtime.setAllConfig({ ...config, "hologram:apiKey": "key", "hologram:unknown": "1" });
    const [, { inputs }] = await declare(() => new hologram.Provider("capped", { maxDueNow: 5 }));
    pulumi.runtime.setAllConfig({}, []);
    assert.deepEqual(
      { ...inputs },
      {
        ...{ "hologram:explicit": "true", "hologram:maxDueNow": "5", "hologram:stack:maxActivations": "10" },
        ...{ "hologram:stack:orgId": "7", "hologram:stack:baseUrl": "http://localhost" },
      },
    );
  });

  it("keeps secret what is secret there", async () => {
    const secrets = ["hologram:apiKey", "hologram:baseUrl"];
    pulumi.runtime.setAllConfig({ ...config, "hologram:apiKey": "key" }, secrets);
    const [, { inputs }] = await declare(() => new hologram.Provider("keyed"));
    pulumi.runtime.setAllConfig({}, []);
    const secret = (value: string) => ({
      [pulumi.runtime.specialSigKey]: pulumi.runtime.specialSecretSig,
      value,
    });
    assert.deepEqual(inputs["hologram:stack:apiKey"], secret("key"));
    assert.deepEqual(inputs["hologram:stack:baseUrl"], secret("http://localhost"));
    assert.equal(inputs["hologram:stack:orgId"], "7");
  });

  it("hands its settings over as text, and the key as a secret", async () => {
    const [, { inputs, type }] = await declare(
      () => new hologram.Provider("account", { apiKey: "key", orgId: 12345, maxDueNow: 10.5 }),
    );
    assert.equal(type, "pulumi:providers:pulumi-nodejs");
    assert.equal(inputs["hologram:orgId"], "12345");
    assert.equal(inputs["hologram:maxDueNow"], "10.5");
    assert.equal(inputs["hologram:explicit"], "true");
    const key: unknown = inputs["hologram:apiKey"];
    assert.ok(key === "key" || (typeof key === "object" && key !== null && "value" in key));
  });
});
