import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROVIDER_TEXT } from "../../../provider/resources/providerText";
import { cards, iccid, ORG, PLAN, range, withFleet } from "../../harness/provider/providerFleet";
import { type FleetHarness, urnOf } from "../../harness/provider/providerHarness";
import { ProviderProcess, partlyOf, ROOT } from "../../harness/provider/providerProcess";
import { EngineLog } from "../../harness/provider/providerRows";

const NO_ENGINE = "127.0.0.1:9";
const machinery = { __provider: PROVIDER_TEXT, __urn: urnOf("fleet") };
const inputs = { simRange: range(5), plan: PLAN, onRelease: "pause", ...machinery };

/** Runs a test against a provider process of its own, and makes sure that it told nobody the key. */
async function withProcess(
  folder: string,
  engineAddress: string,
  test: (provider: ProviderProcess, fleet: FleetHarness) => Promise<unknown>,
): Promise<void> {
  await withFleet({}, async (fleet) => {
    const { url, apiKey } = fleet.emulator;
    const provider = await ProviderProcess.start(folder, engineAddress, { HOLOGRAM_BASE_URL: url });
    try {
      await provider.configure({ "hologram:apiKey": apiKey });
      const told = JSON.stringify(await test(provider, fleet)) + provider.stdout + provider.stderr;
      assert(!told.includes(apiKey), "the key leaks");
    } finally {
      await provider.close();
    }
  });
}

/** The error of a call, and its text as the engine shows it. */
async function errorOf(call: Promise<unknown>): Promise<Error & { readonly details: string }> {
  try {
    await call;
  } catch (error) {
    assert(error instanceof Error && "details" in error && typeof error.details === "string");
    return Object.assign(error, { details: error.details });
  }
  throw new assert.AssertionError({ message: "it was to fail, and did not" });
}

describe("dynamic: the real provider process", () => {
  let program: string;
  before(() => {
    // A user's program: it depends on the package, and the process runs in its folder.
    program = mkdtempSync(join(tmpdir(), "hologram-program-"));
    writeFileSync(join(program, "package.json"), '{ "name": "program" }');
    mkdirSync(join(program, "node_modules"));
    symlinkSync(ROOT, join(program, "node_modules", "pulumi-hologram"), "junction");
  });
  after(() => rmSync(program, { recursive: true, force: true }));

  for (const place of ["a program's folder", "the checkout"]) {
    it(`lives a whole life in ${place}, and says on standard output what it did`, () =>
      withProcess(place === "the checkout" ? ROOT : program, NO_ENGINE, async (provider, { emulator }) => {
        const checked = await provider.check({}, inputs);
        assert.deepEqual(checked.failures, []);
        assert.partialDeepStrictEqual(checked.inputs, {
          preview: { activate: 5, dueNow: 3 },
          orgId: ORG,
          ...machinery,
        });
        const { id, outputs } = await provider.create(checked.inputs);
        assert.equal(id, range(5));
        assert.partialDeepStrictEqual(outputs, {
          iccids: cards(5),
          simCount: 5,
          unfinished: [],
          ...machinery,
        });

        const same = await provider.check(checked.inputs, inputs);
        const none = await provider.diff(id, outputs, same.inputs);
        assert.deepEqual([none.changes, none.replacesList], [1, []]);
        const grown = await provider.check(checked.inputs, { ...inputs, simRange: range(8) });
        assert.equal((await provider.diff(id, outputs, grown.inputs)).changes, 2);
        const more = await provider.update(id, outputs, grown.inputs);
        assert.deepEqual(more.iccids, cards(8));
        const moved = await provider.check(grown.inputs, { ...inputs, simRange: range(5, 50) });
        const replace = await provider.diff(id, more, moved.inputs);
        assert.deepEqual(
          [replace.changes, replace.replacesList, replace.deletebeforereplace],
          [2, ["simRange"], false],
        );

        const read = await provider.read(id, grown.inputs, more);
        assert.deepEqual(read, { id, outputs: more });
        await provider.delete(id, more);
        assert.equal(emulator.ledger.length, 8);
        // The engine cannot be reached: plain lines take its place, and no error.
        assert.match(provider.stdout, /^info: activated 5 SIMs in 1 request, about \$3\.00$/m);
        assert.equal(provider.stderr, "");
        return [checked, outputs, more, read];
      }));
  }

  it("says it on the resource's row where it can", async () => {
    const log = await EngineLog.start();
    try {
      await withProcess(ROOT, log.address, async (provider) => {
        const { inputs: checked } = await provider.check({}, inputs);
        await provider.create(checked);
        await provider.create(checked);
        assert.deepEqual(
          log.lines.filter(({ ephemeral }) => !ephemeral),
          [
            { severity: "info", message: "activated 5 SIMs in 1 request, about $3.00", urn: urnOf("fleet") },
            {
              severity: "info",
              message: "adopted 5 SIMs that were active already",
              urn: urnOf("fleet"),
            },
          ],
        );
        assert.equal(provider.stdout, "");
        return log.lines;
      });
    } finally {
      log.close();
    }
  });

  it("sends failures and errors of one line, short ones for large values, and prints no stack", () =>
    withProcess(ROOT, NO_ENGINE, async (provider, { emulator }) => {
      const { failures } = await provider.check({}, { ...inputs, simRange: "8".repeat(2_000_000) });
      assert.equal(failures.length, 1);
      assert(failures.join().length < 300);
      assert.deepEqual(emulator.requests, []);

      const { inputs: checked } = await provider.check({}, inputs);
      const { id, outputs } = await provider.create(checked);
      const foreign = { ...outputs, orgId: 4711 };
      const told = [...failures];
      for (const call of [
        provider.create({ ...checked, orgId: 4711 }),
        provider.update(id, foreign, { ...checked, simRange: range(6) }),
        provider.read(id, checked, foreign),
        provider.delete(id, foreign),
        provider.read(id, { ...inputs }),
      ]) {
        const { details } = await errorOf(call);
        assert.match(
          details,
          /^(the API key does not see organization 4711; .*|state holds no SimActivation .*)$/,
        );
        told.push(details);
      }
      // The SDK prints what read and delete threw, twice: there is a line each, and no stack.
      assert.equal(provider.stderr.includes("    at "), false, provider.stderr);
      assert.equal(provider.stderr.trim().split("\n").length, 3);
      assert.equal(emulator.ledger.length, 5);
      return told;
    }));

  it("sends an operation that ended part-way with every SIM that is held", () =>
    withProcess(ROOT, NO_ENGINE, async (provider, { emulator }) => {
      emulator.addPack({ first: iccid(1_000), count: 300, step: 10 });
      const fault = { kind: "refuse", iccids: [iccid(1_007)], reason: "Not today" } as const;
      emulator.faults.add({ path: "/links/cellular/bulkclaim", preview: false, fault });
      const { inputs: checked } = await provider.check(
        {},
        { ...machinery, sims: cards(300, 1_000), plan: PLAN },
      );
      const error = await errorOf(provider.create(checked));
      const partly = partlyOf(error);
      assert.equal(partly.id, `${iccid(1_000)}-to-${iccid(1_299)}-300-sims`);
      const held = cards(300, 1_000).filter((each) => each !== iccid(1_007));
      assert.partialDeepStrictEqual(partly.properties, { iccids: held, simCount: 299, ...machinery });
      assert.match(partly.reasons.join("\n"), /^1 SIM not done \(299 certain, 1 refused\)/);
      assert.equal(error.details.split("\n").length, 1);

      emulator.faults.clear();
      const next = await provider.update(partly.id, partly.properties, checked);
      assert.deepEqual(next.iccids, cards(300, 1_000));
      assert.equal(emulator.ledger.length, 300);
      return [partly, next];
    }));
});
