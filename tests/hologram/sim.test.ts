import assert from "node:assert/strict";
import fc from "fast-check";
import { readDevice, readLink } from "../../provider/hologram/schemas/sim";

const now = Date.UTC(2026, 5, 1);

/** The SIM of a link that can be read. */
function sim(link: unknown) {
  const reading = readLink(link, now);
  assert.ok(reading.ok, "the link can be read");
  return reading.value;
}

const blueprint = {
  id: 4321,
  deviceid: 1234,
  orgid: 123,
  devicename: "My Device",
  sim: "9990000000000001234",
  msisdn: "999900001234",
  imsi: 123456789876543,
  dataplansubscriptionid: 75,
  zone: 1,
  state: "LIVE",
  whenclaimed: "2019-01-05 01:00:00",
  overagelimit: 20000,
  datathreshold: 0,
  smslimit: 0,
  eid: null,
  pin: "1111",
  puk: "22222222",
  priv_ip_address: "10.1.2.3",
};

describe("reading a SIM", () => {
  it("takes the link of the API blueprint", () => {
    assert.deepEqual(sim(blueprint), {
      iccid: "9990000000000001234",
      linkId: 4321,
      deviceId: 1234,
      orgId: 123,
      state: "LIVE",
      plan: 75,
      zone: "1",
      claimedAtMs: Date.UTC(2019, 0, 5, 1),
      overageLimit: 20000,
      threshold: 0,
      smsLimit: 0,
      testMode: false,
      deviceName: "My Device",
    });
  });

  it("takes the device of the documentation, with the plan as an object", () => {
    const reading = readDevice(
      {
        id: 1234567,
        orgid: 98765,
        name: "Soil Sensor (12345)",
        simcardid: 4860808,
        tags: [{ id: 7, name: "field" }],
        preflight_starttime: null,
        preflight_scheduled_endtime: null,
        links: {
          cellular: [
            {
              id: 5608542,
              deviceid: 1234567,
              simcardid: 4860808,
              sim: "89123400001234567890",
              state: "LIVE",
              whenclaimed: "2025-08-12 17:24:43",
              overagelimit: -1,
              data_threshold: -1,
              smslimit: 100,
              plan: { id: 2096, zone: "global", name: "Global Standard Flat Rate", data: 0 },
              pin: "1",
              puk: "2",
            },
          ],
        },
      },
      now,
    );
    assert.deepEqual(reading, {
      ok: true,
      value: [
        {
          iccid: "89123400001234567890",
          linkId: 5608542,
          deviceId: 1234567,
          simCardId: "4860808",
          orgId: 98765,
          state: "LIVE",
          plan: 2096,
          zone: "global",
          claimedAtMs: Date.UTC(2025, 7, 12, 17, 24, 43),
          overageLimit: -1,
          threshold: -1,
          smsLimit: 100,
          testMode: false,
          deviceName: "Soil Sensor (12345)",
          tagIds: [7],
        },
      ],
    });
  });

  it("takes ids as text, device 0 as none, and a list keyed by id", () => {
    assert.equal(sim({ id: "9", sim: "8944", deviceid: "0" }).deviceId, undefined);
    assert.equal(sim({ id: "9", sim: "8944", simcardid: "77" }).simCardId, "77");
    const keyed = readDevice(
      { id: "3", links: { cellular: { "9": { id: "9", sim: "8944", deviceid: 0 } } } },
      now,
    );
    assert.ok(keyed.ok);
    assert.deepEqual(
      keyed.value.map(({ deviceId, linkId }) => [deviceId, linkId]),
      [[3, 9]],
    );
  });

  it("knows tag ids only where all of them are told", () => {
    assert.equal(sim({ id: 1, sim: "8944", tags: ["red"] }).tagIds, undefined);
    assert.deepEqual(sim({ id: 1, sim: "8944", tags: [] }).tagIds, []);
  });

  it("names what makes an item unreadable, and no value", () => {
    const problem = (link: unknown) => {
      const reading = readLink(link, now);
      return reading.ok ? "" : reading.problem;
    };
    assert.match(problem({ id: 1, pin: "1111" }), /^no usable sim$/);
    assert.match(problem({ id: 0, sim: 8.9445e18 }), /^no usable id, sim$/);
    assert.match(problem("8944"), /not an object/);
  });

  it("can read whatever else an item holds", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...Object.keys(blueprint), "plan", "tags"), fc.anything()),
        (rest) => {
          const read = sim({ ...rest, id: 5, sim: "8944" });
          assert.equal(read.linkId, 5);
          assert.ok(!/pin|puk|priv/.test(Object.keys(read).join()));
        },
      ),
    );
  });

  describe("Test Mode", () => {
    const zeros = "0000-00-00 00:00:00";
    const running = {
      id: 1,
      sim: "8944",
      state: "LIVE",
      whenclaimed: zeros,
      preflight_starttime: "2026-05-01 00:00:00",
    };
    const cases: [string, object, boolean][] = [
      [
        "a state that says so",
        { ...running, preflight_starttime: null, state: "test-activate-pending" },
        true,
      ],
      ["a state of the other name", { ...running, preflight_starttime: null, state: "PREFLIGHT" }, true],
      ["a run without an end", running, true],
      ["a run with zeros for its end", { ...running, preflight_scheduled_endtime: zeros }, true],
      ["a run that ends later", { ...running, preflight_scheduled_endtime: "2026-06-01 00:00:01" }, true],
      ["a run that has ended", { ...running, preflight_scheduled_endtime: "2026-05-31 23:59:59" }, false],
      ["a SIM that was claimed since", { ...running, whenclaimed: "2026-05-02 10:00:00" }, false],
      ["a SIM that does not say when it was claimed", { ...running, whenclaimed: undefined }, false],
      ["a run that never began", { ...running, preflight_starttime: zeros }, false],
    ];
    for (const [name, link, expected] of cases) {
      it(`is ${expected ? "" : "not "}${name}`, () => assert.equal(sim(link).testMode, expected));
    }
  });
});
