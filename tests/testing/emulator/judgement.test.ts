import assert from "node:assert/strict";
import { type Bench, bench, FIRST, until } from "./client";

const CLAIM = "/links/cellular/bulkclaim";

function claim({ api }: Pick<Bench, "api">, sims: readonly string[]) {
  return api.post(CLAIM, { plan: 2096, zone: "global", sims });
}

describe("emulator: judgement", () => {
  it(
    "finds nothing wrong with an orderly client",
    bench(async (given) => {
      const sims = given.emulator.addPack({ first: FIRST, count: 30 });
      await given.api.post(`${CLAIM}?preview=true`, { sims });
      await claim(given, sims.slice(0, 20));
      await claim(given, sims.slice(20));
      assert.deepEqual(given.emulator.judgement(), {
        doubleClaims: [],
        doubleCharges: [],
        deactivations: [],
        pauses: [],
        requestsAboveLimit: [],
        concurrentClaims: [],
        maxSimsInOneClaim: 20,
      });
    }),
  );

  it(
    "counts a second claim that was refused",
    bench(async (given) => {
      const [one = "", two = ""] = given.emulator.addPack({ first: FIRST, count: 2 });
      await claim(given, [one]);
      await claim(given, [one, two]);
      await claim(given, [one]);
      const { doubleClaims, doubleCharges } = given.emulator.judgement();
      assert.deepEqual(doubleClaims, [{ iccid: one, requests: [1, 2, 3] }]);
      assert.deepEqual(doubleCharges, []);
    }),
  );

  it(
    "does not count what was not carried out, previews, nor SIMs activated by hand",
    bench(async (given) => {
      const { emulator, api } = given;
      const [one = "", two = ""] = emulator.addPack({ first: FIRST, count: 2 });
      emulator.faults.add({ nth: 1, fault: { kind: "rateLimit" } });
      await claim(given, [one]);
      await claim(given, [one]);
      await api.post(`${CLAIM}?preview=true`, { sims: [one] });
      emulator.activateByHand([two], { plan: 2096, zone: "global" });
      await claim(given, [two]);
      assert.deepEqual(emulator.judgement().doubleClaims, []);
    }),
  );

  it(
    "finds the second claim when the first lands late",
    bench(async (given) => {
      const { emulator, clock } = given;
      emulator.addPack({ first: FIRST, count: 1 });
      emulator.behaviour.alreadyActive = "charge";
      emulator.faults.add({ nth: 1, fault: { kind: "lateCommit", milliseconds: 1000 } });
      await assert.rejects(claim(given, [FIRST]));
      await claim(given, [FIRST]);
      clock.advance(1000);
      await emulator.idle();
      const { doubleClaims, doubleCharges } = emulator.judgement();
      assert.deepEqual(doubleClaims, [{ iccid: FIRST, requests: [2, 1] }]);
      assert.deepEqual(doubleCharges, [{ iccid: FIRST, requests: [2, 1] }]);
    }),
  );

  it(
    "counts a charge by hand and one by claim as two",
    bench(async (given) => {
      const { emulator } = given;
      emulator.addPack({ first: FIRST, count: 1 });
      emulator.activateByHand([FIRST], { plan: 2096, zone: "global" });
      emulator.behaviour.alreadyActive = "charge";
      await claim(given, [FIRST]);
      assert.deepEqual(emulator.judgement().doubleCharges, [{ iccid: FIRST, requests: [0, 1] }]);
    }),
  );

  it(
    "sees claims of one organization that overlap in time",
    bench(async (given) => {
      const { emulator } = given;
      const [one = "", two = "", three = ""] = emulator.addPack({ first: FIRST, count: 3 });
      emulator.faults.add({ nth: 1, fault: { kind: "hold" } });
      const held = claim(given, [one]);
      await until(() => emulator.requests.length === 1);
      await claim(given, [two]);
      emulator.faults.release();
      await held;
      await claim(given, [three]);
      assert.deepEqual(emulator.judgement().concurrentClaims, [{ orgId: 12345, requests: [1, 2] }]);
    }),
  );

  it(
    "tells writes from reads and previews",
    bench(async (given) => {
      const { emulator, api } = given;
      emulator.addPack({ first: FIRST, count: 1 });
      await api.get("/links/cellular?limit=5");
      await api.post(`${CLAIM}?preview=true`, { sims: [FIRST] });
      await claim(given, [FIRST]);
      await api.post("/devices/changeplan?preview=1", {
        deviceids: [2000001],
        planid: 75,
        zone: "us",
        orgid: 12345,
      });
      await api.put("/devices/2000001", { name: "n" });
      assert.deepEqual(
        emulator.writes().map(({ n, method, path, status }) => [n, method, path, status]),
        [
          [3, "POST", CLAIM, 200],
          [5, "PUT", "/devices/2000001", 200],
        ],
      );
      assert.deepEqual(emulator.requests[0]?.query, { limit: "5" });
      assert.deepEqual(emulator.requests[2]?.body, { plan: 2096, zone: "global", sims: [FIRST] });
      emulator.clearRequests();
      assert.deepEqual(emulator.requests, []);
    }),
  );
});
