/** SIMs that no stack declares, found from states that the embedded engine wrote. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { embeddedEngine } from "../../provider/testing/engine";
import {
  fleet,
  fleetIn,
  iccidsIn,
  OrphanStates,
  OTHER_ORG,
  readFindings,
  resourcesIn,
} from "../harness/cli/orphanStates";
import { card, cards, KEY, ORG, PLAN, range } from "../harness/engine/fleetStack";
import { everything } from "../harness/engine/form";
import { realEngine } from "../harness/engine/realEngine";

describe("pulumi-hologram orphans", () => {
  let states: OrphanStates;
  /** Files with the states of two stacks: cards 0 to 3 and, in secret, 7 and 8; then 4 to 6, and 3 once more. */
  let dev: string;
  let prod: string;
  const hidden = [
    fleet("cold-chain", { sims: cards(0, 4) }),
    fleet("hidden", { sims: cards(7, 9) }, ["sims"]),
  ];

  before(async function prepare() {
    this.timeout(60_000);
    states = await OrphanStates.start();
    const { emulator } = states;
    emulator.addPack({ first: card(0), count: 20, step: 10 });
    dev = await states.ofPrograms(embeddedEngine(), "dev", hidden);
    prod = await states.ofPrograms(embeddedEngine(), "prod", [fleet("meters", { simRange: range(3, 7) })]);
    emulator.activateByHand([card(9)], { plan: 75, zone: "global", orgId: ORG });
    emulator.activateByHand(cards(10, 12), { plan: PLAN, zone: "global", orgId: ORG });
    emulator.setState(card(10), "PAUSED-USER");
    emulator.setState(card(11), "DEAD");
  });

  after(() => states.close());

  const orphans = (...args: string[]) => states.run({}, "", ...args);
  const orphansOf = async (...args: string[]): Promise<string[]> => {
    const { output } = await orphans(...args, "--json");
    return iccidsIn(readFindings(output).orphans);
  };

  it("lists them with what they cost, and SIMs of two stacks; it changes nothing", async () => {
    states.emulator.clearRequests();
    const { code, output, errors } = await orphans("--stack", dev, "--stack", prod);
    assert.equal(code, 1);
    const row = (place: number, ...rest: string[]) => {
      const { deviceId, deviceName } = states.emulator.sim(card(place));
      return [String(ORG), card(place), String(deviceId), String(deviceName), ...rest];
    };
    const head = ["ORGANIZATION", "ICCID", "DEVICE", "NAME", "STATE", "PLAN", "MONTHLY"];
    assert.deepEqual(
      output.split("\n").map((line) => line.split(/ {2,}/)),
      [
        head,
        row(9, "LIVE", "Pilot 1 MB (75, global)", "$1.50"),
        row(10, "PAUSED-USER", "Global Flat (2096, global)", "$0.60"),
        [""],
        ["2 SIMs billed (active or paused), not declared in any of 2 stacks: $2.10/month."],
        [""],
        [...head, "STACKS"],
        row(3, "LIVE", "Global Flat (2096, global)", "$0.60", "fleets/dev, fleets/prod"),
        [""],
        ["1 SIM declared in more than one stack."],
        [""],
      ],
    );
    assert.match(
      errors,
      /^The selection of hidden in fleets\/dev is encrypted: its SIMs are known by their devices\./,
    );
    assert.ok(
      states.emulator.requests.length > 0 && states.emulator.requests.every(({ method }) => method === "GET"),
    );
  });

  it("prints JSON, and nothing else to standard output", async () => {
    const { code, output } = await orphans("--stack", prod, "--json", "--stack", dev);
    assert.equal(code, 1);
    const { deviceId, linkId, deviceName } = states.emulator.sim(card(9));
    const found = readFindings(output);
    assert.partialDeepStrictEqual(found, {
      stacks: ["fleets/prod", "fleets/dev"],
      organizations: [ORG],
      monthlyCost: 2.1,
    });
    assert.deepEqual(found.orphans[0], {
      ...{
        orgId: ORG,
        iccid: card(9),
        deviceId,
        linkId,
        state: "LIVE",
        plan: 75,
        zone: "global",
        deviceName,
      },
      monthlyCost: 1.5,
    });
    assert.deepEqual(iccidsIn(found.orphans), [card(9), card(10)]);
    assert.deepEqual(iccidsIn(found.declaredTwice), [card(3)]);
    assert.deepEqual(found.declaredTwice[0]?.stacks, ["fleets/prod", "fleets/dev"]);
  });

  it("sees the SIMs of a stack that is not given as orphans", async () => {
    const found = await orphansOf("--stack", prod);
    assert.deepEqual(found, [...cards(0, 3), ...cards(7, 11)]);
  });

  it("finds nothing where everything is declared: exit code 0", async () => {
    const covering = states.write("covering", {
      resources: [fleetIn("all", { simRange: range(0, 20), orgId: ORG }, { orgId: ORG })],
    });
    const { code, output } = await orphans("--stack", covering);
    assert.deepEqual([code, output], [0, "No SIM is billed and not declared in fleets/covering.\n"]);
    const empty = states.write("empty", { resources: [] });
    const elsewhere = await states.run({ HOLOGRAM_ORG_ID: `${OTHER_ORG}` }, "", "--stack", empty);
    assert.equal(elsewhere.code, 0);
  });

  it("takes states as the Pulumi CLI exports them, from a file or from standard input", async () => {
    const deployment = { version: 3, deployment: { manifest: {}, resources: states.withSecrets } };
    const piped = await states.run({}, JSON.stringify(deployment), "--json", "--stack", "-", "--stack", prod);
    assert.deepEqual(iccidsIn(readFindings(piped.output).orphans), cards(9, 11));
    assert.equal(piped.errors, "", "secrets are shown, so that there is nothing to note");
    const none = await states.run({}, '{"version":3,"deployment":{"manifest":{}}}', "--json", "--stack", "-");
    assert.match(none.errors, /several organizations, name one of/);
  });

  it("calls a state that names no stack by where it came from", async () => {
    const env = { HOLOGRAM_ORG_ID: `${OTHER_ORG}` };
    const empty = '{"version":3,"deployment":{"manifest":{}}}';
    const { output } = await states.run(env, empty, "--stack", "-");
    assert.equal(output, "No SIM is billed and not declared in the stack on standard input.\n");
    const none = await states.run(env, "{}", "--stack", "-");
    assert.deepEqual(
      [none.code, none.errors],
      [2, "Standard input is not the state of a stack; give it what `pulumi stack export` prints.\n"],
    );
  });

  it("takes states as editors and Windows PowerShell write them: with a byte order mark, in UTF-16", async () => {
    const state = JSON.stringify({
      resources: [fleetIn("café", { simRange: range(0, 20), orgId: ORG }, { orgId: ORG })],
    }).replaceAll("STACK", "dev");
    const little = Buffer.from(`\ufeff${state}`, "utf16le");
    const forms = [`\ufeff${state}`, little, Buffer.from(little).swap16(), Buffer.from(state, "utf16le")];
    for (const form of forms) {
      const { code, output, errors } = await states.run({}, form, "--stack", "-");
      assert.deepEqual([code, output, errors], [0, "No SIM is billed and not declared in fleets/dev.\n", ""]);
    }
  });

  it("finds SIMs that a stack lost and that are back", async () => {
    const outputs = { orgId: ORG, iccids: [card(0)], deviceIds: [], lost: [card(1)], simCount: 1 };
    const lossy = states.write("lossy", {
      resources: [fleetIn("cold-chain", { simRange: range(0, 20) }, outputs)],
    });
    const { code, output } = await orphans("--stack", lossy);
    assert.equal(code, 1);
    assert.match(output, new RegExp(`^\\d+ +${card(1)} `, "m"));
    assert.match(
      output,
      /^1 SIM billed \(active or paused\), not declared in fleets\/lossy: \$0\.60\/month\.$/m,
    );
    assert.match(
      output,
      /^1 SIM of them was lost to fleets\/lossy and is back: `pulumi refresh` there looks/m,
    );
    const found = readFindings((await orphans("--stack", lossy, "--json")).output).orphans;
    assert.deepEqual(iccidsIn(found), [card(1)]);
    assert.deepEqual(found[0]?.lostIn, ["fleets/lossy"]);
  });

  it("counts two profiles of an eSIM as one device, billed once", async () => {
    const [iccid, profile] = [card(12), "89881000000000000011"];
    states.emulator.activateByHand([iccid], { plan: PLAN, zone: "global", orgId: ORG });
    states.emulator.addProfile(iccid, { iccid: profile });
    try {
      const { output } = await orphans("--stack", dev, "--stack", prod);
      assert.match(output, new RegExp(`^\\d+ +${iccid} and 1 more `, "m"));
      assert.match(
        output,
        /^3 SIMs billed \(active or paused\), not declared in any of 2 stacks: \$2\.70\/month\.$/m,
      );
      const found = readFindings((await orphans("--stack", dev, "--stack", prod, "--json")).output);
      assert.deepEqual(found.orphans.find((each) => each.iccid === iccid)?.profiles, [iccid, profile]);
      const one = states.write("esim", { resources: [fleetIn("esim", { sims: [profile] }, { orgId: ORG })] });
      assert.deepEqual(await orphansOf("--stack", dev, "--stack", prod, "--stack", one), cards(9, 11));
    } finally {
      states.emulator.setState(iccid, "DEAD");
      states.emulator.setState(profile, "DEAD");
    }
  });

  it("takes what the Pulumi CLI keeps in its file backend", async function test() {
    const engine = realEngine();
    if (engine === undefined || !everything) return this.skip();
    const real = await states.ofPrograms(engine, "real", [
      ...hidden,
      fleet("late", { sims: cards(9, 11), adopt: "always" }),
    ]);
    const { code, output, errors } = await orphans("--json", "--stack", real, "--stack", prod);
    assert.match(errors, /^The selection of hidden in fleets\/real is encrypted/);
    assert.deepEqual(iccidsIn(readFindings(output).orphans), []);
    assert.equal(code, 1, "card 3 is declared in both");
  });

  it("counts what an interrupted creation declares, and not what is only still to be deleted", async () => {
    const declared = { simRange: range(9, 11), orgId: ORG, plan: PLAN };
    const half = states.write("half", {
      resources: [],
      pendingOperations: [{ type: "creating", resource: fleetIn("late", declared, {}) }],
    });
    assert.deepEqual(await orphansOf("--stack", dev, "--stack", prod, "--stack", half), []);
    const old = { ...fleetIn("old", declared, { orgId: ORG }), delete: true };
    const going = states.write("going", { resources: [old] });
    assert.deepEqual(await orphansOf("--stack", dev, "--stack", prod, "--stack", going), cards(9, 11));
  });

  it("knows a SIM by its device where the printed ICCID is gone", async () => {
    const { deviceId } = states.emulator.sim(card(9));
    const outputs = { orgId: ORG, iccids: [card(19)], deviceIds: [deviceId], simCount: 1 };
    const swapped = states.write("swapped", {
      resources: [fleetIn("esim", { sims: [card(19)], plan: 75 }, outputs)],
    });
    assert.deepEqual(await orphansOf("--stack", dev, "--stack", prod, "--stack", swapped), [card(10)]);
  });

  it("looks at every organization that fleets are in; a SIM that was moved away is nobody's there", async () => {
    const away = states.write("away", {
      resources: [
        fleetIn("here", { simRange: range(0, 20), plan: PLAN }, { orgId: ORG }),
        fleetIn("there", { sims: [card(18)], plan: PLAN }, { orgId: OTHER_ORG }),
      ],
    });
    states.emulator.move(card(9), OTHER_ORG);
    try {
      const { output } = await orphans("--stack", away, "--json");
      const { organizations, orphans: found } = readFindings(output);
      assert.deepEqual(organizations, [OTHER_ORG, ORG]);
      assert.deepEqual(iccidsIn(found), [card(9)]);
      const one = await states.run({ HOLOGRAM_ORG_ID: `${ORG}` }, "", "--stack", away);
      assert.deepEqual(
        [one.code, one.errors],
        [0, "Not looked at, because of HOLOGRAM_ORG_ID: organization 777.\n"],
      );
    } finally {
      states.emulator.move(card(9), ORG);
    }
  });

  it("accuses no SIM where the state hides what is declared: exit code 2, and what to do", async () => {
    const resources = resourcesIn(dev);
    const partly = resources.map((each) =>
      each.urn.endsWith("hidden") ? { ...each, outputs: { ...each.outputs, simCount: 3 } } : each,
    );
    const refused = await orphans("--stack", states.write("dev", { resources: partly }), "--stack", prod);
    assert.deepEqual(
      [refused.code, refused.output, refused.errors],
      [
        2,
        "",
        "Fleet hidden of fleets/dev: its selection is encrypted, and its devices are not all known: export the stack with --show-secrets.\n",
      ],
    );
  });

  it("refuses wrong use, and fails without an answer, with one sentence and exit code 2", async () => {
    const noState = join(states.folder, "no-state.json");
    writeFileSync(noState, "{}");
    const wrong = [
      [[], {}, /^orphans takes --stack <file>, once for each stack/],
      [["--stak", dev], {}, /^Unknown option '--stak'\. Did you mean --stack\?$/],
      [[dev], {}, /^Too many arguments for 'orphans'/],
      [
        ["--stack", noState],
        {},
        /no-state\.json is not the state of a stack; write it with `pulumi stack export/,
      ],
      [["--stack", join(states.folder, "none.json")], {}, /none\.json cannot be read: ENOENT/],
      [["--stack", prod, "--stack", prod], {}, /^The state of fleets\/prod is given twice/],
      [["--stack", prod], { HOLOGRAM_API_KEY: "" }, /^no API key: set HOLOGRAM_API_KEY in the environment$/],
      [
        ["--stack", prod],
        { HOLOGRAM_API_KEY: "wrong" },
        /^Hologram refused the API key at GET \/organizations/,
      ],
      [["--stack", prod], { HOLOGRAM_ORG_ID: "99" }, /the API key does not see organization 99; it sees/],
    ] as const;
    for (const [args, env, words] of wrong) {
      const { code, output, errors } = await states.run(env, "", ...args);
      assert.deepEqual([code, output], [2, ""], errors);
      assert.match(errors.trimEnd().split("\n").at(-1) ?? "", words);
      assert.ok(!errors.includes(KEY) && !/^\s+at /m.test(errors));
    }
  });
});
