/** Caps hold for one run of one stack: over all of its fleets and providers, before the first SIM is paid for. */
import assert from "node:assert/strict";
import { rewritingProxy } from "../harness/account/rewritingProxy";
import { cards, type FleetStack, type Operation, PLAN } from "../harness/engine/fleetStack";
import type { Fleet } from "../harness/programs/declaredFleets";
import { packOf } from "./selections";
import { story } from "./stories";
import { doneIn, nothing, PILOT, refuseClaims } from "./told";

/** Settings that allow so many, in the environment and in the stack's configuration. */
const places = {
  "the environment": (key: string, value: string) => ({
    env: { [`HOLOGRAM_${key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`]: value },
  }),
  "the stack's configuration": (key: string, value: string) => ({ config: { [`hologram:${key}`]: value } }),
} as const;

function fleet(name: string, from: number, to: number, more: object = {}, args: object = {}): Fleet {
  return { name, args: { plan: PLAN, sims: cards(from, to), ...args }, ...more };
}

/** Red in the preview already, and nothing was sent. */
async function assertRefused(fleets: FleetStack, words: RegExp): Promise<void> {
  const preview = await fleets.preview();
  assert.equal(preview.ok, false, preview.text);
  assert.match(preview.text, words);
  const up = await fleets.up({ preview: true });
  assert.equal(up.ok, false);
  assert.deepEqual(doneIn(fleets, up), nothing);
  assert.deepEqual(up.writes, []);
}

function claimed(fleets: FleetStack, up: Operation): number {
  return doneIn(fleets, up).claimed.length;
}

describe("caps", () => {
  for (const [place, setting] of Object.entries(places)) {
    const also = ["embedded", "pulumi"] as const;

    story(
      `from ${place}, they hold for an explicit provider that sets none of its own`,
      { account: packOf(10), also, ...setting("maxActivations", "5") },
      async ({ fleets }) => {
        fleets.declareAll({
          providers: [{ name: "own", args: {} }],
          fleets: [fleet("fleet", 0, 10, { provider: "own" })],
        });
        await assertRefused(fleets, /maxActivations|HOLOGRAM_MAX_ACTIVATIONS/);
      },
    );

    story(
      `from ${place}, they are one sum over three providers`,
      {
        account: packOf(30),
        also,
        ...setting("maxActivations", "10"),
      },
      async ({ fleets }) => {
        fleets.declareAll({
          providers: ["one", "two", "three"].map((name) => ({ name, args: {} })),
          fleets: ["one", "two", "three"].map((name, i) =>
            fleet(name, 10 * i, 10 * i + 10, { provider: name }),
          ),
        });
        await assertRefused(fleets, /10/);
        const up = await fleets.up({ preview: false });
        assert.equal(up.ok, false);
        assert.ok(claimed(fleets, up) <= 10, `${claimed(fleets, up)} SIMs`);
      },
    );

    story(
      `from ${place}, two fleets of 60 SIMs under a cap of 100 are refused in the preview`,
      { account: packOf(120), also, ...setting("maxActivations", "100") },
      async ({ fleets }) => {
        fleets.declare(fleet("north", 0, 60), fleet("south", 60, 120));
        await assertRefused(fleets, /100/);
        fleets.declare(fleet("north", 0, 60), fleet("south", 60, 100));
        assert.equal(claimed(fleets, await fleets.up({ preview: true })), 100);
      },
    );

    story(
      `from ${place}, the money of two fleets is one sum`,
      { account: packOf(120), also: ["embedded"], ...setting("maxDueNow", "60") },
      async ({ fleets }) => {
        fleets.declare(fleet("north", 0, 60), fleet("south", 60, 120));
        await assertRefused(fleets, /\$?60/);
      },
    );

    story(
      `from ${place}, deactivations of two fleets are one sum`,
      { account: packOf(20), also: ["embedded"], ...setting("maxDeactivations", "15") },
      async ({ fleets }) => {
        const forEver = { onRelease: "deactivate" };
        const both = (size: number): void =>
          fleets.declare(fleet("north", 0, size, {}, forEver), fleet("south", 10, 10 + size, {}, forEver));
        both(10);
        assert.ok((await fleets.up({ preview: true })).ok);
        both(2);
        await assertRefused(fleets, /16/);
        const destroyed = await fleets.destroy();
        assert.equal(destroyed.ok, false);
        assert.ok(doneIn(fleets, destroyed).deactivated.length <= 15);
      },
    );

    story(
      `from ${place}, each run begins with the whole cap, and open work counts in the run that does it`,
      { account: packOf(30), also: ["embedded"], ...setting("maxActivations", "10") },
      async ({ fleets }) => {
        fleets.declare(fleet("north", 0, 10));
        refuseClaims(fleets, ...cards(8, 10));
        assert.equal(claimed(fleets, await fleets.up({ preview: true })), 8);
        fleets.emulator.faults.clear();
        fleets.declare(fleet("north", 0, 10), fleet("south", 10, 18));
        const both = await fleets.up({ preview: true });
        assert.ok(both.ok, both.text);
        assert.equal(claimed(fleets, both), 10);
      },
    );
  }

  story(
    "a cap of money with a price that nobody tells lets nothing through",
    { account: packOf(600), env: { HOLOGRAM_MAX_DUE_NOW: "1" }, also: ["embedded"] },
    async ({ fleets }) => {
      fleets.emulator.faults.add({
        path: "/plans/pricing",
        method: "GET",
        fault: { kind: "status", status: 403 },
      });
      const proxy = await rewritingProxy(fleets.emulator.url, {
        answer: ({ url }, body) => (url.includes("/plans") ? withoutAmounts(body) : undefined),
      });
      try {
        fleets.setEnv({ HOLOGRAM_BASE_URL: proxy.baseUrl });
        fleets.declare(fleet("fleet", 0, 600));
        for (const preview of [true, false]) {
          const up = await fleets.up({ preview });
          assert.equal(up.ok, false, up.text);
          assert.deepEqual(doneIn(fleets, up), nothing);
          assert.match(up.text, /HOLOGRAM_MAX_DUE_NOW|maxDueNow/);
        }
        fleets.setEnv({ HOLOGRAM_MAX_DUE_NOW: "" });
        const up = await fleets.up({ preview: true });
        assert.ok(up.ok, up.text);
        assert.equal(claimed(fleets, up), 600);
      } finally {
        await proxy.close();
      }
    },
  );

  story(
    "a cap that an explicit provider sets holds beside that of the stack",
    { account: packOf(30), env: { HOLOGRAM_MAX_ACTIVATIONS: "20" }, also: ["embedded"] },
    async ({ fleets }) => {
      const declare = (own: number): void =>
        fleets.declareAll({
          providers: [{ name: "own", args: { maxActivations: own } }],
          fleets: [fleet("fleet", 0, 10, { provider: "own" }, { plan: PILOT })],
        });
      declare(9);
      await assertRefused(fleets, /9/);
      declare(10);
      assert.equal(claimed(fleets, await fleets.up({ preview: true })), 10);
    },
  );
});

/** A list of plans in which nobody says what a plan costs. */
function withoutAmounts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutAmounts);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => key !== "amount");
  return Object.fromEntries(kept.map(([key, each]) => [key, withoutAmounts(each)]));
}
