/** What the judges of the campaign call wrong: without this, a campaign that finds nothing would say nothing. */
import assert from "node:assert/strict";
import { type Emulator, type Fault, startEmulator } from "../../../provider/testing/emulator";
import { Timeline } from "../../harness/provider/providerClock";
import { iccidOf, ORG, offers, simsByNumber, swapped } from "../story/cards";
import { CLAIM } from "../story/faults";
import { PurchaseBook } from "./book";
import { type AccountView, type Command, type FleetRecord, recordsByName, type Values } from "./command";
import { PromiseKeeper } from "./promise";
import { Sight } from "./sight";

const SETTLE = 3;
const [sim, other] = [iccidOf(0), iccidOf(1)];
const nothing = { activate: 0, adopt: 0, resume: 0, changePlan: 0, changeLimits: 0, release: 0, dueNow: 0 };
const fleet = { ...offers[0], sims: [sim, other] };

describe("the judges of the campaign", () => {
  let emulator: Emulator;
  let time: Timeline;
  let book: PurchaseBook;
  let promise: PromiseKeeper;
  let sight: Sight;
  let dollars: number;

  beforeEach(async () => {
    [time, dollars] = [new Timeline(), 0.6];
    emulator = await startEmulator({ behaviour: { alreadyActive: "charge" }, clock: time.emulator });
    emulator.dashboard.addCards([sim, other, iccidOf(2)]);
    book = new PurchaseBook(emulator, { settleSeconds: SETTLE });
    promise = new PromiseKeeper(0);
    sight = new Sight(emulator, SETTLE);
  });
  afterEach(() => emulator.close());

  const view = (): AccountView => {
    const price = dollars;
    return { sims: simsByNumber(emulator), priceOf: () => price };
  };

  /** A command whose update does `work`; what it showed, and what it left on record. */
  async function command(
    work: () => Promise<void>,
    {
      preview = {},
      program = fleet,
      held = [],
      ...more
    }: Omit<Partial<Command>, "program"> & { preview?: Values; program?: Values; held?: string[] } = {},
  ): Promise<void> {
    await time.advance(100);
    const [told, first, from] = [view(), emulator.requests.length, time.now];
    await work();
    const checked = new Map([["fleet", { ...program, preview: { ...nothing, simCount: 0, ...preview } }]]);
    const record: FleetRecord = { iccids: held, lost: [], unfinished: [], onRelease: "pause" };
    const seen: Command = {
      kind: "up",
      stack: 0,
      machine: 0,
      program: new Map([["fleet", program]]),
      shown: checked,
      checked,
      told,
      began: told,
      ended: view(),
      requests: { preview: [], update: emulator.requests.slice(first) },
      before: new Map([["fleet", record]]),
      after: new Map([["fleet", record]]),
      steps: [{ name: "fleet", op: "update", end: "done" }],
      text: "",
      died: false,
      from,
      to: time.now,
      ...more,
    };
    for (const judge of [book, promise, sight]) judge.look(seen);
  }

  async function send(path: string, body: object, fault?: Fault): Promise<void> {
    if (fault !== undefined) emulator.faults.add({ path, fault });
    const authorization = `Basic ${Buffer.from(`apikey:${emulator.apiKey}`).toString("base64")}`;
    const headers = { authorization, "content-type": "application/json" };
    const request = { method: "POST", headers, body: JSON.stringify(body) };
    await fetch(`${emulator.url}${path}`, request).catch(() => undefined);
    emulator.faults.clear();
  }
  const claim = (sims: string[], fault?: Fault) => send(CLAIM, { sims, ...offers[0], orgid: ORG }, fault);
  const changePlan = (iccid: string, fault?: Fault) => {
    const terms = { planid: 75, zone: "global", orgid: ORG };
    return send("/devices/changeplan", { deviceids: [emulator.sim(iccid).deviceId], ...terms }, fault);
  };
  const setLimit = (iccid: string) => {
    const deviceids = [emulator.sim(iccid).deviceId];
    return send("/devices/usagelimit", { deviceids, overagelimit: 5_000, orgid: ORG });
  };
  const setState = (iccid: string, state: string) =>
    send("/devices/state", { deviceids: [emulator.sim(iccid).deviceId], orgid: ORG, state });
  const pause = (iccid: string) => setState(iccid, "pause");

  function found(...patterns: RegExp[]): void {
    book.judge();
    sight.atTheEnd();
    const all = [...promise.violations, ...book.violations, ...sight.violations];
    assert.equal(all.length, patterns.length, all.join("\n"));
    for (const [i, pattern] of patterns.entries()) assert.match(all[i] ?? "", pattern);
  }

  const lost: Fault = { kind: "drop", commit: false };
  const two = { preview: { activate: 2 }, held: [sim, other] };

  it("find nothing wrong with what was told and is on record", async () => {
    await command(() => claim([sim, other]), two);
    found();
  });

  it("a purchase that no preview told, and one more than it told", async () => {
    await command(() => claim([sim]), { held: [sim] });
    found(/bought though no preview told it: #0/);
  });

  it("more than the preview counted", async () => {
    await command(() => claim([sim, other]), { ...two, preview: { activate: 1 } });
    found(/bought though no preview told it: #1/);
  });

  it("a purchase of what no fleet declares", async () => {
    await command(() => claim([iccidOf(2)]), { ...two, held: [iccidOf(2)] });
    found(/bought though no fleet declares it: #2/);
  });

  it("a purchase at another price than was told", async () => {
    const told = view();
    dollars = 3;
    await command(() => claim([sim, other]), { ...two, told });
    found(/for another price/, /for another price/);
  });

  /** What a preview says that could not look. */
  const unseen = (preview: Values, program: Values = fleet) => {
    const shown = new Map([["fleet", { ...program, preview: { unverified: "no network", ...preview } }]]);
    return { program, shown, checked: shown, held: [sim, other] };
  };

  it("more, or for more, than a preview told that could not look", async () => {
    await command(() => claim([sim, other]), unseen({ activate: 1, dueNow: 0.6 }));
    found(/bought though no preview told it: #1/);
    const told = view();
    dollars = 3;
    await command(() => claim([iccidOf(2)]), {
      ...unseen({ activate: 1, dueNow: 0.6 }, { ...fleet, sims: [sim, other, iccidOf(2)] }),
      told,
    });
    assert.match(promise.violations.at(-1) ?? "", /for another price or plan than was told: #2/);
  });

  it("a plan that is changed for another price than was told", async () => {
    emulator.dashboard.activate([sim, other], offers[0]);
    await command(async () => undefined, { preview: { adopt: 2 }, held: [sim, other] });
    const [program, told] = [{ ...fleet, plan: 75 }, view()];
    dollars = 3;
    await command(() => changePlan(sim), { program, preview: { changePlan: 2 }, held: [sim, other], told });
    await command(() => changePlan(sim), { ...unseen({ changePlan: 2, monthlyCost: 1.2 }, program), told });
    found(/changePlan for another price or plan/, /changePlan for another price or plan/);
  });

  it("a plan that is changed, or a SIM that is resumed, though a preview that could not look told nothing of it", async () => {
    emulator.dashboard.activate([sim, other, iccidOf(2)], offers[0]);
    const program = { ...fleet, plan: 75, sims: [sim, other, iccidOf(2)] };
    await command(async () => undefined, { preview: { adopt: 2 }, held: [sim, other] });
    await command(() => changePlan(sim), unseen({ activate: 0 }, program));
    emulator.setState(other, "PAUSED-USER");
    await command(() => setState(other, "live"), unseen({ activate: 0 }, program));
    // Of the SIMs that the fleet came to before it tells, and of no other.
    await command(() => changePlan(sim), unseen({ changePlan: 2 }, program));
    await command(() => changePlan(iccidOf(2)), unseen({ changePlan: 2 }, program));
    const untold = "though no preview told it";
    found(
      new RegExp(`changePlan ${untold}: #0`),
      new RegExp(`resume ${untold}: #1`),
      new RegExp(`changePlan ${untold}: #2`),
    );
  });

  it("limits that are set, though a preview that could not look told nothing of them", async () => {
    emulator.dashboard.activate([sim, other, iccidOf(2)], offers[0]);
    const program = { ...fleet, overageLimit: 5_000, sims: [sim, other, iccidOf(2)] };
    await command(async () => undefined, { preview: { adopt: 2 }, held: [sim, other] });
    await command(() => setLimit(sim), unseen({ activate: 1 }, program));
    await command(() => setLimit(sim), unseen({ activate: 1, changeLimits: 2 }, program));
    await command(() => setLimit(iccidOf(2)), unseen({ activate: 1, changeLimits: 2 }, program));
    const untold = "changeLimits though no preview told it";
    found(new RegExp(`${untold}: #0`), new RegExp(`${untold}: #2`));
  });

  it("a pause of what is declared, of what is of others, and of what was not told", async () => {
    emulator.dashboard.activate([sim, other, iccidOf(2)], offers[0]);
    await command(async () => undefined, { preview: { adopt: 2 }, held: [sim, other] });
    await command(() => pause(sim), { held: [sim, other] });
    await command(() => pause(iccidOf(2)), { held: [sim, other] });
    const smaller = { ...fleet, sims: [sim] };
    await command(() => pause(other), { program: smaller, held: [sim, other] });
    found(/pause of a SIM that fleet declares: #0/, /pause of a SIM of others: #2/, /no preview told it: #1/);
  });

  it("a release that was told is no fault, and nor is one that is still open", async () => {
    emulator.dashboard.activate([sim, other], offers[0]);
    await command(async () => undefined, { preview: { adopt: 2 }, held: [sim, other] });
    const program = { ...fleet, sims: [sim] };
    const steps = [{ name: "fleet", op: "update", end: "partly" } as const];
    await command(async () => undefined, { program, preview: { release: 1 }, held: [sim, other], steps });
    await command(() => pause(other), { program, held: [sim] });
    found();
  });

  it("a former half that waits for its deletion is released as its own record says", async () => {
    emulator.dashboard.activate([sim], offers[0]);
    await command(async () => undefined, { preview: { adopt: 1 }, held: [sim] });
    const half: FleetRecord = { iccids: [sim], lost: [], unfinished: [], onRelease: "pause" };
    const now = { ...half, iccids: [], onRelease: "deactivate" };
    const steps = [{ name: "fleet", op: "delete", end: "done" } as const];
    const program = { ...fleet, sims: [other] };
    const before = recordsByName([
      ["fleet", half],
      ["fleet", now],
    ]);
    await command(() => pause(sim), { program, steps, before });
    found();
    await command(async () => undefined, { preview: { adopt: 1 }, held: [sim] });
    await command(() => pause(sim), { program, steps, before: new Map([["fleet", now]]) });
    found(/pause though the record says otherwise: #0/);
  });

  it("a SIM that is paused before the only row is told is resumed as that row says", async () => {
    emulator.dashboard.activate([sim, other], offers[0]);
    const before = view();
    emulator.setState(sim, "PAUSED-USER");
    const resumed = { preview: { adopt: 2, resume: 1 }, told: before, held: [sim, other] };
    const resume = () => setState(sim, "live");
    await command(resume, { ...resumed, toldInUpdate: new Map([["fleet", view()]]) });
    found();
    await command(resume, resumed);
    found(/resume though no preview told it: #0/);
  });

  it("a SIM that somebody activates while the only row is told is held as that row says", async () => {
    const before = view();
    emulator.dashboard.activate([sim], offers[0]);
    const about = { preview: { activate: 1 }, told: before, held: [sim] };
    const after = new Map([["fleet", { iccids: [sim], lost: [], unfinished: [], onRelease: "keep" }]]);
    await command(async () => undefined, { ...about, after, toldInUpdate: new Map([["fleet", view()]]) });
    found();
  });

  it("a SIM that was carried out is claimed and charged again", async () => {
    await command(() => claim([sim, other]), two);
    await command(() => claim([sim]), { ...two, died: true });
    found(/no preview told it/, /claimed though they had been claimed before: #0/, /charged twice: #0/);
  });

  it("a SIM in doubt is claimed again too early, and may be later", async () => {
    await command(() => claim([sim], lost), two);
    await command(() => claim([sim]), two);
    await time.advance(SETTLE * 1_000);
    await command(() => claim([other], lost), two);
    await time.advance(SETTLE * 1_000);
    await command(() => claim([other]), two);
    found(/claimed again while the first claim was in doubt: #0/);
  });

  it("a plan that is changed again while the first change may be landing, and may be later, or on another machine", async () => {
    await command(() => claim([sim, other]), two);
    const moved = { program: { ...fleet, plan: 75 }, preview: { changePlan: 2 }, held: [sim, other] };
    await command(() => changePlan(sim, lost), moved);
    await command(() => changePlan(sim, lost), { ...moved, machine: 1 });
    await command(() => changePlan(sim), moved);
    await command(() => changePlan(other, lost), moved);
    await time.advance(SETTLE * 1_000);
    await command(() => changePlan(other), moved);
    found(/plan changed again while the first change was in doubt: #0/);
  });

  it("another machine cannot know what a killed one has sent; its charge is counted apart", async () => {
    const late: Fault = { kind: "lateCommit", milliseconds: 1_500 };
    await command(() => claim([sim], late), { ...two, died: true });
    await command(() => claim([sim]), { ...two, machine: 1 });
    await time.advance(2_000);
    await emulator.idle();
    found();
    assert.equal(book.landedLate, 1);
  });

  it("another machine knows what is in doubt by the record of its fleet, unless that is made anew", async () => {
    const partly = { ...two, steps: [{ name: "fleet", op: "update", end: "partly" } as const] };
    await command(() => claim([sim], lost), partly);
    const create = [{ name: "fleet", op: "create", end: "done" } as const];
    await command(() => claim([sim], lost), { ...two, machine: 1, steps: create });
    found();
    await command(() => claim([sim]), { ...two, machine: 2 });
    found(/claimed again while the first claim was in doubt: #0/);
  });

  it("a claim after one in doubt, in the same run", async () => {
    await command(async () => {
      await claim([sim], lost);
      await claim([other]);
    }, two);
    found(/claimed after a claim of the same run was in doubt: #1/);
  });

  it("what was charged and is nowhere to be found, then and later", async () => {
    await command(() => claim([sim]), { preview: { activate: 2 } });
    await command(() => claim([other], { kind: "lateCommit", milliseconds: 1_500 }), {
      preview: { activate: 2 },
    });
    await time.advance(2_000);
    await emulator.idle();
    found(/neither on record nor named: #0/, /in the end on no record: #1/);
  });

  it("a SIM out of the key's sight is claimed again, if a record that stays says that it was bought", async () => {
    await command(() => claim([sim, other]), two);
    emulator.addOrganization({ id: 7 });
    emulator.dashboard.move([sim], 7);
    const again = { ...two, preview: { activate: 1 }, steps: [] };
    await command(() => claim([sim]), { ...again, before: new Map() });
    found();
    await command(() => claim([sim]), again);
    found(/claimed though they had been claimed before: #0/);
  });

  for (const [how, release, open, ...wrong] of [
    ["as its row told, is in sight", 1, `${sim}: doubtful`],
    ["as its row told, is in sight where the record names no more of them", 1, "and 7 more"],
    ["though no row told it, is not", 0, `${sim}: doubtful`, /in the end on no record: #0/],
  ] as const)
    it(`what landed late and left the record, ${how}`, async () => {
      const late: Fault = { kind: "lateCommit", milliseconds: 500 };
      const none = { iccids: [], lost: [], onRelease: "keep" };
      const doubtful = new Map([["fleet", { ...none, unfinished: [open] }]]);
      const empty = new Map([["fleet", { ...none, unfinished: [] }]]);
      await command(() => claim([sim], late), { ...two, after: doubtful });
      await time.advance(1_000);
      await emulator.idle();
      const smaller = { program: { ...fleet, sims: [other] }, before: doubtful, after: empty };
      await command(async () => undefined, { ...smaller, preview: { release } });
      found(...wrong);
    });

  it("in the end an eSIM is missing only where its fleet has held it, or can see it", async () => {
    await command(() => claim([sim, other]), two);
    const missing = (name: string, lost: string[] = []): string[] => {
      const record = { iccids: [other], lost, unfinished: [], onRelease: "keep" };
      return sight.judgeEnd(name, fleet, record, view(), undefined);
    };
    assert.match(missing("fleet")[0] ?? "", /does not hold #0/);
    emulator.dashboard.swapProfile(sim, swapped(sim));
    assert.match(missing("fleet")[0] ?? "", /does not hold #0/);
    assert.deepEqual([missing("fleet", [sim]), missing("another")], [[], []]);
  });

  it("in the end a tag is missing, unless another stack that declares the SIM took it off", async () => {
    const tagId = () => emulator.tags()[0]?.id;
    const change = (how: "link" | "unlink") =>
      send(`/devices/tags/${tagId()}/${how}`, { deviceids: [emulator.sim(sim).deviceId] });
    const theirs = new Map([["theirs", { iccids: [sim], lost: [], unfinished: [], onRelease: "keep" }]]);
    const wrong = (): string[] => {
      const record = { iccids: [sim], lost: [], unfinished: [], onRelease: "keep" };
      return sight.judgeEnd("fleet", { ...fleet, sims: [sim] }, record, view(), tagId());
    };
    await command(() => claim([sim, other]), two);
    await send(`/devices/tags?orgid=${ORG}`, { name: "fleet" });
    assert.match(wrong()[0] ?? "", /#0 not tagged/);
    await command(() => change("link"), two);
    assert.deepEqual(wrong(), []);
    await command(() => change("unlink"), two);
    assert.match(wrong()[0] ?? "", /#0 not tagged/);
    await command(() => change("unlink"), { ...two, before: theirs, after: theirs });
    assert.deepEqual(wrong(), []);
  });
});
