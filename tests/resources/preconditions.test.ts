import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import * as hologram from "../../provider";
import { ownPackage, packageProblem, packageSeenFrom } from "../../provider/resources/programPackage";
import { PROVIDER_TEXT, TAG_PROVIDER_TEXT } from "../../provider/resources/providerText";
import { nodeProblem, OLDEST_NODE } from "../../provider/util/nodeVersion";
import { ProviderProcess, ROOT } from "../harness/provider/providerProcess";

const sims = ["89445001021983048260"];
const NO_ENGINE = "127.0.0.1:9";

/** Makes a Node.js say that it is another one, before anything is loaded. */
const asNode20 = 'Object.defineProperty(process.versions, "node", { value: "20.20.2" });';

async function run(script: string, env: Readonly<Record<string, string>> = {}) {
  const options = { cwd: ROOT, env: { PATH: process.env.PATH, ...env } };
  return promisify(execFile)(process.execPath, ["-e", script], options);
}

describe("a program that cannot work", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "hologram-program-"));
    writeFileSync(join(folder, "package.json"), '{ "name": "program" }');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  describe("by an import", () => {
    const options = [{ import: "89445001021983048260" }, { id: "89445001021983048260" }];
    for (const each of options) {
      it(`with ${Object.keys(each).join()} is refused, with how SIMs are taken over`, () => {
        const wanted = /^fleet: dynamic resources cannot be imported.*declare what is there already/;
        const isIt = (error: unknown) => error instanceof pulumi.RunError && wanted.test(error.message);
        assert.throws(() => new hologram.SimActivation("fleet", { sims, plan: 1 }, each), isIt);
        assert.throws(() => new hologram.DeviceTag("fleet", { name: "trucks" }, each), isIt);
      });
    }
  });

  it("with a key in plain configuration is refused before anything is registered", async () => {
    const script = `
      const { SimActivation } = require("pulumi-hologram");
      try { new SimActivation("fleet", { sims: ["89445001021983048260"], plan: 1 }); }
      catch (error) { console.log(error.__pulumiRunError, error.message); }`;
    const { stdout } = await run(script, { PULUMI_CONFIG: '{"hologram:apiKey":"in the clear"}' });
    assert.match(stdout, /^true hologram:apiKey is in the stack's configuration in clear text/);
    assert.ok(!stdout.includes("in the clear."));
  });

  it("with a key in plain configuration may not look anything up; a unit test may, for it has no state", async () => {
    const script = `
      const pulumi = require("@pulumi/pulumi");
      const { getPlans } = require("pulumi-hologram");
      const told = () => getPlans().catch((error) => console.log(error.message));
      const mocks = { newResource: ({ name, inputs }) => ({ id: name, state: inputs }), call: ({ inputs }) => inputs };
      told().then(() => pulumi.runtime.setMocks(mocks)).then(told);`;
    const env = { HOLOGRAM_BASE_URL: "http://127.0.0.1:9/api/1" };
    const { stdout } = await run(script, { ...env, PULUMI_CONFIG: '{"hologram:apiKey":"in the clear"}' });
    assert.match(stdout, /^getPlans: hologram:apiKey is in the stack's configuration in clear text/);
    assert.match(stdout, /^getPlans: Hologram could not be reached/m);
  });

  for (const [args, words] of [
    [{ apikey: "a-key-0123456789" }, /^europe: apikey is not a setting of Provider; did you mean apiKey\?/],
    [
      { maxActivation: 1 },
      /^europe: maxActivation is not a setting of Provider; did you mean maxActivations\?/,
    ],
    [{ region: "eu" }, /^europe: region is not a setting of Provider; it takes apiKey, orgId/],
    [{ apiKey: " " }, /^europe: the apiKey of the Provider is empty/],
  ] as const)
    it(`by an account of its own with ${Object.keys(args).join()} that is none is refused`, () => {
      const isIt = (error: unknown) => error instanceof pulumi.RunError && words.test(error.message);
      assert.throws(() => Reflect.construct(hologram.Provider, ["europe", args]), isIt);
    });

  for (const [wrong, env] of [
    ["hologram:maxActivation", { PULUMI_CONFIG: '{"hologram:maxActivation":"5"}' }],
    ["hologram:maxactivations", { PULUMI_CONFIG: '{"hologram:maxactivations":"5"}' }],
    ["HOLOGRAM_MAX_ACTIVATION", { HOLOGRAM_MAX_ACTIVATION: "5" }],
    ["HOLOGRAM_APIKEY", { HOLOGRAM_APIKEY: "a-key" }],
  ] as const) {
    it(`with ${wrong}, which caps or sets nothing, is refused with the right name`, async () => {
      const script = `
        const { SimActivation } = require("pulumi-hologram");
        try { new SimActivation("fleet", { sims: ["89445001021983048260"], plan: 1 }); }
        catch (error) { console.log(error.__pulumiRunError, error.message); }`;
      const { stdout } = await run(script, env);
      assert.match(stdout, new RegExp(`^true ${wrong} is not a setting: write (hologram:m|HOLOGRAM_).*sent`));
      assert.ok(!stdout.includes("a-key"));
    });
  }

  describe("because the provider process does not find the package", () => {
    it("is told which folder needs it, in which version, and where the program's own copy is", () => {
      const own = ownPackage();
      assert.ok(own);
      const problem = packageProblem(folder);
      assert.ok(problem && "error" in problem);
      assert.ok(problem.error.includes(`from the program's folder, ${folder}, and does not find it there`));
      assert.ok(
        problem.error.includes(
          `pulumi-hologram@${own.version} a dependency of ${join(folder, "package.json")}`,
        ),
      );
      assert.ok(problem.error.includes(own.folder));
    });

    it("is told that its copy is part of a bundle, where it is", () => {
      const problem = packageProblem(folder, { own: undefined, seen: undefined });
      assert.ok(problem && "error" in problem);
      assert.match(problem.error, /the program's own copy is part of a bundle/);
    });

    it("is told of two versions, and may go on", () => {
      const own = { folder: "/workspace/shared", version: "9.9.9" };
      const problem = packageProblem(ROOT, { own, seen: packageSeenFrom(ROOT) });
      assert.ok(problem && "warning" in problem);
      assert.match(
        problem.warning,
        /^two versions of pulumi-hologram: the program loads 9\.9\.9 from \/workspace\/shared/,
      );
      assert.equal(packageProblem(ROOT), undefined);
    });

    it("and neither is one that has it", () => {
      mkdirSync(join(folder, "node_modules"));
      symlinkSync(ROOT, join(folder, "node_modules", "pulumi-hologram"), "junction");
      assert.equal(packageSeenFrom(folder)?.version, ownPackage()?.version);
      rmSync(join(folder, "node_modules"), { recursive: true });
    });

    for (const [kind, text] of Object.entries({ SIMs: PROVIDER_TEXT, tags: TAG_PROVIDER_TEXT })) {
      it(`${kind}: refresh and destroy name the folder, without a stack`, async () => {
        assert.ok(Buffer.byteLength(text) < 200, text);
        const provider = await ProviderProcess.start(folder, NO_ENGINE, {});
        try {
          const failed = provider.delete("a", { __provider: text });
          await assert.rejects(failed, { details: `Add pulumi-hologram to ${folder}` });
          assert.doesNotMatch(provider.stderr, /^\s+at /m);
        } finally {
          await provider.close();
        }
      });
    }
  });

  describe("because its Node.js is too old", () => {
    const wanted = new RegExp(`needs Node.js ${OLDEST_NODE} or newer, and the program runs on 20.20.2`);

    it("is told which one it needs, as one sentence", async () => {
      const script = `
        ${asNode20}
        try { require("pulumi-hologram"); }
        catch (error) { console.log(error.__pulumiRunError, JSON.stringify(error.stack), error.message); }`;
      const { stdout } = await run(script);
      assert.match(stdout, /^true ""/);
      assert.match(stdout, wanted);
    });

    it("is told by the provider process as well, which may run on another one", async () => {
      const file = join(folder, "node20.cjs");
      writeFileSync(file, asNode20);
      const provider = await ProviderProcess.start(ROOT, NO_ENGINE, { NODE_OPTIONS: `--require=${file}` });
      try {
        const failed = provider.check({}, { __provider: PROVIDER_TEXT });
        await assert.rejects(failed, (error: Error) =>
          /needs Node.js 22.19 or newer, and Pulumi's provider process runs on 20.20.2/.test(error.message),
        );
        assert.doesNotMatch(provider.stderr, /^\s+at /m);
      } finally {
        await provider.close();
      }
    });

    it("by the versions that package.json names, and no newer ones", () => {
      for (const version of ["18.20.1", "20.20.2", "22.18.9"])
        assert.match(nodeProblem("it", version) ?? "", /needs/);
      for (const version of ["22.19.0", "23.0.0", "24.21.0"])
        assert.equal(nodeProblem("it", version), undefined);
      assert.equal(require(join(ROOT, "package.json")).engines.node, `>=${OLDEST_NODE}`);
    });
  });
});

describe("unit tests with Pulumi's mocks", () => {
  before(() =>
    pulumi.runtime.setMocks({
      newResource: ({ name, inputs }) => ({ id: name, state: inputs }),
      call: ({ inputs }) => inputs,
    }),
  );
  after(() => pulumi.runtime.setAllConfig({}, []));

  it("may put a key into the configuration, which nobody stores", () => {
    pulumi.runtime.setAllConfig({ "hologram:apiKey": "key" });
    assert.doesNotThrow(() => new hologram.SimActivation("fleet", { sims, plan: 1 }));
  });

  it("resolve devices where the mock answers with the inputs alone", async () => {
    const fleet = new hologram.SimActivation("fleet", { sims, plan: 1 });
    const devices = await new Promise((resolve) => fleet.devices.apply(resolve));
    assert.deepEqual(devices, []);
  });
});
