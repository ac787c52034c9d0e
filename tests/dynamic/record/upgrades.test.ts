import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { SCHEMA_VERSION } from "../../../provider/dynamic/wire/state";
import { cards, range, withFleet } from "../../harness/provider/providerFleet";
import type { FleetHarness, Resource } from "../../harness/provider/providerHarness";
import type { Values } from "../../harness/provider/providerReport";

/** What an earlier version of the package left in state, and the program that it ran. */
interface Fixture extends Pick<Resource, "id" | "inputs" | "outputs" | "failed"> {
  readonly declared: Values;
}

// The compiled test runs in dist/tests/dynamic; fixtures are not compiled.
const folder = join(__dirname, "..", "..", "..", "..", "tests", "fixtures", "state");
const fixtures = new Map(
  readdirSync(folder).map((file): [string, Fixture] => [
    file.replace(/\.json$/, ""),
    JSON.parse(readFileSync(join(folder, file), "utf8")),
  ]),
);

describe("dynamic: upgrades of stored state", () => {
  it("every schema version that was ever written has a fixture", () => {
    const versions = [...fixtures.values()].map(({ outputs }) => outputs.schemaVersion);
    for (let version = 1; version <= SCHEMA_VERSION; version++) assert(versions.includes(version));
  });

  it("SIMs that a taken-back program left behind are released when a preview has told it, and not before", () => {
    const fixture = fixtures.get("schema-2-taken-back") ?? assert.fail("no such fixture");
    return withOldState(fixture, async (fleet) => {
      assert.deepEqual((await fleet.up(fixture.declared)).clean().writes, []);
      assert.equal(fleet.outputs().simCount, 14);
      (await fleet.refresh()).clean();
      const up = (await fleet.up(fixture.declared)).clean();
      assert.partialDeepStrictEqual(up.preview(), { release: 2, unchanged: 12 });
      assert.deepEqual(
        fleet.emulator.judgement().pauses.map(({ iccid }) => iccid),
        cards(2, 12),
      );
      const quiet = (await fleet.up(fixture.declared)).clean();
      assert.deepEqual([quiet.changes, quiet.requests], ["", []]);
    });
  });

  for (const [name, fixture] of fixtures) {
    if (name === "schema-2-taken-back") continue;
    const unfinished = Array.isArray(fixture.outputs.unfinished) && fixture.outputs.unfinished.length > 0;
    it(`${name}: ${unfinished ? "goes on, and is then quiet" : "no difference, and no request"}`, () =>
      withOldState(fixture, async (fleet) => {
        const up = (await fleet.up(fixture.declared)).clean();
        if (!unfinished) assert.deepEqual([up.changes, up.requests], ["", []]);
        const refresh = (await fleet.refresh()).clean();
        assert.deepEqual([refresh.changes, refresh.writes], ["", []]);
        const again = (await fleet.up(fixture.declared)).clean();
        assert.deepEqual([again.changes, again.requests], ["", []]);
        const { doubleClaims, doubleCharges, pauses, deactivations } = fleet.emulator.judgement();
        assert.deepEqual([doubleClaims, doubleCharges, pauses, deactivations], [[], [], [], []]);
      }));

    it(`${name}: is refreshed, grown and destroyed by a process that never saw its inputs`, () =>
      withOldState(fixture, async (fleet) => {
        const refresh = (await fleet.refresh()).clean();
        assert.deepEqual(refresh.writes, []);
        const { simRange: _range, sims: _sims, expectedSims: _expected, ...rest } = fixture.declared;
        const count = Number(cardsOf(fixture).length) + 5;
        const wider =
          fixture.declared.sims === undefined ? { simRange: range(count) } : { sims: cards(count) };
        const grown = (await fleet.up({ ...rest, ...wider })).clean();
        assert.equal(grown.steps[0]?.op, "update");
        const pauses = (await fleet.destroy()).clean().writes.length;
        assert.equal(pauses, fixture.declared.onRelease === "pause" ? 1 : 0);
        assert.deepEqual(fleet.emulator.judgement().doubleClaims, []);
      }));
  }
});

/** An account in which the fixture's SIMs are as its state says, with that state in the stack. */
async function withOldState(fixture: Fixture, test: (fleet: FleetHarness) => Promise<void>): Promise<void> {
  await withFleet({ pack: { count: 500 } }, async (fleet) => {
    // Long after: claims that were in doubt then have settled.
    await fleet.timeline.advance(20 * 60_000);
    const { simCount } = fixture.outputs;
    const { plan, zone = "global", overageLimit, threshold } = fixture.declared;
    assert(typeof plan === "number" && typeof zone === "string");
    const held = cardsOf(fixture).slice(0, Number(simCount) + lostOf(fixture).length);
    const limits = { ...numbers({ overageLimit, threshold }) };
    fleet.emulator.activateByHand(held, { plan, zone: zone.toLowerCase(), ...limits });
    for (const iccid of lostOf(fixture)) fleet.emulator.setState(iccid, "DEAD");
    const there = held.filter((iccid) => !lostOf(fixture).includes(iccid));
    const ids = {
      deviceIds: there.map((iccid) => fleet.emulator.sim(iccid).deviceId),
      linkIds: there.map((iccid) => fleet.emulator.sim(iccid).linkId),
    };
    const { declared: _declared, outputs, ...resource } = structuredClone(fixture);
    const listed = Array.isArray(outputs.iccids) ? { ...outputs, ...ids } : outputs;
    fleet.resources.push({ ...resource, name: "fleet", outputs: listed });
    await test(fleet);
  });
}

/** The cards that a fixture declares, in the order of the pack. */
function cardsOf({ declared, outputs }: Fixture): string[] {
  if (Array.isArray(declared.sims)) return cards(declared.sims.length);
  const unfinished = outputs.unfinished;
  const open = Array.isArray(unfinished) ? unfinished.length : 0;
  return cards(Number(outputs.simCount) + open);
}

function lostOf({ outputs }: Fixture): string[] {
  return Array.isArray(outputs.lost) ? outputs.lost.map(String) : [];
}

function numbers(values: Readonly<Record<string, unknown>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (typeof value === "number" ? [[name, value]] : [])),
  );
}
