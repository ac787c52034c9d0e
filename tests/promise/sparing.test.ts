/** Refactoring a program is no release: what any fleet of it declares is neither paused nor deactivated, not for a second. */
import assert from "node:assert/strict";
import { card, cards, type FleetStack, PLAN, urnOf } from "../harness/engine/fleetStack";
import type { Fleet, FleetProgram } from "../harness/programs/declaredFleets";
import { aList, aRange, kinds, packOf, type Select } from "./selections";
import { type Stage, story } from "./stories";
import { assertOnce, doneIn, heldBy, nothing, previewIn, previewThenUp, simsIn } from "./told";

/** A way to move SIMs within a program that begins with one fleet `fleet` of the cards 0 to 9. */
interface Refactoring {
  readonly what: string;
  readonly program: (fleet: (name: string, from: number, to: number, more?: object) => Fleet) => FleetProgram;
  /** How many SIMs each fleet holds afterwards. */
  readonly held: Readonly<Record<string, number | undefined>>;
  readonly args?: readonly string[];
  readonly replace?: readonly string[];
}

const refactorings: readonly Refactoring[] = [
  {
    what: "a split",
    program: (fleet) => ({ fleets: [fleet("fleet", 0, 5), fleet("half", 5, 10)] }),
    held: { fleet: 5, half: 5 },
  },
  {
    what: "a split whose new half comes first",
    program: (fleet) => ({ fleets: [fleet("half", 5, 10), fleet("fleet", 0, 5)] }),
    held: { fleet: 5, half: 5 },
  },
  {
    what: "a split whose new half depends on the old one",
    program: (fleet) => ({
      fleets: [fleet("fleet", 0, 5), fleet("half", 5, 10, { dependsOn: ["fleet"] })],
    }),
    held: { fleet: 5, half: 5 },
  },
  {
    what: "a split whose new half is declared a while later",
    program: (fleet) => ({ fleets: [fleet("fleet", 0, 5), fleet("half", 5, 10, { afterMs: 300 })] }),
    held: { fleet: 5, half: 5 },
  },
  {
    what: "a new name without an alias",
    program: (fleet) => ({ fleets: [fleet("renamed", 0, 10)] }),
    held: { fleet: undefined, renamed: 10 },
  },
  {
    what: "an exchange of all SIMs with a new fleet",
    program: (fleet) => ({ fleets: [fleet("fleet", 10, 20), fleet("other", 0, 10)] }),
    held: { fleet: 10, other: 10 },
  },
  {
    what: "another provider",
    program: (fleet) => ({
      providers: [{ name: "own", args: {} }],
      fleets: [fleet("renamed", 0, 10, { provider: "own" })],
    }),
    held: { renamed: 10 },
  },
  {
    what: "a new parent",
    program: (fleet) => ({ groups: ["depot"], fleets: [fleet("fleet", 0, 10, { parent: "depot" })] }),
    held: {},
  },
  {
    what: "a replacement on demand",
    program: (fleet) => ({ fleets: [fleet("fleet", 0, 10)] }),
    held: { fleet: 10 },
    replace: [urnOf("fleet")],
  },
];

describe("refactoring", () => {
  for (const onRelease of ["pause", "deactivate"] as const) {
    for (const { what, program, held, replace } of refactorings) {
      for (const skips of [false, true]) {
        story(
          `${what} leaves every SIM as it is (${onRelease}${skips ? ", without a preview" : ""})`,
          {
            account: packOf(20),
            env: { HOLOGRAM_MAX_DEACTIVATIONS: "10" },
            long: onRelease === "deactivate" && !skips,
            also: onRelease === "pause" && !skips ? ["embedded", "pulumi"] : ["embedded"],
            processes: what.includes("depends on") && onRelease === "pause" && !skips,
          },
          async ({ fleets }) => {
            const fleet = fleetsOf(aList, onRelease);
            await begin(fleets, fleet("fleet", 0, 10));
            fleets.declareAll(program(fleet));
            const up = await fleets.up({ preview: !skips, ...(replace === undefined ? {} : { replace }) });
            assert.ok(up.ok, up.text);
            const done = doneIn(fleets, up);
            assert.deepEqual([done.paused, done.deactivated, done.resumed], [[], [], []]);
            // What a command could not know was known to the next.
            if (skips) assert.ok((await fleets.up({ preview: true })).ok);
            for (const [name, count] of Object.entries(held)) {
              assert.equal(await heldBy(fleets, name), count, name);
            }
            assertUntouched(fleets);
          },
        );
      }
    }

    for (const [kind, select] of kinds("a range")) {
      story(
        `${kind}: a split needs no permission to release, for it releases nothing, and the preview says so (${onRelease})`,
        { account: packOf(10) },
        async (stage) => {
          const { fleets } = stage;
          const fleet = fleetsOf(select, onRelease);
          await begin(fleets, fleet("fleet", 0, 10));
          fleets.declare(fleet("fleet", 0, 5), fleet("half", 5, 10));
          const { preview, up, done } = await previewThenUp(stage);
          assert.ok(up.ok, up.text);
          assert.deepEqual(done, nothing);
          assert.equal(previewIn(preview, "fleet").release, 0);
          assert.partialDeepStrictEqual(previewIn(preview, "half"), { adopt: 5, activate: 0 });
          assertUntouched(fleets);
        },
      );
    }
  }

  story(
    "a half that is known only during the update is spared too: its SIMs wait for the next command",
    { account: packOf(10), also: ["embedded", "pulumi"] },
    async ({ fleets }) => {
      const fleet = fleetsOf(aList, "pause");
      await begin(fleets, fleet("fleet", 0, 10));
      fleets.declare(fleet("fleet", 0, 5), { ...fleet("half", 5, 10), late: ["sims"] });
      const up = await fleets.up({ preview: true });
      assert.ok(up.ok, up.text);
      assert.deepEqual(doneIn(fleets, up), nothing);
      const again = await fleets.up({ preview: true });
      assert.ok(again.ok, again.text);
      assert.deepEqual(doneIn(fleets, again), nothing);
      assert.equal(await heldBy(fleets, "half"), 5);
      assertUntouched(fleets);
    },
  );

  for (const onRelease of ["pause", "keep"] as const) {
    story(
      `an \`up\` of one target does not release what another fleet of the program declares (${onRelease})`,
      { account: packOf(10), also: ["pulumi"] },
      async ({ fleets }) => {
        const fleet = fleetsOf(aList, onRelease);
        await begin(fleets, fleet("fleet", 0, 10));
        fleets.declare(fleet("fleet", 0, 5), fleet("half", 5, 10));
        await fleets.up({ preview: true, args: ["--target", urnOf("fleet")] });
        assertUntouched(fleets);
        const up = await fleets.up({ preview: true });
        assert.ok(up.ok, up.text);
        assert.deepEqual([await heldBy(fleets), await heldBy(fleets, "half")], [5, 5]);
        assertUntouched(fleets);
      },
    );
  }

  for (const [kind, places] of Object.entries({ "the only SIM of a fleet": [0], "one SIM of ten": [9] })) {
    story(
      `an eSIM that shows another ICCID is one device: to follow it in the program changes nothing (${kind})`,
      { account: packOf(10), also: ["embedded", "pulumi"] },
      async (stage) => {
        const { fleets } = stage;
        const [swapped = 0] = places;
        const declared = cards(0, swapped + 1);
        const declare = (sims: readonly string[]): void =>
          fleets.declare({ name: "fleet", args: { plan: PLAN, onRelease: "pause", sims } });
        declare(declared);
        assert.ok((await fleets.up({ preview: true })).ok);
        const shown = "89445001099999999990";
        fleets.emulator.swapProfile(card(swapped), shown);

        declare([...declared.slice(0, -1), shown]);
        const { preview, up, done } = await previewThenUp(stage);
        assert.ok(up.ok, up.text);
        assert.deepEqual(done, nothing);
        assert.equal(previewIn(preview).release ?? 0, 0);
        assert.equal(fleets.emulator.sim(shown).state, "LIVE");
        assert.equal(await heldBy(fleets), declared.length);
        const quiet = await fleets.up({ preview: true });
        assert.deepEqual([quiet.ok, quiet.writes], [true, []]);
      },
    );
  }

  story(
    "SIMs that really leave are released in the same command as a split is made",
    { account: packOf(30), also: ["embedded"] },
    async (stage) => {
      const { fleets } = stage;
      const fleet = fleetsOf(aRange, "pause");
      await begin(fleets, fleet("fleet", 0, 10));
      fleets.declare(fleet("fleet", 0, 4), fleet("half", 6, 10));
      const { preview, up, done } = await previewThenUp(stage);
      assert.ok(up.ok, up.text);
      assert.equal(previewIn(preview, "fleet").release, 2);
      assert.deepEqual(done.paused, cards(4, 6));
      assert.deepEqual(simsIn(fleets, "PAUSED-USER"), cards(4, 6));
    },
  );
});

function fleetsOf(select: Select, onRelease: string) {
  return (name: string, from: number, to: number, more: object = {}): Fleet => ({
    name,
    args: { plan: PLAN, onRelease, ...select(from, to) },
    ...more,
  });
}

async function begin(fleets: Stage["fleets"], ...declared: readonly Fleet[]): Promise<void> {
  fleets.declare(...declared);
  const up = await fleets.up({ preview: true });
  assert.ok(up.ok, up.text);
}

/** No request ever paused, deactivated or claimed twice. */
function assertUntouched(fleets: FleetStack): void {
  const { pauses, deactivations } = fleets.emulator.judgement();
  assert.deepEqual({ pauses, deactivations }, { pauses: [], deactivations: [] });
  assertOnce(fleets);
}
