/** What the embedded engine does beside the steps that the parity test compares. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { embeddedEngine, isSecret, secretValue } from "../../../provider/testing/engine";
import { descendantsOf } from "../../harness/engine/descendants";
import { forEachEngine } from "../../harness/engine/engines";
import { closeTinyStacks, Lines, TinyStack } from "../../harness/engine/tinyStack";
import type { Declaration } from "../../harness/programs/tiny/program";

const red: Declaration = { name: "one", inputs: { color: "red" } };

forEachEngine("an engine", (engine) => {
  afterEach(closeTinyStacks);

  it("hands over unknown outputs in a preview, and their values afterwards", async () => {
    const stack = await TinyStack.open(engine);
    stack.declare([red, { name: "two", from: { color: ["one", "done"] } }]);
    const preview = await stack.handle.preview();
    assert.equal(preview.ok, true, preview.text);
    assert.deepEqual(
      preview.calls.map(({ method }) => method),
      ["check", "check"],
    );
    const up = await stack.handle.up({ preview: false });
    assert.deepEqual(up.outputs.colors, { one: "red", two: true });
  });

  it("keeps secrets out of the state file, and shows them as secrets", async () => {
    const stack = await TinyStack.open(engine);
    await stack.handle.setConfig({ "tiny:tone": { value: "whispered-tone", secret: true } });
    stack.declare([{ name: "one", inputs: { color: "hidden-color" }, secrets: ["color"] }]);
    const up = await stack.handle.up({ preview: false });
    assert.equal(up.ok, true, up.text);
    const one = await stack.resource("one");
    assert.ok(isSecret(one?.outputs.color));
    assert.equal(secretValue(one?.outputs.color), "hidden-color");
    assert.equal(one?.outputs.tone, "whispered-tone", "an output of another name is not marked");
    const text = await stack.handle.exportText();
    assert.equal(text.includes("hidden-color"), false);
    assert.equal(up.text.includes("hidden-color"), false);
  });

  it("passes on what a provider says on its own row", async () => {
    const lines = new Lines();
    const stack = await TinyStack.open(engine, { log: lines.log });
    stack.declare([{ name: "one", inputs: { say: "half way there" } }]);
    const said = lines.next("half way there");
    const { diagnostics } = await stack.handle.up({ preview: false });
    await said;
    const message = diagnostics.find((diagnostic) => diagnostic.message === "half way there");
    assert.equal(message?.urn, "urn:pulumi:dev::test::pulumi-nodejs:dynamic/tiny:Thing::one");
    assert.equal(message?.ephemeral, true);
  });

  it("replaces what it is told to replace", async () => {
    const stack = await TinyStack.open(engine);
    stack.declare([red]);
    await stack.handle.up({ preview: false });
    const urn = (await stack.resource("one"))?.urn ?? "";
    const { calls } = await stack.handle.up({ preview: false, replace: [urn] });
    assert.deepEqual(
      calls.map(({ method }) => method),
      ["check", "create", "delete"],
    );
  });

  it("shows the program and the provider of both phases one name of the command, new for each", async () => {
    const lines: string[] = [];
    const stack = await TinyStack.open(engine, { log: (line) => lines.push(line) });
    stack.declare([{ name: "one", inputs: { tellCommand: true } }]);
    const commands: string[] = [];
    for (const run of ["up", "up", "preview"] as const) {
      lines.length = 0;
      const { ok, text } = await stack.handle[run]();
      assert.equal(ok, true, text);
      const phases = lines.join("\n").split(/^Updating \(dev\)/m);
      const told = phases.map((phase) => [...phase.matchAll(/(program|check): command=(\S+)/g)]);
      assert.deepEqual(
        told.map((phase) => [...new Set(phase.map(([, teller]) => teller))].sort()),
        run === "preview" ? [["check", "program"]] : Array(2).fill(["check", "program"]),
        lines.join("\n"),
      );
      const [command = "", ...others] = new Set(told.flat().map(([, , name]) => name));
      assert.deepEqual(others, []);
      assert.notEqual(command, "undefined");
      commands.push(command);
    }
    assert.equal(new Set(commands).size, 3, commands.join(", "));
  });

  it("fails with the program's own error", async () => {
    const stack = await TinyStack.open(engine);
    stack.declare([red, { name: "two", parent: "nobody" }]);
    const result = await stack.handle.up({ preview: false });
    assert.equal(result.ok, false);
    const errors = result.diagnostics.filter(({ severity }) => severity === "error");
    assert.match(
      errors.map(({ message }) => message).join("\n"),
      /'nobody' is not declared before it is used/,
    );
  });
});

describe("the embedded engine", () => {
  afterEach(closeTinyStacks);

  it("carries 100,000 values through both processes quickly", async function carries() {
    this.timeout(120_000);
    const stack = await TinyStack.open(embeddedEngine());
    stack.declare([{ name: "one", inputs: { many: 100_000 } }]);
    const started = performance.now();
    const { ok, text } = await stack.handle.up();
    assert.equal(ok, true, text);
    const list = (await stack.resource("one"))?.outputs.list;
    assert.equal(Array.isArray(list) && list.length, 100_000);
    assert.ok(performance.now() - started < 30_000);
    assert.ok(text.length < 5000, "the text does not print them all");
  });

  it("runs TypeScript as it is", async () => {
    const program = join(__dirname, "../../../../tests/harness/programs/tiny/program.ts");
    const stack = await TinyStack.open(embeddedEngine(), { program });
    stack.declare([{ name: "group", component: true }]);
    const { ok, outputs, text } = await stack.handle.preview();
    assert.equal(ok, true, text);
    assert.deepEqual(outputs, { colors: {}, tones: {} });
  });

  it("leaves no process behind", async () => {
    const before = descendantsOf(process.pid);
    const stack = await TinyStack.open(embeddedEngine());
    stack.declare([red]);
    await stack.handle.up();
    const left = descendantsOf(process.pid).filter((id) => !before.includes(id));
    assert.deepEqual(left, []);
  });

  it("says in its text what it is, which resources change, and how", async () => {
    const stack = await TinyStack.open(embeddedEngine());
    stack.declare([red]);
    await stack.handle.up();
    stack.declare([{ name: "one", inputs: { color: "blue" } }]);
    const { text } = await stack.handle.preview();
    assert.match(text, /not the Pulumi CLI/);
    assert.match(text, /~ {2}pulumi-nodejs:dynamic\/tiny:Thing one update\n\s+~ color: "red" => "blue"/);
    assert.doesNotMatch(text, /__provider/);
    stack.declare([{ name: "one", inputs: { color: "red", key: "b" } }]);
    const replace = await stack.handle.preview();
    assert.match(replace.text, /\+- pulumi-nodejs:dynamic\/tiny:Thing one replace\n\s+~ key: "a" => "b"/);
  });

  it("takes no arguments of the CLI, and no resources of other packages", async () => {
    const stack = await TinyStack.open(embeddedEngine());
    for (const args of [["--plan=x"], ["--target", "urn"], ["--refresh"]]) {
      await assert.rejects(
        stack.handle.up({ args }),
        new RegExp(`takes no arguments of the CLI: ${args.join(" ")}`),
      );
    }
    stack.declare([{ name: "one", type: "aws:s3/bucket:Bucket" }]);
    const { ok, diagnostics } = await stack.handle.preview();
    assert.equal(ok, false);
    assert.match(
      diagnostics.map(({ message }) => message).join("\n"),
      /dynamic resources of Node programs only/,
    );
  });
});
