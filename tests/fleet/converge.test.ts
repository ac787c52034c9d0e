import assert from "node:assert/strict";
import fc from "fast-check";
import { approveNothing } from "../../provider/fleet/model/approval";
import type { Declaration } from "../../provider/fleet/model/declaration";
import { emptyRecord, type FleetRecord, heldSims, type RecordedSim } from "../../provider/fleet/model/record";
import { changeFleet } from "../../provider/fleet/run/changeFleet";
import type { Changed, FleetChange } from "../../provider/fleet/run/decision";
import { previewFleet } from "../../provider/fleet/run/previewFleet";
import { refreshFleet } from "../../provider/fleet/run/refreshFleet";
import { aList, aRange, iccid } from "../harness/account/fleet";
import { MemoryJournal } from "../harness/account/journal";
import { loneFleet, runContext } from "../harness/account/run";
import { World } from "../harness/account/world";
import type { ClaimFault, Ways } from "../harness/account/worldTypes";

/** One program that is run again and again on one machine: what its state and its journal keep of the fleet. */
class Program {
  private record: FleetRecord | undefined;
  /** The SIMs that the declaration came to: what the engine keeps as inputs. */
  private roll: readonly RecordedSim[] = [];
  /** A refresh has looked: the next preview does, too. */
  private looksAgain = false;
  private unfinished = 0;
  private readonly journal: MemoryJournal;

  constructor(
    private readonly world: World,
    private readonly declaration: Declaration,
  ) {
    this.journal = new MemoryJournal(world.clock);
  }

  get isQuiet(): boolean {
    return this.record !== undefined && this.unfinished === 0 && !this.looksAgain;
  }

  get holds(): readonly string[] {
    return heldSims(this.record ?? emptyRecord).map((sim) => sim.iccid);
  }

  get lost(): readonly string[] {
    return this.record?.lost ?? [];
  }

  /** `pulumi up`: a check, and an operation within what it told. Undefined when the process dies. */
  async up(): Promise<Changed | undefined> {
    const { world, declaration, journal, record = emptyRecord } = this;
    journal.nextRun();
    const checked = await this.check();
    const { told } = checked;
    const died = new Promise<undefined>((resolve) => {
      world.onDeath = () => resolve(undefined);
    });
    const change = { declaration, record, told, onRelease: "keep" } as const;
    const changed = await Promise.race([changeFleet(runContext(world, { journal }), change), died]);
    if (changed === undefined) return undefined;
    assertOnlyTold(told, record, changed);
    // After an update that failed the engine keeps the old inputs; after a create that failed, the new ones.
    if (this.record === undefined || changed.unfinished.length === 0) {
      this.roll = checked.roll;
      this.looksAgain = false;
    }
    this.record = changed.record;
    this.unfinished = changed.unfinished.length;
    return changed;
  }

  /** `pulumi refresh`. */
  async refresh(): Promise<void> {
    const { world, declaration, record } = this;
    if (record === undefined) return;
    const refreshed = await refreshFleet(
      { ...runContext(world), journal: async () => this.journal },
      record,
      declaration.sims,
    );
    this.record = refreshed.record;
    const { sims, lost } = refreshed.record;
    this.roll = [...sims.map((sim) => sim.iccid), ...lost].sort().map((iccid) => ({ iccid }));
    this.looksAgain = true;
  }

  /** Unchanged inputs send no request and tell nothing: what is open goes on by what was told of it before. */
  private async check(): Promise<{ told: FleetChange["told"]; roll: readonly RecordedSim[] }> {
    const { world, declaration, roll } = this;
    if (this.record !== undefined && !this.looksAgain) {
      return { told: approveNothing(declaration), roll };
    }
    const request = { declaration, roll, onRelease: "keep", last: undefined } as const;
    const result = await previewFleet({ account: world, program: loneFleet }, request);
    if ("refusals" in result) throw new Error(`the preview fails: ${result.refusals.join("; ")}`);
    return { told: result.approval, roll: (result.roll ?? []).map((iccid) => ({ iccid })) };
  }
}

/** Nothing happens that no preview told, neither of this run nor of an earlier one that left it open. */
function assertOnlyTold(
  told: FleetChange["told"],
  { open }: FleetRecord,
  { outcome: { done } }: Changed,
): void {
  assert.ok(!("unverified" in told));
  const count = (kind: "activate" | "adopt" | "resume"): number =>
    told.sims[kind].union(open?.sims[kind] ?? new Set()).size;
  const unnamed = (told.unnamed ?? open?.unnamed)?.atMost ?? 0;
  assert.ok(done.activate <= count("activate") + unnamed);
  assert.ok(done.activate + done.adopt <= count("activate") + count("adopt") + unnamed);
  assert.ok(done.resume <= count("resume"));
  assert.equal(done.release, 0);
}

const fault = fc.oneof(
  fc.constantFrom<ClaimFault | undefined>(
    undefined,
    { kind: "lostBefore" },
    { kind: "lostAfter" },
    { kind: "lostHalfway" },
    { kind: "crashBefore" },
    { kind: "crashAfter" },
  ),
  fc.integer({ min: 1, max: 600_000 }).map((milliseconds): ClaimFault => ({ kind: "late", milliseconds })),
  fc.integer({ min: 1, max: 9 }).map((count): ClaimFault => ({ kind: "fewer", count })),
  fc
    .record({ some: fc.array(fc.nat(39), { minLength: 1, maxLength: 4 }), restDoubtful: fc.boolean() })
    .map(
      ({ some, restDoubtful }): ClaimFault => ({ kind: "refuses", iccids: some.map(iccid), restDoubtful }),
    ),
);
const story = fc.record({
  cards: fc.array(fc.constantFrom("none", "free", "free", "free", "active", "paused", "test"), {
    minLength: 1,
    maxLength: 40,
  }),
  form: fc.constantFrom("list", "range"),
  counted: fc.boolean(),
  ways: fc.record({
    preview: fc.constantFrom<Ways["preview"]>("names", "namesRest", "costOnly", "silent", "refuses"),
    inventory: fc.boolean(),
    refusals: fc.constantFrom<Ways["refusals"]>("refuseAll", "claimRest"),
    secondClaim: fc.constantFrom<Ways["secondClaim"]>("charged", "refused"),
    testMode: fc.constantFrom<Ways["testMode"]>("E1", "E3"),
    limitCounts: fc.constantFrom<Ways["limitCounts"]>("cards", "numbers"),
    limit: fc.constantFrom(3, 9, 2_500, 2_500),
  }),
  faults: fc.array(fault, { maxLength: 5 }),
  /** What goes by between two runs, one after the other: seconds, reads that fail, a refresh. */
  pauses: fc.array(
    fc.record({
      seconds: fc.constantFrom(1, 60, 300, 700),
      failing: fc.constantFrom(0, 0, 0, 2),
      refresh: fc.boolean(),
    }),
    { maxLength: 8 },
  ),
  /** By hand, after the first run: these are paused, and deactivated. */
  paused: fc.array(fc.nat(39), { maxLength: 2 }),
  killed: fc.array(fc.nat(39), { maxLength: 2 }),
});
type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;

function begin({ cards, form, counted, ways, faults }: Story): { world: World; declaration: Declaration } {
  const world = new World(ways);
  for (const [n, kind] of cards.entries()) {
    if (kind === "free") world.add(iccid(n));
    if (kind === "active") world.addActive(iccid(n));
    if (kind === "paused") world.addActive(iccid(n), { state: "PAUSED-USER" });
    if (kind === "test") world.addActive(iccid(n), { state: "TEST-ACTIVATE", testMode: true });
  }
  world.claimFaults = [...faults];
  const numbers = [...world.cards.keys()];
  if (form === "list") return { world, declaration: aList(numbers) };
  // Where an empty answer cannot be told from one that names nothing, the program has to count.
  const unnameable = (!ways.inventory && ways.preview !== "namesRest") || !cards.includes("free");
  // Nor is a range activated that no preview confirms.
  const needed =
    unnameable || counted || ways.preview === "refuses" || ways.limit < 2_500 || cards.includes("test");
  const expected = needed ? { expectedSims: numbers.length } : {};
  return { world, declaration: aRange(0, cards.length, expected) };
}

function byHand(world: World, numbers: readonly number[], state: string): string[] {
  return numbers.map(iccid).filter((each) => {
    const card = world.cards.get(each);
    if (card === undefined || !/^LIVE/.test(card.state)) return false;
    card.state = state;
    return true;
  });
}

/** Runs until all is done; returns the SIMs that were deactivated by hand meanwhile. */
async function untilQuiet(
  program: Program,
  world: World,
  { pauses, paused, killed }: Story,
): Promise<string[]> {
  const dead: string[] = [];
  for (let round = 0; round < 30 && !program.isQuiet; round++) {
    const { seconds, failing, refresh } = pauses[round] ?? { seconds: 700, failing: 0, refresh: true };
    world.failingReads = failing;
    // A run whose reads fail is over before anything is sent; the next one goes on. So is one during whose preview a
    // claim lands: it is told of SIMs that are active and were not listed.
    const run = refresh ? program.refresh().then(() => program.up()) : program.up();
    await run.catch((error: unknown) =>
      assert.match(String(error), /status 503|already activated, and not in/),
    );
    if (round === 0) {
      byHand(world, paused, "PAUSED-USER");
      // One that is dead before any state holds it is a failure of the preview.
      const held = new Set(program.holds);
      const known = killed.filter((n) => held.has(iccid(n)));
      dead.push(...byHand(world, known, "DEAD"));
    }
    world.failingReads = 0;
    world.pass(seconds * 1_000);
  }
  return dead;
}

describe("a fleet that is run again and again", () => {
  it("ends as declared, and every SIM is charged exactly once, whatever went wrong on the way", async () => {
    await fc.assert(
      fc.asyncProperty(story, async (given) => {
        fc.pre(given.cards.some((kind) => kind !== "none"));
        const { world, declaration } = begin(given);
        const owned = new Set(
          [...world.cards.values()]
            .filter((card) => card.deviceId && !card.testMode)
            .map((card) => card.iccid),
        );
        const program = new Program(world, declaration);
        const dead = await untilQuiet(program, world, given);
        world.pass(3_600_000);

        assert.ok(program.isQuiet, "it comes to an end");
        await program.refresh();
        await program.up();
        const alive = [...world.cards.keys()].filter((each) => !dead.includes(each));
        for (const each of alive) {
          assert.equal(world.charges.get(each) ?? 0, owned.has(each) ? 0 : 1, `${each} is charged once`);
        }
        for (const each of dead) assert.ok((world.charges.get(each) ?? 0) <= 1);
        assert.deepEqual([...program.holds].sort(), alive.sort());
        assert.ok(program.lost.every((each) => world.cards.get(each)?.state === "DEAD"));
      }),
      { numRuns: 400 },
    );
  });

  it("sends nothing once all is done", async () => {
    await fc.assert(
      fc.asyncProperty(story, async (given) => {
        fc.pre(given.cards.some((kind) => kind !== "none"));
        const { world, declaration } = begin(given);
        const program = new Program(world, declaration);
        await untilQuiet(program, world, given);
        // A fleet whose SIMs are all here is quiet, though a number that no SIM has may be in doubt for a while.
        world.pass(3_600_000);
        await program.refresh();
        await program.up();
        const writes = world.writes;
        const changed = await program.up();
        assert.deepEqual(changed?.unfinished, []);
        assert.equal(world.writes, writes);
      }),
      { numRuns: 200 },
    );
  });
});
