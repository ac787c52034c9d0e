import assert from "node:assert/strict";
import type { FaultRule } from "../../../provider/testing/emulator/faults/faults";
import { everything } from "../../harness/engine/form";
import { cards, PLAN, withFleet } from "../../harness/provider/providerFleet";
import { simsOf } from "../../harness/provider/providerReport";

const SIMS = 6_000;
/** Of its `check` and its `create`: the organization, plans, seven pages and three previews each; three claims,
 * and where the first SIM has come to. */
const REQUESTS = 26;
const inputs = { sims: cards(SIMS), plan: PLAN };
const claim = { path: "/links/cellular/bulkclaim", preview: false } as const;

/** Activates 6,000 SIMs with one fault, goes on until it is done, and says what the first run told. */
async function activateWith(rule: FaultRule): Promise<{ reasons: string; claims: number[]; runs: number }> {
  let told = { reasons: "", claims: [] as number[], runs: 0 };
  await withFleet({ pack: { count: SIMS }, behaviour: { alreadyActive: "charge" } }, async (fleet) => {
    const { emulator, timeline } = fleet;
    emulator.faults.add(rule);
    const first = await fleet.up(inputs);
    assert.equal(emulator.faults.list()[0]?.played, 1);
    const named = first.claims.flatMap((request) => simsOf(request));
    assert.equal(new Set(named).size, named.length, "a SIM was sent twice in one run");
    told = {
      reasons: first.reasons.join("\n"),
      claims: first.claims.map((each) => simsOf(each).length),
      runs: 1,
    };
    for (; told.runs < 6 && fleet.outputs().simCount !== SIMS; told = { ...told, runs: told.runs + 1 }) {
      await timeline.advance(11 * 60_000);
      await fleet.up(inputs);
    }
    assert.deepEqual(fleet.outputs().iccids, cards(SIMS));
    assert.deepEqual(fleet.outputs().unfinished, []);
    const { doubleClaims, doubleCharges, concurrentClaims } = emulator.judgement();
    assert.deepEqual([doubleClaims, doubleCharges, concurrentClaims], [[], [], []]);
    assert.equal(emulator.ledger.length, SIMS);
    const quiet = (await fleet.up(inputs)).clean();
    assert.deepEqual([quiet.changes, quiet.requests], ["", []]);
  });
  return told;
}

describe("dynamic: an activation of 6,000 SIMs", () => {
  for (const [nth, certain, left] of [
    [1, "2,500", "3,500"],
    [2, "5,000", "1,000"],
  ] as const) {
    it(`claim ${nth} committed and its answer lost: it is held, and nothing more is sent in that run`, async () => {
      const told = await activateWith({ ...claim, nth, fault: { kind: "drop", commit: true } });
      assert.match(told.reasons, new RegExp(`\\(${certain} certain, ${left} not sent\\)`));
      assert.deepEqual([told.claims.length, told.runs], [nth, 2]);
    });

    it(`claim ${nth} lost before it was carried out: it is in doubt, and sent again only after that`, async () => {
      const told = await activateWith({ ...claim, nth, fault: { kind: "drop", commit: false } });
      const before = nth === 1 ? "0" : "2,500";
      assert.match(told.reasons, new RegExp(`\\(${before} certain, 2,500 doubtful, ${left} not sent\\)`));
      assert.deepEqual([told.claims.length, told.runs], [nth, 2]);
    });
  }

  it("the last claim committed and its answer lost: all is held, and the change succeeds", async () => {
    const told = await activateWith({ ...claim, nth: 3, fault: { kind: "drop", commit: true } });
    assert.deepEqual(told, { reasons: "", claims: [2_500, 2_500, 1_000], runs: 1 });
  });

  it("a claim that lands while the run reads back is held; one that lands later is found by the next", async () => {
    for (const milliseconds of [30_000, 500_000]) {
      const told = await activateWith({ ...claim, nth: 1, fault: { kind: "lateCommit", milliseconds } });
      const said = milliseconds < 120_000 ? /\(2,500 certain, 3,500/ : /\(0 certain, 2,500 doubtful, 3,500/;
      assert.match(told.reasons, said);
      assert.equal(told.runs, 2);
    }
  });

  it(`takes ${REQUESTS} requests, each of which is lost in one of the next tests`, () =>
    withFleet({ pack: { count: SIMS } }, async (fleet) => {
      assert.equal((await fleet.up(inputs)).clean().requests.length, REQUESTS);
    }));

  // Reads are retried; a run takes about half a second.
  // The short form loses each fifth.
  for (let nth = 1; nth <= REQUESTS; nth += everything ? 1 : 5) {
    it(`request ${nth}, whatever it is, carried out and its answer lost`, async () => {
      const told = await activateWith({ nth, fault: { kind: "drop", commit: true } });
      assert(told.claims.length <= 3 && told.runs <= 2);
    });
  }
});
