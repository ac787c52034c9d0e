/** What is left when an operation is cut off, and how the next one goes on. */
import assert from "node:assert/strict";
import { type Engine, embeddedEngine } from "../../../provider/testing/engine";
import { forEachEngine } from "../../support/engines";
import { closeTinyStacks, Lines, TinyStack } from "../../support/tinyStack";

async function held(engine: Engine): Promise<{ stack: TinyStack; lines: Lines }> {
  const lines = new Lines();
  const stack = await TinyStack.open(engine, { log: lines.log });
  stack.declare([{ name: "one" }, { name: "two", dependsOn: ["one"] }]);
  stack.change((world) => {
    world.held = true;
  });
  return { stack, lines };
}

forEachEngine("interruption", (engine) => {
  afterEach(closeTinyStacks);

  it("a killed create leaves a lock and a pending operation, and is created anew", async () => {
    const { stack, lines } = await held(engine);
    const waiting = lines.next("held");
    const running = stack.handle.up({ preview: false });
    await waiting;
    await stack.handle.kill();
    assert.equal((await running).ok, false);

    const { resources, pendingOperations } = await stack.handle.export();
    assert.deepEqual(
      pendingOperations.map(({ type, resource }) => `${type} ${resource.urn.split("::").at(-1)}`),
      ["creating one"],
    );
    assert.equal(
      resources.some(({ urn }) => urn.endsWith("::one")),
      false,
    );
    const locked = await stack.handle.up({ preview: false });
    assert.equal(locked.ok, false);
    assert.match(locked.diagnostics.map(({ message }) => message).join(), /locked/);

    await stack.handle.cancel();
    stack.change((world) => {
      world.held = false;
    });
    const again = await stack.handle.up({ preview: false });
    assert.equal(again.ok, true, again.text);
    const warnings = again.diagnostics.filter(({ severity }) => severity === "warning");
    assert.match(
      warnings.map(({ message }) => message).join(),
      /1 pending operations.*\n.*one, interrupted while creating/,
    );
    assert.deepEqual(
      again.calls.filter(({ method }) => method === "create").map(({ urn }) => urn?.split("::").at(-1)),
      ["one", "two"],
    );
    assert.equal((await stack.handle.refresh({ preview: false, clearPendingCreates: true })).ok, true);
    assert.deepEqual((await stack.handle.export()).pendingOperations, []);
  });

  it("a first Ctrl-C lets the running create end, keeps it, and starts nothing else", async () => {
    const { stack, lines } = await held(engine);
    const waiting = lines.next("held");
    const running = stack.handle.up({ preview: false });
    await waiting;
    await stack.handle.cancel();
    stack.change((world) => {
      world.held = false;
    });
    const result = await running;
    assert.equal(result.ok, false);
    assert.equal((await stack.resource("one"))?.id, "one/a");
    assert.equal(await stack.resource("two"), undefined);
    assert.deepEqual((await stack.handle.export()).pendingOperations, []);
  });
});

describe("the embedded engine", () => {
  afterEach(closeTinyStacks);

  it("refuses a second operation while one is running", async () => {
    const { stack, lines } = await held(embeddedEngine());
    const waiting = lines.next("held");
    const running = stack.handle.up({ preview: false });
    await waiting;
    await assert.rejects(stack.handle.preview(), /is running/);
    await stack.close();
    assert.equal((await running).ok, false);
  });
});
