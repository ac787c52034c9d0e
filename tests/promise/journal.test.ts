/** What the machine remembers between processes, commands and stacks; and what is left undone where it cannot. */
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cards, type FleetStack, PLAN, urnOf } from "../harness/engine/fleetStack";
import { packOf } from "./selections";
import { story } from "./stories";
import { aClaim, assertOnce, doneIn, heldBy, nothing, simsIn } from "./told";

const sellsTwice = { alreadyActive: "charge" } as const;

function fleet(name: string, from: number, to: number, args: object = {}) {
  return { name, args: { plan: PLAN, sims: cards(from, to), ...args } };
}

/** Neither the journal's folder can be made, nor the one for the notes of a command. */
function unwritable(folder: string): Readonly<Record<string, string>> {
  mkdirSync(folder);
  const files = [join(folder, "occupied"), join(folder, `pulumi-hologram-${process.getuid?.() ?? 0}`)];
  for (const each of files) writeFileSync(each, "no folder");
  return { HOLOGRAM_JOURNAL: join(folder, "occupied", "journal"), TMPDIR: folder };
}

describe("the journal", () => {
  const { TMPDIR: temporary } = process.env;
  afterEach(() => {
    if (temporary === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = temporary;
  });

  for (const [what, again] of Object.entries({
    "`up --replace`": (fleets: FleetStack) => fleets.up({ preview: false, replace: [urnOf("fleet")] }),
    "another name": (fleets: FleetStack) => {
      fleets.declare(fleet("renamed", 0, 10));
      return fleets.up({ preview: false });
    },
  })) {
    story(
      `a claim in doubt is known to the processes that come after: ${what}`,
      {
        account: packOf(10),
        behaviour: sellsTwice,
        env: { HOLOGRAM_CLAIM_SETTLE_SECONDS: "5" },
        also: ["embedded", "pulumi"],
        processes: what === "another name",
      },
      async ({ fleets }) => {
        fleets.declare(fleet("fleet", 0, 10));
        fleets.emulator.faults.add({ ...aClaim, nth: 1, fault: { kind: "drop", commit: false } });
        assert.equal((await fleets.up({ preview: false })).ok, false);
        fleets.emulator.faults.clear();
        // The read-back took a fifth of the short time; for the next command a claim is in doubt for long.
        fleets.setEnv({ HOLOGRAM_CLAIM_SETTLE_SECONDS: "600" });
        const up = await again(fleets);
        assert.equal(up.ok, false, up.text);
        assert.deepEqual(up.writes, []);
        assert.match(up.text, /doubt|may still be landing/);
      },
    );
  }

  story(
    "without a journal SIMs are claimed, and none is paused or deactivated by an update",
    { account: packOf(20), env: { HOLOGRAM_MAX_DEACTIVATIONS: "20" } },
    async ({ fleets, file }) => {
      const pauses = { onRelease: "pause" };
      const nowhere = unwritable(file("occupied"));
      fleets.setEnv(nowhere);
      // Here providers run in this process.
      process.env.TMPDIR = nowhere.TMPDIR;
      fleets.declare(fleet("fleet", 0, 10, pauses));
      const up = await fleets.up({ preview: true });
      assert.ok(up.ok, up.text);
      assert.equal(doneIn(fleets, up).claimed.length, 10);
      assert.match(up.text, /journal/i);

      fleets.declare(fleet("fleet", 0, 5, pauses));
      const shrunk = await fleets.up({ preview: true });
      assert.deepEqual(doneIn(fleets, shrunk), nothing);
      assert.deepEqual(simsIn(fleets, "LIVE"), cards(0, 10));

      fleets.setEnv({ HOLOGRAM_JOURNAL: file("journal") });
      const whole = await fleets.up({ preview: true });
      assert.ok(whole.ok, whole.text);
      assert.deepEqual(simsIn(fleets, "PAUSED-USER"), cards(5, 10));
      assert.equal(await heldBy(fleets), 5);
    },
  );

  story(
    "where the notes of a command can be written and the journal cannot, an update deactivates nothing, and says why",
    { account: packOf(10), env: { HOLOGRAM_MAX_DEACTIVATIONS: "10" }, processes: true },
    async ({ fleets, file }) => {
      writeFileSync(file("occupied"), "no folder");
      fleets.setEnv({ HOLOGRAM_JOURNAL: join(file("occupied"), "journal") });
      fleets.declare(fleet("fleet", 0, 10, { onRelease: "deactivate" }));
      assert.ok((await fleets.up({ preview: true })).ok);
      fleets.declare(fleet("fleet", 0, 5, { onRelease: "deactivate" }));
      const shrunk = await fleets.up({ preview: true });
      assert.deepEqual(doneIn(fleets, shrunk), nothing);
      assert.match(shrunk.text, /5 SIMs not released yet .*without a journal that can be written/);
      fleets.setEnv({ HOLOGRAM_JOURNAL: file("journal") });
      const whole = await fleets.up({ preview: true });
      assert.deepEqual(doneIn(fleets, whole).deactivated, cards(5, 10));
    },
  );

  story(
    "it holds no API key, and is small after a run that went well",
    { account: packOf(2_000) },
    async ({ fleets, file }) => {
      const folder = file("own-journal");
      fleets.setEnv({ HOLOGRAM_JOURNAL: folder });
      fleets.declareAll({ fleets: [fleet("fleet", 0, 2_000)], outputs: "previews" });
      assert.ok((await fleets.up({ preview: true })).ok);
      // Its files lie below the state's folder: the search for leaks, at the end of each story, reads them.
      assert.ok(readdirSync(folder).length > 0);
      const quiet = await fleets.up({ preview: true });
      assert.deepEqual([quiet.ok, quiet.requests], [true, []]);
      assertOnce(fleets);
    },
  );

  story(
    "another stack on this machine may release what this one does not declare",
    { account: packOf(20) },
    async ({ fleets }) => {
      const pauses = { onRelease: "pause" };
      fleets.declare(fleet("fleet", 0, 10, pauses));
      assert.ok((await fleets.up({ preview: true })).ok);
      const other = await fleets.another("other");
      other.declare(fleet("fleet", 10, 20, pauses));
      assert.ok((await other.up({ preview: true })).ok);
      other.declare(fleet("fleet", 10, 15, pauses));
      assert.ok((await other.up({ preview: true })).ok);
      assert.deepEqual(simsIn(fleets, "PAUSED-USER"), cards(15, 20));
      assertOnce(fleets);
    },
  );
});
