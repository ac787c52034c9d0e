import assert from "node:assert/strict";
import { cards, ORG, PLAN, range, withFleet } from "../harness/provider/providerFleet";

/** A role that may read and nothing more; the emulator does not let it ask for previews of claims. */
const editor = { key: "key-of-an-editor", role: "editor", orgIds: [ORG] } as const;
const forms = { range: { simRange: range(5), plan: PLAN }, list: { sims: cards(5), plan: PLAN } };

describe("a key that cannot buy, for pull requests", () => {
  for (const [form, inputs] of Object.entries(forms)) {
    it(`${form}: the preview goes on, says that it is not verified and why, and sends no claim`, () =>
      withFleet({}, async (fleet) => {
        fleet.emulator.addKey(editor);
        fleet.environment.HOLOGRAM_API_KEY = editor.key;
        const report = (await fleet.preview(inputs)).clean();
        assert.match(String(report.preview().unverified), /role/i);
        assert.deepEqual([report.claims, fleet.emulator.ledger], [[], []]);
      }));

    it(`${form}: an up with it charges nothing`, () =>
      withFleet({}, async (fleet) => {
        fleet.emulator.addKey(editor);
        fleet.environment.HOLOGRAM_API_KEY = editor.key;
        const up = await fleet.up(inputs);
        assert.match(up.text, /role/i);
        assert.deepEqual(fleet.emulator.ledger, []);
      }));
  }

  it("what is certain without the preview of a claim still fails it: a plan that is not there", () =>
    withFleet({}, async (fleet) => {
      fleet.emulator.addKey(editor);
      fleet.environment.HOLOGRAM_API_KEY = editor.key;
      assert.match((await fleet.preview({ ...forms.list, plan: 1 })).failures.join(), /has no plan 1/);
    }));
});
