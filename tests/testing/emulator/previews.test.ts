import assert from "node:assert/strict";
import type { Behaviour } from "../../../provider/testing/emulator";
import { at, bench, column, FIRST } from "./client";

const PREVIEW = "/links/cellular/bulkclaim?preview=true";

describe("emulator: claim previews", () => {
  for (const previewAnswer of [
    "names",
    "namesRest",
    "costOnly",
    "echoesIds",
  ] satisfies Behaviour["previewAnswer"][]) {
    it(
      `${previewAnswer}: needs no plan, buys nothing`,
      bench(
        async ({ emulator, api }) => {
          const sims = emulator.addPack({ first: FIRST, count: 2 });
          for (const preview of ["true", "1"]) {
            const reply = await api.post(`/links/cellular/bulkclaim?preview=${preview}`, { sims });
            assert.equal(reply.status, 200);
          }
          assert.equal(emulator.ledger.length, 0);
          assert.deepEqual(
            sims.map((iccid) => emulator.sim(iccid).deviceId),
            [undefined, undefined],
          );
          assert.deepEqual(emulator.writes(), []);
        },
        { behaviour: { previewAnswer } },
      ),
    );
  }

  it(
    "names: `sim` only, and the failure map when one cannot be claimed",
    bench(async ({ emulator, api }) => {
      const [fresh = "", active = ""] = emulator.addPack({ first: FIRST, count: 2 });
      const reply = await api.post(PREVIEW, { sims: [fresh] });
      assert.deepEqual(at(reply.json, "data"), [{ sim: fresh }]);
      emulator.activateByHand([active], { plan: 2096, zone: "global" });
      const refused = await api.post(PREVIEW, { sims: [fresh, active] });
      assert.deepEqual(refused.json, { success: false, data: { [active]: "SIM is already activated" } });
    }),
  );

  it(
    "namesRest: skips without a word what cannot be claimed",
    bench(
      async ({ emulator, api }) => {
        const [fresh = "", active = ""] = emulator.addPack({ first: FIRST, count: 2 });
        emulator.activateByHand([active], { plan: 2096, zone: "global" });
        const reply = await api.post(PREVIEW, { sims: [fresh, active, "89999999999999999999"] });
        assert.deepEqual(at(reply.json, "data"), [{ sim: fresh }]);
      },
      { behaviour: { previewAnswer: "namesRest" } },
    ),
  );

  it(
    "costOnly: a cost and a count, no data",
    bench(
      async ({ emulator, api }) => {
        const sims = emulator.addPack({ first: FIRST, count: 2 });
        const reply = await api.post(PREVIEW, { sims, plan: 2096, zone: "global" });
        assert.deepEqual(reply.json, { success: true, order_data: { total_cost: 1.2, quantity: 2 } });
      },
      { behaviour: { previewAnswer: "costOnly" } },
    ),
  );

  it(
    "echoesIds: device and link ids, and still nothing is bought",
    bench(
      async ({ emulator, api }) => {
        const sims = emulator.addPack({ first: FIRST, count: 2 });
        const reply = await api.post(PREVIEW, { sims });
        assert.deepEqual(
          column(reply, "device").map((device) => typeof device),
          ["number", "number"],
        );
        assert.equal(new Set(column(reply, "device")).size, 2);
        assert.equal(emulator.sim(FIRST).deviceId, undefined);
      },
      { behaviour: { previewAnswer: "echoesIds" } },
    ),
  );

  it(
    "ignored: a purchase that fails for want of a plan, and one that does not",
    bench(
      async ({ emulator, api }) => {
        const sims = emulator.addPack({ first: FIRST, count: 1 });
        const refused = await api.post(PREVIEW, { sims });
        assert.deepEqual(
          [refused.status, refused.json],
          [400, { success: false, error: "plan is required" }],
        );
        assert.equal((await api.post(PREVIEW, { sims, plan: 2096, zone: "global" })).status, 200);
        assert.equal(emulator.ledger.length, 1);
      },
      { behaviour: { previewAnswer: "ignored" } },
    ),
  );

  it(
    "takes no other spelling of the flag",
    bench(async ({ emulator, api }) => {
      const sims = emulator.addPack({ first: FIRST, count: 1 });
      await api.post("/links/cellular/bulkclaim?preview=false", { sims, plan: 2096, zone: "global" });
      assert.equal(emulator.ledger.length, 1);
    }),
  );
});
