/** The list for those who install the hardware, from states, with names from the account. */
import assert from "node:assert/strict";
import { packHeld } from "../../provider/dynamic/wire/packed";
import { fleetIn, OrphanStates, OTHER_ORG } from "../harness/cli/orphanStates";
import { card, cards, ORG, PLAN } from "../harness/engine/fleetStack";

describe("pulumi-hologram devices", () => {
  let states: OrphanStates;
  let [here, there] = ["", ""];

  before(async () => {
    states = await OrphanStates.start();
    const { emulator } = states;
    emulator.addPack({ first: card(0), count: 6, step: 10 });
    emulator.activateByHand(cards(0, 3), { plan: PLAN, zone: "global", orgId: ORG });
    emulator.activateByHand(cards(3, 5), { plan: PLAN, zone: "global", orgId: OTHER_ORG });
    here = states.write("dev", { resources: [fleetIn("cold-chain", {}, held(ORG, 0, 3))] });
    there = states.write("prod", { resources: [fleetIn("meters", {}, held(OTHER_ORG, 3, 5))] });
  });
  after(() => states.close());

  function held(orgId: number, from: number, to: number) {
    const sims = cards(from, to).map((iccid) => states.emulator.sim(iccid));
    return {
      orgId,
      iccids: sims.map(({ iccid }) => iccid),
      deviceIds: sims.map(({ deviceId }) => deviceId),
      linkIds: sims.map(({ linkId }) => linkId),
      simCount: sims.length,
    };
  }
  const devices = (env: Readonly<Record<string, string>>, ...args: string[]) =>
    states.runCommand(env, "", "devices", ...args);
  const row = (place: number) => {
    const { iccid, deviceId, linkId, deviceName } = states.emulator.sim(card(place));
    return { iccid, deviceId, linkId, name: deviceName };
  };

  it("lists ICCID, device, link and name of every stack's SIMs, as a table; reads only", async () => {
    states.emulator.clearRequests();
    const { code, output, errors } = await devices({}, "--stack", here, "--stack", there);
    assert.deepEqual([code, errors], [0, ""]);
    const lines = output.split("\n").map((line) => line.split(/ {2,}/));
    const shown = (place: number, fleet: string, stack: string) => {
      const { iccid, deviceId, linkId, name } = row(place);
      return [iccid, String(deviceId), String(linkId), name, fleet, stack];
    };
    assert.deepEqual(lines, [
      ["ICCID", "DEVICE", "LINK", "NAME", "FLEET", "STACK"],
      ...[0, 1, 2].map((place) => shown(place, "cold-chain", "fleets/dev")),
      ...[3, 4].map((place) => shown(place, "meters", "fleets/prod")),
      [""],
    ]);
    assert.ok(states.emulator.requests.every(({ method }) => method === "GET"));
  });

  it("knows the SIMs of a fleet whose failure was too large to report in flat lists", async () => {
    const { iccids, deviceIds, linkIds, ...others } = held(ORG, 0, 3);
    const sims = iccids.map((iccid, i) => ({
      iccid,
      deviceId: Number(deviceIds[i]),
      linkId: Number(linkIds[i]),
    }));
    const outputs = { ...others, __packed: packHeld(sims) };
    const stack = states.write("packed", { resources: [fleetIn("cold-chain", {}, outputs)] });
    const { output } = await devices({}, "--stack", stack, "--format", "csv");
    assert.deepEqual(
      output.trimEnd().split("\r\n").slice(1),
      [0, 1, 2].map((place) => `${Object.values(row(place)).join(",")},cold-chain,fleets/packed`),
    );
  });

  it("prints CSV and JSON", async () => {
    const csv = await devices({}, "--stack", there, "--format", "csv");
    const { iccid, deviceId, linkId, name } = row(3);
    assert.equal(csv.output.split("\r\n")[0], "iccid,deviceId,linkId,name,fleet,stack");
    assert.equal(csv.output.split("\r\n")[1], `${iccid},${deviceId},${linkId},${name},meters,fleets/prod`);
    const json = await devices({}, "--stack", there, "--format", "json");
    assert.deepEqual(JSON.parse(json.output)[0], {
      ...row(3),
      stack: "fleets/prod",
      fleet: "meters",
      orgId: OTHER_ORG,
    });
  });

  it("leaves names empty where there is no key, with a note, and sends nothing", async () => {
    states.emulator.clearRequests();
    const { code, output, errors } = await devices(
      { HOLOGRAM_API_KEY: "" },
      "--stack",
      here,
      "--format",
      "csv",
    );
    assert.equal(code, 0);
    assert.equal(errors, "Names are left empty: there is no HOLOGRAM_API_KEY to ask the account with.\n");
    const { iccid, deviceId, linkId } = row(0);
    assert.equal(output.split("\r\n")[1], `${iccid},${deviceId},${linkId},,cold-chain,fleets/dev`);
    assert.deepEqual(states.emulator.requests, []);
  });

  it("refuses wrong use, and fails without an answer, with one sentence and exit code 2", async () => {
    for (const [args, env, words] of [
      [[], {}, /^devices takes --stack <file>/],
      [["--stack", here, "--format", "xml"], {}, /^Option '--format <format>' argument 'xml' is invalid\./],
      [["--stack", here], { HOLOGRAM_API_KEY: "wrong" }, /^Hologram refused the API key/],
    ] as const) {
      const { code, output, errors } = await devices(env, ...args);
      assert.deepEqual([code, output], [2, ""]);
      assert.match(errors, words);
    }
  });
});
