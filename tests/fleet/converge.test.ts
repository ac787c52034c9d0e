import assert from "node:assert/strict";
import fc from "fast-check";
import { apply, type Outcome } from "../../provider/fleet/apply/apply";
import { type Declaration, type Held, nothingHeld } from "../../provider/fleet/model/declaration";
import { observe } from "../../provider/fleet/observe/observe";
import { type Plan, plan, simCount } from "../../provider/fleet/plan/plan";
import { previewOf } from "../../provider/fleet/plan/preview";
import { activations } from "../../provider/fleet/plan/purchases";
import { beyondBounds, withinPreview } from "../../provider/fleet/run/bounds";
import { aList, aRange, iccid, listener, lookAndPlan, options } from "../harness/account/fleet";
import { World } from "../harness/account/world";
import type { ClaimFault, Ways } from "../harness/account/worldTypes";

/** One program that is run again and again: what is on record of its fleet, as state keeps it. */
class Program {
  private held: Held | undefined;
  private doubtfulUntil = 0;
  private unfinished = 0;
  /** As the last preview said. */
  private count = 0;

  constructor(
    private readonly world: World,
    private readonly declaration: Declaration,
  ) {}

  get isQuiet(): boolean {
    return this.held !== undefined && this.unfinished === 0;
  }

  get holds(): readonly string[] {
    return this.held?.kind === "listed" ? this.held.sims.map((sim) => sim.iccid) : [];
  }

  get lost(): readonly string[] {
    return this.held?.kind === "listed" ? this.held.lost : [];
  }

  /** `pulumi up`: a check that previews, and an operation within that preview. Ends when its process dies. */
  async up(recordsLists = true): Promise<Plan | undefined> {
    const { world, declaration, held = nothingHeld } = this;
    const count = this.count;
    const former: Held = this.held ? { kind: "declared", former: declaration.sims, count } : nothingHeld;
    const checked = await lookAndPlan(world, declaration, former);
    this.count = simCount(checked);
    const preview = previewOf(checked, "keep", undefined);
    const inDoubt = world.clock.now() < this.doubtfulUntil;
    const seen = await observe(world, declaration, held, { mayClaim: !inDoubt });
    const steps = plan(declaration, held, seen);
    const caps = { spent: { activations: 0, dueNow: 0 } };
    const { continuing } = checked;
    const bounds = { preview, unfinished: this.unfinished, continuing, caps };
    assert.equal(beyondBounds(steps, declaration, bounds), undefined, "what was previewed may be done");

    const died = new Promise<undefined>((resolve) => {
      world.onDeath = () => resolve(undefined);
    });
    const approved = withinPreview(steps, bounds).steps;
    const outcome = await Promise.race([
      apply(world, declaration, approved, options(), listener().report),
      died,
    ]);
    if (outcome !== undefined) this.record(outcome, inDoubt, recordsLists);
    return outcome && steps;
  }

  private record(outcome: Outcome, inDoubt: boolean, lists: boolean): void {
    const { sims } = this.declaration;
    const left = inDoubt ? Math.max(0, this.unfinished - outcome.counts.adopted) : 0;
    this.unfinished = outcome.unfinished.length + left;
    this.doubtfulUntil = left > 0 ? this.doubtfulUntil : (outcome.doubtfulUntil ?? 0);
    const former = sims.form === "range" ? { former: sims } : {};
    const record = { lost: outcome.lost, unfinished: this.unfinished, ...former };
    this.held =
      lists || this.unfinished === 0
        ? { kind: "listed", sims: outcome.held, ...record }
        : { kind: "counted", count: outcome.held.length, ...record };
  }
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
    preview: fc.constantFrom<Ways["preview"]>("names", "namesRest", "costOnly", "refuses"),
    inventory: fc.boolean(),
    refusals: fc.constantFrom<Ways["refusals"]>("refuseAll", "claimRest"),
    secondClaim: fc.constantFrom<Ways["secondClaim"]>("charged", "refused"),
    testMode: fc.constantFrom<Ways["testMode"]>("E1", "E3"),
    limitCounts: fc.constantFrom<Ways["limitCounts"]>("cards", "numbers"),
    limit: fc.constantFrom(3, 9, 2_500, 2_500),
  }),
  faults: fc.array(fault, { maxLength: 5 }),
  /** What goes by between two runs, one after the other: seconds, reads that fail, whether lists fit the record. */
  pauses: fc.array(
    fc.record({
      seconds: fc.constantFrom(1, 60, 300, 700),
      failing: fc.constantFrom(0, 0, 0, 2),
      lists: fc.boolean(),
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
  const needed = unnameable || counted || ways.limit < 2_500 || cards.includes("test");
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
    const { seconds, failing, lists } = pauses[round] ?? { seconds: 700, failing: 0, lists: true };
    world.failingReads = failing;
    // A run whose reads fail is over before anything is sent; the next one goes on.
    await program.up(lists).catch((error: unknown) => assert.match(String(error), /status 503/));
    if (round === 0) {
      byHand(world, paused, "PAUSED-USER");
      dead.push(...byHand(world, killed, "DEAD"));
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
        const alive = [...world.cards.keys()].filter((each) => !dead.includes(each));
        for (const each of alive) {
          assert.equal(world.charges.get(each) ?? 0, owned.has(each) ? 0 : 1, `${each} is charged once`);
        }
        for (const each of dead) assert.ok((world.charges.get(each) ?? 0) <= 1);
        await program.up();
        assert.deepEqual([...program.holds].sort(), alive.sort());
      }),
      { numRuns: 500 },
    );
  });

  it("sends nothing once all is done", async () => {
    await fc.assert(
      fc.asyncProperty(story, async (given) => {
        fc.pre(given.cards.some((kind) => kind !== "none"));
        const { world, declaration } = begin(given);
        const program = new Program(world, declaration);
        await untilQuiet(program, world, given);
        await program.up();
        const writes = world.writes;
        const steps = await program.up();
        assert.ok(steps !== undefined);
        assert.deepEqual([activations(steps), steps.adopt, steps.release], [0, [], []]);
        assert.equal(world.writes, writes);
        assert.ok(program.lost.every((each) => world.cards.get(each)?.state === "DEAD"));
      }),
      { numRuns: 300 },
    );
  });
});
