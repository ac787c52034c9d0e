/** What is left when an operation is cut off, and how the next one goes on. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { type Engine, embeddedEngine } from "../../../provider/testing/engine";
import { forEachEngine } from "../../harness/engine/engines";
import { closeTinyStacks, Lines, TinyStack } from "../../harness/engine/tinyStack";

async function held(engine: Engine): Promise<{ stack: TinyStack; lines: Lines }> {
  const lines = new Lines();
  const stack = await TinyStack.open(engine, { log: lines.log });
  stack.declare([{ name: "one" }, { name: "two", dependsOn: ["one"] }]);
  stack.change((world) => {
    world.held = true;
  });
  return { stack, lines };
}

forEachEngine(
  "interruption",
  (engine) => {
    afterEach(closeTinyStacks);

    it("a killed create leaves a lock and a pending operation, and is created anew", async () => {
      const { stack, lines } = await held(engine);
      const waiting = lines.next("held");
      const running = stack.handle.up({ preview: false });
      await waiting;
      await stack.handle.kill();
      assert.equal((await running).ok, false);

      assert.deepEqual(await pendingIn(stack), ["creating one"]);
      const { resources } = await stack.handle.export();
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

    it("an engine that is killed alone leaves its provider at work, a lock and a pending operation", async () => {
      const { stack, lines } = await held(engine);
      const waiting = lines.next("held");
      const running = stack.handle.up({ preview: false });
      await waiting;
      assert.equal(await stack.handle.kill("engine"), true);
      assert.equal((await running).ok, false);
      assert.deepEqual(await pendingIn(stack), ["creating one"]);
      assert.equal((await stack.handle.up({ preview: false })).ok, false);

      stack.change((world) => {
        world.held = false;
      });
      while (Object.keys(stack.world().things).length === 0) await sleep(20);
      assert.equal(await stack.resource("one"), undefined);
      await stack.handle.cancel();
      assert.equal((await stack.handle.up({ preview: false })).ok, true);
    });

    it("a provider that is killed alone makes its step fail; nothing is pending, and nothing is locked", async () => {
      const { stack, lines } = await held(engine);
      const waiting = lines.next("held");
      const running = stack.handle.up({ preview: false });
      await waiting;
      assert.equal(await stack.handle.kill("provider"), true);
      assert.equal((await running).ok, false);
      assert.deepEqual(await pendingIn(stack), []);
      assert.equal(await stack.handle.kill(), false);

      stack.change((world) => {
        world.held = false;
      });
      assert.equal((await stack.handle.up({ preview: false })).ok, true);
    });

    it("a second Ctrl-C waits for nothing: the create stays pending, and nothing is locked", async () => {
      const { stack, lines } = await held(engine);
      const waiting = lines.next("held");
      const running = stack.handle.up({ preview: false });
      await waiting;
      await stack.handle.cancel();
      await sleep(100);
      await stack.handle.cancel();
      assert.equal((await running).ok, false);
      assert.deepEqual(await pendingIn(stack), ["creating one"]);

      stack.change((world) => {
        world.held = false;
      });
      assert.equal((await stack.handle.up({ preview: false })).ok, true);
    });
  },
  { shortForm: "none" },
);

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

async function pendingIn(stack: TinyStack): Promise<string[]> {
  const { pendingOperations } = await stack.handle.export();
  return pendingOperations.map(({ type, resource }) => `${type} ${resource.urn.split("::").at(-1)}`);
}
