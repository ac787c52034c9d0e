import assert from "node:assert/strict";
import fc from "fast-check";
import type { Behaviour } from "../../../provider/testing/emulator";
import { cards, iccid, PLAN, range, withFleet } from "../../harness/provider/providerFleet";
import type { Report } from "../../harness/provider/providerReport";

const plan = PLAN;
const simRange = range(100);
const allowed = new Set(["sims", "simrange", "orgid", "invalidatePreflightSims"]);

/** No preview request could be taken for a purchase. */
function assertHarmless(report: Report): void {
  for (const { body, query } of report.previews) {
    assert.equal(query.preview, "true");
    assert(typeof body === "object" && body !== null);
    assert.deepEqual(
      Object.keys(body).filter((key) => !allowed.has(key)),
      [],
    );
    assert.partialDeepStrictEqual(body, { invalidatePreflightSims: true });
  }
}

describe("dynamic: a preview request can never become a purchase", () => {
  for (const previewAnswer of ["names", "namesRest", "costOnly", "echoesIds", "ignored"] as const) {
    for (const listed of [true, false]) {
      const selections = {
        range: { simRange },
        list: { sims: cards(100) },
        counted: { simRange, expectedSims: 100 },
      };
      for (const [form, selection] of Object.entries(selections)) {
        it(`${previewAnswer}, ${listed ? "listed" : "unlisted"} inventory, ${form}`, () =>
          withFleet({ pack: { count: 100, listed }, behaviour: { previewAnswer } }, async (fleet) => {
            const limits = { overageLimit: 5_000_000, smsLimit: 10, invalidatePreflightSims: false };
            const report = await fleet.preview({ ...selection, ...limits, plan });
            assert(report.previews.length > 0 || form === "counted");
            assertHarmless(report);
            assert.deepEqual([fleet.emulator.ledger, report.writes], [[], []]);
            assert(fleet.emulator.sims().every(({ deviceId }) => deviceId === undefined));
          }));
      }
    }
  }

  it("whatever the account holds and the program says", () =>
    fc.assert(
      fc.asyncProperty(
        fc.record({
          previewAnswer: fc.constantFrom<Behaviour["previewAnswer"][]>(
            "names",
            "namesRest",
            "costOnly",
            "ignored",
          ),
          preflight: fc.constantFrom<Behaviour["preflight"][]>("E1", "E3"),
        }),
        fc.array(fc.constantFrom("INACTIVE", "TEST-LIVE", "TEST-INACTIVE", "LIVE", "PAUSED-USER", "DEAD"), {
          minLength: 12,
          maxLength: 12,
        }),
        fc.boolean(),
        fc.boolean(),
        async (behaviour, states, asList, listed) =>
          withFleet({ behaviour, pack: { count: 12, listed } }, async (fleet) => {
            states.forEach((state, n) => {
              if (state !== "INACTIVE") fleet.emulator.setState(iccid(n), state);
            });
            const before = fleet.emulator.sims();
            const report = await fleet.preview({
              ...(asList ? { sims: cards(12) } : { simRange: range(12) }),
              plan,
            });
            assertHarmless(report);
            assert.deepEqual(fleet.emulator.ledger, []);
            assert.deepEqual(fleet.emulator.sims(), before);
          }),
      ),
      { numRuns: 40, seed: 7 },
    ));

  it("an answer that carries device ids stops the run, and says where to look", () =>
    withFleet({ behaviour: { previewAnswer: "echoesIds" } }, async (fleet) => {
      for (const inputs of [
        { simRange, plan },
        { sims: cards(100), plan },
      ]) {
        const report = await fleet.up(inputs);
        assert.equal(report.failures.length, 1);
        assert.match(
          report.failures.join(),
          /^Hologram answered a preview with device ids, .* and 90 more\. Nothing further was sent\. Look at these SIMs/,
        );
        assert.deepEqual([report.writes, fleet.resources, fleet.emulator.ledger], [[], [], []]);
      }
    }));

  it("where the flag is not known, SIMs of a list are still claimed, once", () =>
    withFleet({ behaviour: { previewAnswer: "ignored" } }, async (fleet) => {
      const preview = (await fleet.preview({ sims: cards(100), plan })).clean().preview();
      assert.partialDeepStrictEqual(preview, { activate: 100, unverified: "plan is required" });
      assert.deepEqual(fleet.emulator.ledger, []);
      (await fleet.up({ sims: cards(100), plan })).clean();
      assert.equal(fleet.emulator.ledger.length, 100);
    }));
});

describe("dynamic: Test Mode SIMs", () => {
  const setup = { pack: { count: 10 } };
  const TEST = "TEST-LIVE";

  for (const preflight of ["E1", "E3"] as const) {
    for (const inputs of [{ simRange: range(10) }, { sims: cards(10) }]) {
      it(`${preflight}, ${Object.keys(inputs)}: counted under activate, left out of the preview, bought by the claim`, () =>
        withFleet({ ...setup, behaviour: { preflight } }, async (fleet) => {
          for (const each of cards(3, 4)) fleet.emulator.setState(each, TEST);
          const preview = (await fleet.preview({ ...inputs, plan })).clean();
          assert.partialDeepStrictEqual(preview.preview(), {
            activate: 10,
            adopt: 0,
            simCount: 10,
            dueNow: 6,
          });
          const asked = JSON.stringify(preview.previews.map(({ body }) => body));
          for (const each of cards(3, 4)) assert(!asked.includes(each), `${each} was asked for`);
          assertHarmless(preview);
          assert.deepEqual(fleet.emulator.ledger, []);

          (await fleet.up({ ...inputs, plan })).clean();
          assert.deepEqual(fleet.outputs().iccids, cards(10));
          assert.equal(fleet.emulator.ledger.length, 10);
        }));
    }
  }

  it("a fleet of nothing else sends no preview at all", () =>
    withFleet({ ...setup, behaviour: { previewAnswer: "ignored" } }, async (fleet) => {
      for (const each of cards(10)) fleet.emulator.setState(each, TEST);
      const report = (await fleet.preview({ sims: cards(10), plan })).clean();
      assert.deepEqual([report.previews, fleet.emulator.ledger], [[], []]);
      assert.partialDeepStrictEqual(report.preview(), { activate: 10, simCount: 10 });
    }));
});
