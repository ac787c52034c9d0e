/** Every example does what it says, against an emulated account. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Emulator, type RunResult, startEmulator } from "../../provider/testing";
import type { ConfigValue } from "../../provider/testing/engine";
import { forEachEngine } from "../harness/engine/engines";
import { everything } from "../harness/engine/form";

const PLAN = 2096;
const FIRST = "89445001021983048260";
const folder = resolve(__dirname, "../../../examples");

interface Example {
  readonly prepare: (emulator: Emulator) => void;
  /** What the preview says, fleet by fleet. */
  readonly previews: readonly string[];
  readonly config?: (emulator: Emulator) => Readonly<Record<string, ConfigValue>>;
  readonly check: (up: RunResult, emulator: Emulator) => void;
  /** Paths of what an unchanged program reads; by default nothing. */
  readonly reads?: readonly string[];
}

const examples: Readonly<Record<string, Example>> = {
  "packs-csv": {
    prepare: (emulator) => void emulator.addPack({ first: FIRST, count: 60, step: 10 }),
    previews: ["activate 40 SIMs on", "activate 20 SIMs on"],
    check: ({ outputs }, { ledger }) => {
      assert.deepEqual(outputs.simCounts, [40, 20]);
      assert.deepEqual(
        [PLAN, 75].map((plan) => ledger.filter((entry) => entry.plan === plan).length),
        [40, 20],
      );
    },
  },
  "adopt-by-hand": {
    prepare: (emulator) => {
      const cards = emulator.addPack({ first: FIRST, count: 40, step: 10 });
      emulator.activateByHand(cards.slice(0, 39), { plan: PLAN, zone: "global", overageLimit: 5_000_000 });
      emulator.activateByHand(cards.slice(39), { plan: 75, zone: "global" });
    },
    previews: ["adopt 40 SIMs"],
    check: (_up, emulator) => {
      assert.equal(
        emulator.writes().some(({ path }) => path.endsWith("/bulkclaim")),
        false,
      );
      assert(emulator.sims().every((sim) => sim.plan === PLAN && sim.overageLimit === 5_000_000));
    },
  },
  esims: {
    prepare: (emulator) => {
      const eids = "89044045000000000000000000000001";
      emulator.addPack({ first: FIRST, count: 20, step: 10, eids });
    },
    previews: ["activate 20 SIMs on"],
    check: ({ outputs }, { ledger }) => {
      assert.equal(Array.isArray(outputs.iccids) && outputs.iccids.length, 20);
      assert.equal(ledger.length, 20);
    },
  },
  "two-accounts": {
    prepare: (emulator) => {
      const other = emulator.addOrganization({ name: "America" });
      emulator.addKey({ key: "key-europe-1", role: "admin", orgIds: [emulator.orgId] });
      emulator.addKey({ key: "key-america-1", role: "manager", orgIds: [other] });
      emulator.addPack({ first: FIRST, count: 10, step: 10 });
      emulator.addPack({ first: "89445001021983148260", count: 10, step: 10, orgId: other });
    },
    previews: ["activate 10 SIMs on"],
    config: () => ({
      "two-accounts:europeKey": { value: "key-europe-1", secret: true },
      "two-accounts:americaKey": { value: "key-america-1", secret: true },
    }),
    check: ({ outputs }, { ledger, orgId }) => {
      assert.deepEqual(outputs.simCounts, [10, 10]);
      assert.equal(ledger.filter((entry) => entry.orgId === orgId).length, 10);
      assert.equal(new Set(ledger.map((entry) => entry.orgId)).size, 2);
    },
  },
  "tags-and-limits": {
    prepare: (emulator) => void emulator.addPack({ first: FIRST, count: 40, step: 10 }),
    previews: ["activate 40 SIMs on Global Flat (2096, global)"],
    check: ({ outputs }, emulator) => {
      assert.equal(outputs.simCount, 40);
      for (const sim of emulator.sims()) {
        assert.deepEqual(sim.tagIds, [outputs.tagId]);
        assert.deepEqual([sim.threshold, sim.overageLimit, sim.smsLimit], [4_000_000, 5_000_000, 10]);
      }
      assert.equal(emulator.ledger.length, 40);
    },
    reads: ["/organizations", "/plans"],
  },
  site: {
    prepare: (emulator) => void emulator.addPack({ first: FIRST, count: 60, step: 10 }),
    previews: ["activate 40 SIMs on", "activate 20 SIMs on"],
    check: ({ outputs }, emulator) => {
      const { simCounts, tagIds, firstDevices } = outputs;
      assert.deepEqual(simCounts, { hamburg: 40, rotterdam: 20 });
      const at = (limit: number) => emulator.sims().filter(({ overageLimit }) => overageLimit === limit);
      const [hamburg, rotterdam] = [at(5_000_000), at(20_000_000)];
      assert.deepEqual([hamburg.length, rotterdam.length], [40, 20]);
      assert.deepEqual(tagIds, { hamburg: hamburg[0]?.tagIds[0], rotterdam: rotterdam[0]?.tagIds[0] });
      assert.equal(new Set(emulator.sims().flatMap((sim) => sim.tagIds)).size, 2);
      assert.deepEqual(
        firstDevices,
        hamburg.slice(0, 3).map(({ iccid, deviceId, linkId }) => ({ iccid, deviceId, linkId })),
      );
    },
  },
};

forEachEngine("examples", (engine) => {
  if (engine.kind === "pulumi" && !everything) {
    it("are run on the real engine in the full form only (HOLOGRAM_TESTS=all)");
    return;
  }
  for (const [name, { prepare, previews, config, check, reads = [] }] of Object.entries(examples)) {
    if (!everything && name !== "packs-csv") continue;
    it(`${name}: previews, activates what it says, and is quiet afterwards`, async function run() {
      this.timeout(120_000);
      const directory = mkdtempSync(join(tmpdir(), "example-"));
      const emulator = await startEmulator({ behaviour: { settleReads: 0 } });
      prepare(emulator);
      const keys = config?.(emulator);
      const env = {
        HOLOGRAM_BASE_URL: emulator.url,
        HOLOGRAM_JOURNAL: join(directory, "journal"),
        HOLOGRAM_API_KEY: keys === undefined ? emulator.apiKey : "",
        HOLOGRAM_ORG_ID: "",
      };
      const program = join(folder, name, "index.ts");
      const settings = {
        program,
        project: name,
        directory,
        env,
        ...(keys === undefined ? {} : { config: keys }),
      };
      const stack = await engine.stack(settings);
      try {
        const preview = await stack.preview();
        assert.ok(preview.ok, preview.text);
        for (const text of previews) assert.ok(preview.text.includes(text), preview.text);
        assert.deepEqual(emulator.writes(), []);
        const up = await stack.up({ preview: false });
        assert.ok(up.ok, up.text);
        check(up, emulator);
        assert.deepEqual(emulator.judgement().doubleClaims, []);
        emulator.clearRequests();
        assert.ok((await stack.up({ preview: false })).ok);
        assert.deepEqual([...new Set(emulator.requests.map((seen) => seen.path))], [...reads]);
        assert.deepEqual(emulator.writes(), []);
      } finally {
        await stack.close();
        await emulator.close();
        rmSync(directory, { recursive: true, force: true });
      }
    });
  }
});

describe("the examples", () => {
  const projects = readdirSync(folder).filter((name) => existsSync(join(folder, name, "Pulumi.yaml")));
  const read = (name: string, file: string): string => readFileSync(join(folder, name, file), "utf8");

  for (const name of projects) {
    it(`${name}: runs where it stands, and where it is copied to`, () => {
      // Else Pulumi runs the `main` of the nearest package.json: in a checkout, this package.
      assert.match(read(name, "Pulumi.yaml"), /^main: index\.ts$/m);
      assert.doesNotMatch(read(name, "tsconfig.json"), /"extends"|\.\.\//);
    });
  }
});

describe("the example of a unit test", () => {
  it("passes as a user would run it", async function run() {
    if (!everything) return this.skip();
    this.timeout(120_000);
    const mocha = resolve(__dirname, "../../../node_modules/mocha/bin/mocha.js");
    const test = resolve(__dirname, "../../examples/unit-test/meters.test.js");
    const { status, stdout } = spawnSync(
      process.execPath,
      [mocha, "--no-config", "--timeout", "60000", test],
      {
        cwd: resolve(__dirname, "../../.."),
        encoding: "utf8",
      },
    );
    assert.equal(status, 0, stdout);
    assert.match(stdout, /1 passing/);
  });
});
