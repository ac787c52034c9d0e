import assert from "node:assert/strict";
import * as hologram from "../../provider";
import { known, sentence, withProgram } from "../harness/cli/lookups";
import { cards, iccid, PLAN } from "../harness/provider/providerFleet";

const withDevices = (test: Parameters<typeof withProgram>[1]) =>
  withProgram({}, async (program) => {
    program.emulator.addPack({ first: iccid(0), count: 5, step: 10 });
    program.emulator.activateByHand(cards(3), { plan: PLAN, zone: "global" });
    await program.begin();
    await test(program);
  });

describe("look-ups: devices", () => {
  it("are those of activated SIMs, by id, with their profiles", () =>
    withDevices(async ({ emulator }) => {
      const devices = await hologram.getDevices();
      const seen = cards(3).map((each) => emulator.sim(each));
      assert.deepEqual(
        devices.map(({ deviceId, name, simCardId, orgId }) => ({ deviceId, name, simCardId, orgId })),
        seen.map(({ deviceId, deviceName, simCardId }) => {
          return { deviceId, name: deviceName, simCardId: String(simCardId), orgId: emulator.orgId };
        }),
      );
      assert.deepEqual(
        devices.flatMap(({ sims }) => sims.map((sim) => sim.iccid)),
        cards(3),
      );
      assert.deepEqual(devices[0]?.sims, await hologram.getSims({ sims: cards(1) }));
    }));

  it("are found by id and by a part of the name, in either form", () =>
    withDevices(async ({ emulator }) => {
      const { deviceId = 0, deviceName = "" } = emulator.sim(iccid(1));
      const ids = (devices: readonly hologram.Device[]) => devices.map((device) => device.deviceId);
      assert.deepEqual(ids(await hologram.getDevices({ deviceIds: [deviceId, 1] })), [deviceId]);
      const name = deviceName.slice(-6).toLowerCase();
      assert.deepEqual(ids(await hologram.getDevices({ name })), [deviceId]);
      assert.deepEqual(ids(await known(hologram.getDevicesOutput({ name, deviceIds: [deviceId] }))), [
        deviceId,
      ]);
      assert.deepEqual(await hologram.getDevices({ name: "no such" }), []);
    }));

  it("are refused with a sentence for what is no id, no argument or no tag", () =>
    withDevices(async (program) => {
      const told = (args: object) => sentence(program, () => hologram.getDevices(args));
      assert.equal(
        await told({ deviceIds: [0] }),
        "getDevices: deviceIds: [0] is not allowed here; write the ids of devices, whole numbers above 0",
      );
      assert.equal(
        await told({ ids: [5] }),
        'getDevices: "ids" is not one of its arguments: orgId, deviceIds, name, tagId',
      );
      assert.deepEqual(program.paths, []);
      assert.equal(
        await told({ tagId: 7 }),
        "getDevices: organization 12345 has no tag 7. Its tags are none",
      );
    }));
});

describe("look-ups: balance", () => {
  const account = {
    organizations: [{ id: 4711, name: "Trucks", balance: "96.05" }],
    keys: [
      { key: "key-of-admin-5b3e", role: "admin", orgIds: [4711] },
      { key: "key-of-editor-1c4d", role: "editor", orgIds: [4711] },
    ],
  } as const;

  it("is told as numbers and as Hologram's digits", () =>
    withProgram({ account }, async (program) => {
      const expected = {
        orgId: 4711,
        balance: 96.05,
        balanceText: "96.05",
        promoBalance: 0,
        promoBalanceText: "0.00",
        minBalance: 0,
        minBalanceText: "0.00",
      };
      assert.deepEqual(await hologram.getBalance(), expected);
      assert.deepEqual(await known(hologram.getBalanceOutput({ orgId: 4711 })), expected);
      assert.deepEqual(program.paths, ["/organizations", "/organizations/4711/balance"]);
    }));

  it("is undefined for a key that may not see it, and where there is none", () =>
    withProgram({ account }, async (program) => {
      await program.begin({ env: { HOLOGRAM_API_KEY: "key-of-editor-1c4d" } });
      assert.equal(await hologram.getBalance(), undefined);
      assert.equal(await known(hologram.getBalanceOutput()), undefined);
      await program.begin();
      const fault = { kind: "status", status: 404 } as const;
      program.emulator.faults.add({ path: "/organizations/4711/balance", fault });
      assert.equal(await hologram.getBalance(), undefined);
    }));
});
