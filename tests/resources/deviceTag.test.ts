import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as hologram from "../../provider";
import { TAG_PROVIDER_TEXT } from "../../provider/resources/providerText";

/** Registrations as the engine would receive them. */
const registered: pulumi.runtime.MockResourceArgs[] = [];

async function outputOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

describe("DeviceTag", () => {
  before(async () => {
    await pulumi.runtime.setMocks({
      newResource: (args) => {
        registered.push(args);
        return { id: "5001", state: { ...args.inputs, tagId: 5001, orgId: 12345 } };
      },
      call: (args) => args.inputs,
    });
  });

  it("registers under its frozen type, with a constant text of under 200 bytes and its own URN", async () => {
    const tag = new hologram.DeviceTag("tag", { name: "cold-chain" });
    const urn = await outputOf(tag.urn);
    assert.deepEqual(
      registered.map(({ type, inputs }) => ({ type, inputs })),
      [
        {
          type: "pulumi-nodejs:dynamic/hologram:DeviceTag",
          inputs: { name: "cold-chain", __provider: TAG_PROVIDER_TEXT, __urn: urn, __dry: false },
        },
      ],
    );
    assert.equal(hologram.DeviceTag.__pulumiType, "pulumi-nodejs:dynamic/hologram:DeviceTag");
    assert.ok(Buffer.byteLength(TAG_PROVIDER_TEXT) < 200);
  });

  it("has its id, name and organization as outputs, which feed a fleet", async () => {
    const tag = new hologram.DeviceTag("fed", { name: "cold-chain" });
    assert.deepEqual(await outputOf(pulumi.all([tag.tagId, tag.name, tag.orgId])), [
      5001,
      "cold-chain",
      12345,
    ]);
    const sims = ["89445001021983048260"];
    const fleet = new hologram.SimActivation("fleet", { sims, plan: 1, tagId: tag.tagId });
    await outputOf(fleet.urn);
    assert.equal(registered.at(-1)?.inputs.tagId, 5001);
  });

  it("stands in one component with the fleets it feeds, and nothing waits for its siblings", async () => {
    class Site extends pulumi.ComponentResource {
      readonly tag: hologram.DeviceTag;
      readonly fleet: hologram.SimActivation;

      constructor() {
        super("tests:index:Site", "site");
        this.tag = new hologram.DeviceTag("inner", { name: "site" }, { parent: this });
        const inputs = { sims: ["89445001021983048260"], plan: 1, tagId: this.tag.tagId };
        this.fleet = new hologram.SimActivation("inner", inputs, { parent: this });
        this.registerOutputs({ tagId: this.tag.tagId });
      }
    }
    const { tag, fleet } = new Site();
    const urns = await outputOf(pulumi.all([tag.urn, fleet.urn]));
    assert.deepEqual(
      registered.slice(-2).map(({ inputs }) => inputs.__urn),
      urns,
    );
    assert.match(urns[1], /tests:index:Site\$pulumi-nodejs:dynamic\/hologram:SimActivation::inner$/);
  });
});
