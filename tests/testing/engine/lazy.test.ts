/** What children of the embedded engine load only when it is used. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";

const lazy = join(__dirname, "../../../provider/testing/engine/processes/deferHeavyModules.js");

/** Runs a script beside the SDK, with what is loaded late or as the SDK would load it. */
function run(script: string, first: readonly string[]): unknown {
  const options = { cwd: __dirname, encoding: "utf8", stdio: "pipe" } as const;
  const text = execFileSync(process.execPath, [...first, "-e", script], options);
  return JSON.parse(text);
}

describe("what the SDK loads for functions that are written as text", () => {
  it("is loaded when a program has such a function, whose text is the same", () => {
    const script = `
      const pulumi = require("@pulumi/pulumi");
      const { join } = require("node:path");
      const settings = { depth: 2 };
      pulumi.runtime.serializeFunction((name) => join(name, String(settings.depth)))
        .then(({ text }) => console.log(JSON.stringify(text)));`;
    const expected = run(script, []);
    assert.match(String(expected), /depth/);
    assert.equal(run(script, ["--require", lazy]), expected);
  });

  it("stays away without one, and is whole once somebody looks at it", () => {
    const script = `
      require("@pulumi/pulumi");
      const loaded = Object.keys(require.cache).filter((path) => path.includes("arborist")).length;
      const [compiler, tree] = [require("typescript"), require("@npmcli/arborist")];
      const { version } = compiler;
      console.log(JSON.stringify({ loaded, version, "Arborist in tree": "Arborist" in tree, keys: Object.keys(compiler).length }));`;
    const { loaded, ...whole } = Object(run(script, ["--require", lazy]));
    const { loaded: usually, ...expected } = Object(run(script, []));
    assert.deepEqual(whole, expected);
    assert.ok(usually > 10);
    assert.equal(loaded, 1);
  });
});
