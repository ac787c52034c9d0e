/** What cannot be done ends in a sentence that says what to do, with nothing spent and the state as it was. */
import assert from "node:assert/strict";
import { forEachEngine } from "../harness/engine/engines";
import { account, cards, KEY, ORG, PLAN, range, withFleets } from "../harness/engine/fleetStack";
import { failedWith, succeeded } from "./asserts";
import { sideBySide } from "./sideBySide";

const POOR = { org: 777, key: "k3y-with-little-money" };
const EDITOR = "k3y-with-too-low-a-role";
/** First card of a pack that is in the other organization's inventory. */
const FOREIGN = 89445009000000000010n;

const twoOrganizations = {
  ...account,
  organizations: [
    { id: ORG, name: "Fleet Operations" },
    { id: POOR.org, name: "Pocket Money", balance: "1.00" },
  ],
  keys: [
    { key: KEY, role: "admin", orgIds: [ORG] },
    { key: EDITOR, role: "editor", orgIds: [ORG] },
    { key: POOR.key, role: "admin", orgIds: [POOR.org] },
  ],
  packs: [{ first: `${FOREIGN}`, count: 10, step: 10, orgId: POOR.org }],
} as const;

forEachEngine(
  "what cannot be done",
  (engine) => {
    const scenario = sideBySide();

    scenario(
      "wrong key, low role, someone else's range, little money: one sentence, and the state stays",
      () =>
        withFleets(engine, { sims: 10, account: twoOrganizations }, async (fleets) => {
          const old = { name: "old", args: { plan: PLAN, simRange: range(0, 5), onRelease: "pause" } };
          fleets.declare(old);
          succeeded(await fleets.up());
          const before = (await fleets.fleet("old"))?.outputs;
          const refused = async (args: object, words: RegExp): Promise<void> => {
            fleets.declare(old, { name: "new", args: { plan: PLAN, ...args } });
            const operation = failedWith(await fleets.up(), words);
            assert.deepEqual(operation.charges, []);
            assert.deepEqual((await fleets.fleet("old"))?.outputs, before);
            assert.equal(await fleets.fleet("new"), undefined);
          };

          fleets.setEnv({ HOLOGRAM_API_KEY: "k3y-with-no-account" });
          await refused({ simRange: range(5, 10) }, /refused the API key.*set HOLOGRAM_API_KEY/);
          fleets.setEnv({ HOLOGRAM_API_KEY: EDITOR });
          await refused(
            { simRange: range(5, 10) },
            /activating takes an API key of a user with the role Manager, Admin or Owner/i,
          );
          fleets.setEnv({ HOLOGRAM_API_KEY: KEY });
          await refused(
            { simRange: `${FOREIGN}-${FOREIGN + 99n}` },
            /no SIM of this selection that could be activated; check the numbers/,
          );

          fleets.setEnv({ HOLOGRAM_API_KEY: POOR.key });
          const poor = { name: "poor", args: { plan: PLAN, simRange: `${FOREIGN}-${FOREIGN + 99n}` } };
          fleets.declare(old, poor);
          const balance = failedWith(await fleets.up(), /Insufficient balance/);
          assert.deepEqual(balance.charges, []);
          assert.deepEqual((await fleets.fleet("old"))?.outputs, before);

          const foreign = failedWith(await fleets.refresh(), /does not see organization 12345.*Use a key of/);
          assert.deepEqual([...new Set(foreign.requests.map(({ path }) => path))], ["/organizations"]);
          assert.deepEqual((await fleets.fleet("old"))?.outputs, before);
        }),
    );

    scenario("a dead API: one sentence, whatever is to be done, and the state stays", () =>
      withFleets(engine, { sims: 10, behaviour: { settleReads: 0 } }, async (fleets) => {
        const { emulator } = fleets;
        const old = { name: "old", args: { plan: PLAN, sims: cards(0, 5), onRelease: "pause" } };
        fleets.declare(old);
        succeeded(await fleets.up());
        const before = (await fleets.fleet("old"))?.outputs;

        fleets.setEnv({ HOLOGRAM_BASE_URL: "http://127.0.0.1:9/api/1" });
        fleets.declare(old, { name: "new", args: { plan: PLAN, sims: cards(5, 10) } });
        failedWith(await fleets.up(), /could not be reached at 127\.0\.0\.1:9.*The request had no effect/);
        assert.deepEqual((await fleets.fleet("old"))?.outputs, before);
        assert.equal(await fleets.fleet("new"), undefined);
        failedWith(await fleets.destroy(), /could not be reached/);
        assert.deepEqual((await fleets.fleet("old"))?.outputs, before);

        fleets.setEnv({ HOLOGRAM_BASE_URL: emulator.url });
        succeeded(await fleets.destroy());
        assert.deepEqual(
          emulator
            .judgement()
            .pauses.map(({ iccid }) => iccid)
            .sort(),
          cards(0, 5),
        );
      }),
    );

    scenario("wrong declarations fail the preview, each with a line that names the input", () =>
      withFleets(engine, { sims: 10 }, async (fleets) => {
        const [first, second] = cards(0, 2);
        fleets.declare({
          name: "wrong",
          args: {
            sims: [first, Number(second)],
            threshold: 10,
            overageLimit: 5,
            onRelease: "burn",
            simrange: "1-2",
          },
        });
        const inputs = failedWith(await fleets.preview(), /plan: required, the id of a data plan/);
        const words = inputs.errors.join("\n");
        assert.match(words, /sims: element 2, \d+, is not an ICCID: a number loses digits/);
        assert.match(words, /threshold: 10 bytes must be below overageLimit, 5 bytes/);
        assert.match(words, /onRelease: "burn" is not allowed here; write "keep", "pause" or "deactivate"/);
        assert.match(words, /"simrange" is not an input of SimActivation; did you mean simRange\?/);
        assert.deepEqual(inputs.requests, []);

        fleets.declare({ name: "wrong", args: { plan: 1, zone: "global", simRange: range(0, 10) } });
        failedWith(
          await fleets.preview(),
          /organization 12345 has no plan 1\. Its plans: 2096 \(Global Flat\), 75/,
        );
        fleets.declare({ name: "wrong", args: { plan: PLAN, simRange: range(0, 10), expectedSims: 100 } });
        const counted = failedWith(
          await fleets.preview(),
          /expectedSims is 100, but the selection holds 10 SIMs/,
        );
        assert.deepEqual(counted.writes, []);
      }),
    );
  },
  { shortForm: "none" },
);
