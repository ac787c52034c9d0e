import assert from "node:assert/strict";
import { cards, iccid, PLAN, range, withFleet } from "../../harness/provider/providerFleet";

const plan = PLAN;
const eids = "89049032000001000000000000000001";
const eidRange = `${eids}-${`${BigInt(eids) + 9n}`}`;
const unnamed = { simRange: range(10), expectedSims: 10, plan };
const list = { sims: cards(2), plan };
const both = `${iccid(0)}, ${iccid(1)}`;

/** An account whose cards neither a listing nor a preview names. */
const silent = { pack: { count: 20, listed: false }, behaviour: { previewAnswer: "costOnly" } } as const;
const plain = { pack: { count: 20, eids } } as const;

const programs = {
  "a list and an unnamed range": [silent, { a: list, b: unnamed }, `2 SIMs|the same numbers .*: ${both}`],
  "an unnamed range and a list": [silent, { a: unnamed, b: list }, "2 SIMs are"],
  "two unnamed ranges": [silent, { a: unnamed, b: { ...unnamed, simRange: range(10, 9) } }, iccid(9)],
  "two ranges that nobody counts": [silent, { a: { simRange: range(10), plan }, b: unnamed }, range(10)],
  "two lists": [plain, { a: list, b: list }, both],
  "two ranges": [plain, { a: { simRange: range(10), plan }, b: { simRange: range(3), plan } }, iccid(0)],
  "two ranges of EIDs": [plain, { a: { eidRange, plan }, b: { eidRange, plan } }, "10 SIMs|the same numbers"],
} as const;

describe("dynamic: two fleets of one program that declare the same SIM", () => {
  for (const [what, [account, program, shown]] of Object.entries(programs)) {
    for (const state of ["as the account shows them", "without a key", "while the account cannot be read"]) {
      it(`${what}, ${state}: the second says so by name, and nothing of it is sent`, () =>
        withFleet(account, async (fleet) => {
          if (state === "without a key") delete fleet.environment.HOLOGRAM_API_KEY;
          const fault = { kind: "status", status: 503 } as const;
          if (state.includes("cannot")) {
            for (const path of ["/links/cellular", "/links/cellular/bulkclaim"])
              fleet.emulator.faults.add({ path, preview: true, fault });
            fleet.emulator.faults.add({ path: /^\/(links\/cellular|devices)$/, method: "GET", fault });
          }
          const preview = await fleet.previewProgram(program);
          assert.equal(preview.failures.length, 1, preview.text);
          assert.match(
            preview.text,
            / (is|are) declared by a too: .*\. A SIM belongs to one fleet of a program/,
          );
          assert.match(preview.text, new RegExp(shown));
          assert.deepEqual(preview.writes, []);
        }));
    }
  }

  it("ranges of unnamed SIMs side by side, and ICCIDs beside EIDs, are no such fleets", () =>
    withFleet(silent, async (fleet) => {
      const up = await fleet.upProgram({
        a: unnamed,
        b: { ...unnamed, simRange: range(10, 10) },
      });
      assert.equal(up.clean().claims.length, 2);
      assert.equal(fleet.emulator.ledger.length, 20);
      (await fleet.upProgram({ a: unnamed, b: { ...unnamed, simRange: range(10, 10) } })).clean();
      delete fleet.environment.HOLOGRAM_API_KEY;
      (await fleet.previewProgram({ c: { eidRange, plan }, a: unnamed })).clean();
    }));
});
