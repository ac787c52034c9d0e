/** What others did to the SIMs: paused, deactivated, moved to another plan or organization by hand. */
import assert from "node:assert/strict";
import { forEachEngine } from "../harness/engine/engines";
import {
  account,
  card,
  cards,
  type Operation,
  ORG,
  PLAN,
  range,
  withFleets,
} from "../harness/engine/fleetStack";
import { everything } from "../harness/engine/form";
import { byHand } from "../harness/provider/providerTerms";
import { assertHeld, assertNothingWrong, resultOf, succeeded } from "./asserts";
import { sideBySide } from "./sideBySide";

const OTHER = 75;
/** An organization that the key does not see. */
const ELSEWHERE = 777;
const another = {
  ...account,
  organizations: [...(account.organizations ?? []), { id: ELSEWHERE, name: "Field Trials" }],
};

const settledAtOnce = { behaviour: { settleReads: 0 }, env: { HOLOGRAM_CLAIM_SETTLE_SECONDS: "0" } };

forEachEngine("SIMs that others changed", (engine) => {
  const scenario = sideBySide();

  scenario("drift is shown by a refresh and repaired by the next up; what is dead is lost, for ever", () =>
    // Absence right after a claim is no loss: a list may lag for as long as a claim may take to settle.
    withFleets(engine, { ...settledAtOnce, sims: 30, account: another }, async (fleets) => {
      const { emulator } = fleets;
      fleets.declare({ name: "fleet", args: { plan: PLAN, simRange: range(0, 30) } });
      succeeded(await fleets.up());
      emulator.setState(card(0), "DEAD");
      emulator.move(card(2), ELSEWHERE);
      emulator.setState(card(1), "PAUSED-USER");
      const [told, ...more] = warningsOf(succeeded(await fleets.refresh()));
      assert.match(`${told}`, new RegExp(`^2 SIMs lost .*: ${card(0)}, ${card(2)}$`));
      assert.deepEqual(more, []);
      const found = (await fleets.fleet("fleet"))?.outputs ?? {};
      assert.partialDeepStrictEqual(found, {
        simCount: 28,
        lost: [card(0), card(2)],
        preview: { drift: ["1 SIM paused by hand"] },
      });
      // No news the second time.
      assert.deepEqual(warningsOf(succeeded(await fleets.refresh())), []);

      const up = succeeded(await fleets.up());
      assert.deepEqual(
        up.writes.map(({ path }) => path),
        ["/devices/state"],
      );
      assert.equal(emulator.sim(card(1)).state, "LIVE");
      assert.deepEqual(succeeded(await fleets.up()).requests, []);
      assertHeld(fleets, resultOf(up), [card(1), ...cards(3, 30)]);
      assertNothingWrong(fleets, 30);
    }),
  );

  // The embedded engine takes no arguments of the CLI.
  if (engine.kind === "pulumi" && everything) {
    scenario("`up --refresh` repairs in one go what others changed", () =>
      withFleets(engine, { sims: 20, behaviour: { settleReads: 0 } }, async (fleets) => {
        const { emulator } = fleets;
        fleets.declare({ name: "fleet", args: { plan: PLAN, simRange: range(0, 20) } });
        succeeded(await fleets.up());
        const deviceids = cards(0, 20).map((iccid) => emulator.sim(iccid).deviceId);
        await byHand(emulator, "POST", "/devices/changeplan", {
          orgid: ORG,
          deviceids,
          planid: OTHER,
          zone: "global",
        });
        emulator.setState(card(1), "PAUSED-USER");
        const repaired = succeeded(await fleets.up({ args: ["--refresh"] }));
        assert.deepEqual(
          repaired.writes.map(({ path }) => path),
          ["/devices/changeplan", "/devices/state"],
        );
        for (const iccid of cards(0, 20))
          assert.partialDeepStrictEqual(emulator.sim(iccid), { plan: PLAN, state: "LIVE" }, iccid);
        assert.deepEqual(succeeded(await fleets.up({ args: ["--refresh"] })).writes, []);
        assert.deepEqual(succeeded(await fleets.up({ preview: true })).requests, []);
      }),
    );
  }
});

function warningsOf({ diagnostics }: Operation): string[] {
  return diagnostics.filter(({ severity }) => severity === "warning").map(({ message }) => message);
}
