/** Keys, organizations and caps, from the environment, the stack's configuration and explicit providers. */
import assert from "node:assert/strict";
import { startEmulator } from "../../provider/testing/emulator";
import { forEachEngine } from "../harness/engine/engines";
import { account, cards, FIRST, KEY, ORG, PLAN, range, STEP, withFleets } from "../harness/engine/fleetStack";
import { assertHeld, charged, failedWith, previewOf, resultOf, succeeded } from "./asserts";
import { sideBySide } from "./sideBySide";

const OTHER_ORG = 777;
const secretKey = { "hologram:apiKey": { value: KEY, secret: true } } as const;

forEachEngine(
  "settings",
  (engine) => {
    const scenario = sideBySide();

    scenario("key, organization and caps: each refusal names the command that helps", () => {
      const two = {
        ...account,
        organizations: [
          { id: ORG, name: "Fleet Operations" },
          { id: OTHER_ORG, name: "Field Trials" },
        ],
        keys: [{ key: KEY, role: "admin", orgIds: [ORG, OTHER_ORG] }],
      } as const;
      const setup = { sims: 10, account: two, behaviour: { settleReads: 0 }, env: { HOLOGRAM_API_KEY: "" } };
      return withFleets(engine, setup, async (fleets) => {
        const { emulator, stack } = fleets;
        fleets.declare({ name: "fleet", args: { plan: PLAN, sims: cards(0, 5), onRelease: "deactivate" } });
        await stack.setConfig({ "hologram:apiKey": "in-clear-text" });
        const plain = failedWith(
          await fleets.up(),
          /in clear text.*`pulumi config set --secret hologram:apiKey`/,
        );
        assert.deepEqual(plain.requests, []);

        await stack.setConfig(secretKey);
        failedWith(
          await fleets.up(),
          /several organizations.*12345 \(Fleet Operations\), 777 \(Field Trials\)/,
        );
        fleets.setEnv({ HOLOGRAM_ORG_ID: `${OTHER_ORG}`, HOLOGRAM_MAX_ACTIVATIONS: "4" });
        failedWith(await fleets.up(), /would activate 5 SIMs.*set HOLOGRAM_MAX_ACTIVATIONS=5/);
        assert.deepEqual(emulator.ledger, []);

        emulator.move(cards(0, 1)[0] ?? "", OTHER_ORG);
        fleets.setEnv({ HOLOGRAM_MAX_ACTIVATIONS: "5" });
        const up = succeeded(await fleets.up());
        assert.deepEqual(charged(up), cards(0, 5));
        assert.equal(resultOf(up).orgId, OTHER_ORG);

        const refused = failedWith(
          await fleets.destroy(),
          /deactivate 5 SIMs for ever.*HOLOGRAM_MAX_DEACTIVATIONS=5/,
        );
        assert.deepEqual(refused.writes, []);
        assertHeld(fleets, (await fleets.fleet("fleet"))?.outputs ?? {}, cards(0, 5));
        fleets.setEnv({ HOLOGRAM_MAX_DEACTIVATIONS: "5" });
        succeeded(await fleets.destroy());
        const { deactivations } = emulator.judgement();
        assert.deepEqual(deactivations.map(({ iccid }) => iccid).sort(), cards(0, 5));
      });
    });

    scenario("a secret selection is nowhere in clear, and what is not known yet is claimed once it is", () =>
      withFleets(engine, { sims: 22 }, async (fleets) => {
        const secret = { name: "secret", args: { plan: PLAN, sims: cards(0, 5) }, secrets: ["sims"] };
        const late = { name: "late", args: { plan: PLAN, simRange: range(5, 15) }, late: ["simRange"] };
        const ofRange = (to: number) => {
          const args = { plan: PLAN, simRange: range(15, to) };
          return { name: "range", args, secrets: ["simRange"] };
        };
        fleets.declare(secret, ofRange(20), late);
        const preview = succeeded(await fleets.preview());
        assert.deepEqual(previewOf(preview, "late"), { unverified: "not known before the update: simRange" });
        const up = succeeded(await fleets.up());
        assert.deepEqual(charged(up), cards(0, 20));
        for (const text of [
          preview.text,
          up.text,
          JSON.stringify(up.diagnostics),
          await fleets.stack.exportText(),
        ]) {
          for (const iccid of [...cards(0, 5), ...cards(15, 20), range(15, 20)])
            assert.ok(!text.includes(iccid), `${iccid} in ${text}`);
        }
        assertHeld(fleets, (await fleets.fleet("secret"))?.outputs ?? {}, cards(0, 5));
        assertHeld(fleets, (await fleets.fleet("range"))?.outputs ?? {}, cards(15, 20));
        const again = succeeded(await fleets.up({ preview: true }));
        assert.deepEqual(again.requests, []);

        // A growth that ends part-way puts the numbers of both ranges on record.
        const refusal = { kind: "refuse", iccids: cards(20, 21), reason: "SIM is blocked" } as const;
        fleets.emulator.faults.add({ path: "/links/cellular/bulkclaim", preview: false, fault: refusal });
        fleets.declare(secret, ofRange(22), late);
        failedWith(await fleets.up(), /1 SIM not done/);
        const state = await fleets.stack.exportText();
        // Reasons name what they are about, and the engine keeps them.
        for (const iccid of [...cards(15, 20), range(15, 22)]) assert.ok(!state.includes(iccid), iccid);
      }),
    );

    scenario("several accounts in one program: each edition of the answers gives the same outputs", () =>
      withFleets(engine, {}, async (fleets) => {
        const documented = (["E1", "E2", "E3"] as const).flatMap((edition) =>
          (["array", "keyed"] as const).flatMap((lists) =>
            (["number", "string"] as const).map((ids) => ({ edition, lists, ids })),
          ),
        );
        const everything = [...documented, { edition: "blueprint" } as const];
        const behaviours =
          engine.kind === "embedded" ? everything : everything.filter((_, place) => place % 5 === 1);
        const accounts = await Promise.all(
          behaviours.map((behaviour, place) => {
            const key = `${KEY}-${place}`;
            const keys = [{ key, role: "admin", orgIds: [ORG] }] as const;
            const packs = [{ first: `${FIRST}`, count: 30, step: Number(STEP) }];
            return startEmulator({ behaviour, account: { ...account, keys, packs } });
          }),
        );
        try {
          fleets.setEnv({ HOLOGRAM_API_KEY: "", HOLOGRAM_BASE_URL: "" });
          fleets.declareAll({
            providers: accounts.map(({ url, apiKey }, place) => ({
              name: `p${place}`,
              args: { apiKey, baseUrl: url },
            })),
            fleets: accounts.map((_, place) => ({
              name: `f${place}`,
              args: { plan: PLAN, simRange: range(0, 30) },
              provider: `p${place}`,
            })),
          });
          const up = succeeded(await fleets.up());
          const expected = resultOf(up, "f0");
          assert.deepEqual([expected.iccids, expected.simCount], [cards(0, 30), 30]);
          accounts.forEach((each, place) => {
            assert.deepEqual(resultOf(up, `f${place}`), expected, JSON.stringify(behaviours[place]));
            assert.equal(each.ledger.length, 30);
            assert.equal(each.sim(`${FIRST}`).deviceId, Object(expected.deviceIds)[0]);
          });
        } finally {
          await Promise.all(accounts.map((each) => each.close()));
        }
      }),
    );
  },
  { shortForm: "none" },
);
