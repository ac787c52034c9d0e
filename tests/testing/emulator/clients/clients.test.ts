/**
 * Programs that other people wrote for the real API, run against the emulator as they are. PyHOLA is not among them: it
 * reads messages, which the emulator does not play.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../../../provider/testing/emulator";
import { at } from "../client";
import { installClients, type PythonCall, type PythonResult, playCalls } from "./python";

const card = (n: number): string => `${89445001021983048260n + BigInt(10 * n)}`;
const ORG = "12345";

/** A command, and a place in what it prints with what is to be there; or the words with which it fails, and why. */
type Case =
  | readonly [args: string, place: readonly (string | number)[], value: unknown]
  | readonly [args: string, words: RegExp, reason: string];

const NOT_PLAYED = /not played by this emulator/;
const MESSAGES =
  "Messages are no part of activating and changing SIMs: the emulator says that it does not play them.";

/** Every command of wiliot-hologram-api 0.2.1. Cards 0 to 4 are live, the others inactive. */
const wiliot: readonly Case[] = [
  ["list_devices --limit 2 --all", ["length"], 5],
  ["get_device 2000001", ["links", "cellular", 0, "sim"], card(0)],
  ["count_devices", [], 5],
  ["sim_report -o REPORT", ["rows"], 5],
  ["device_names", ["length"], 5],
  ["device_locations", [], []],
  ["update_device 2000001 --name Fridge --tunnelable 0", ["tunnelable"], 0],
  ["device_state 2000001 pause", ["newstate"], "PAUSED-USER"],
  ["list_sims --limit 3 --all", ["length"], 12],
  ["get_sim 5000001", ["devicename"], "Fridge"],
  ["rename_sim 5000002 --name Truck", ["name"], "Truck"],
  ["sim_state 5000001 live", ["newstate"], "LIVE"],
  ["sim_history 5000001", ["length"], 4],
  ["sim_changeplan 5000001 --planid 75 --zone us --threshold 4 --smslimit 3", ["newplanid"], 75],
  ["sim_overage 5000001 7", ["overagelimit"], 7],
  ["sim_threshold 5000001 6", ["datathreshold"], 6],
  ["sim_smslimit 5000001 5", ["smslimit"], 5],
  [`activate_sim ${card(5)} --plan 2096 --zone global`, [0, "sim"], card(5)],
  ["bulk_device_state --deviceids 2000001,2000002 pause", ["devices_modified", "length"], 2],
  ["bulk_device_changeplan --deviceids 2000003 --planid 75 --zone us", ["devices_modified"], [2000003]],
  ["bulk_sim_changeplan --linkids 5000004 --planid 75 --zone us", ["profiles_modified"], [5000004]],
  ["bulk_sim_overage --linkids 5000003,5000004 9", [1, "overagelimit"], 9],
  ["bulk_sim_threshold --linkids 5000003,5000004 8", [1, "datathreshold"], 8],
  ["bulk_sim_smslimit --linkids 5000003,5000004 7", [1, "smslimit"], 7],
  [`bulk_activate --sims ${card(6)},${card(7)} --plan 2096 --zone global`, ["length"], 2],
  [
    `bulk_activate --simrange ${card(8)},${card(9)} --plan 2096 --zone global`,
    /simrange must be a single value/,
    "It sends the range as a list of two. Every page of Hologram's has text, `<first>-<last>`.",
  ],
  ["list_tags", ["tags", 0, "name"], "cold"],
  [
    "create_tag trucks",
    /orgid is required/,
    "It never sends orgid, which Hologram's page requires for all but the personal organization.",
  ],
  ["tag_link 5001 --deviceids 2000002", ["tags", 0, "deviceids"], [2000001, 2000002]],
  ["tag_unlink 5001 --deviceids 2000001", ["tags", 0, "deviceids"], [2000002]],
  ["delete_tag 5001", ["success"], true],
  ["usage_data", [], []],
  ["usage_daily --linkid 5000001", [], []],
  ["usage_monthly", [], []],
  ["usage_billing", [], []],
  ["usage_sms --timestart 1480550400", [], []],
  ["send_sms --deviceids 2000001 --body hello", NOT_PLAYED, MESSAGES],
  ["send_message --deviceids 2000001 --data hello --port 5", NOT_PLAYED, MESSAGES],
  ["send_rdm --deviceid 2000001 --data hello", NOT_PLAYED, MESSAGES],
  ["list_messages", NOT_PLAYED, MESSAGES],
  ["whoami", ["email"], "user1@example.com"],
  ["list_orgs", [0, "preflight_timeout_in_days"], 365],
  ["get_org", ["name"], "Emulated"],
  ["balance", ["balance"], "999998.20"],
  ["add_balance --amount 5", ["order_data", "total_cost"], 5],
  ["balance_history --limit 2", [0, "amount"], "5"],
  ["list_plans", [0, "zones", "global", "amount"], "0.600000"],
  ["get_plan 75", ["current_tier"], "BASE"],
];

async function withAccount(work: (emulator: Emulator) => Promise<void>) {
  const emulator = await startEmulator({ behaviour: { settleReads: 0 } });
  try {
    emulator.addPack({ first: card(0), count: 5, step: 10, state: "LIVE" });
    emulator.addPack({ first: card(5), count: 7, step: 10 });
    emulator.dashboard.tag([card(0)], "cold");
    await work(emulator);
  } finally {
    await emulator.close();
  }
}

/** What is unexpected about a result. */
function surprise([args, place, rest]: Case, { ok, value, error = "" }: PythonResult): string[] {
  if (place instanceof RegExp) return !ok && place.test(error) ? [] : [`${args}: not ${place}: ${error}`];
  if (!ok) return [`${args}: ${error}`];
  const found = place.at(-1) === "length" ? lengthOf(at(value, ...place.slice(0, -1))) : at(value, ...place);
  return JSON.stringify(found) === JSON.stringify(rest) ? [] : [`${args}: ${JSON.stringify(found)}`];
}

const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : -1);

describe("clients from PyPI against the emulator", function clients() {
  this.timeout(240_000);
  let folder = "";
  before(async function install() {
    // A run says at its end whether they were there.
    if ((await installClients()) !== undefined) this.skip();
    folder = mkdtempSync(join(tmpdir(), "clients-"));
  });
  after(() => {
    if (folder !== "") rmSync(folder, { recursive: true });
  });

  it("wiliot-hologram-api: every command works but those that are listed with their reason", () =>
    withAccount(async (emulator) => {
      const report = join(folder, "report.csv");
      const calls = wiliot.map(([args]): PythonCall => {
        const words = args.split(" ").map((word) => (word === "REPORT" ? report : word));
        return { client: "wiliot-hologram-api", args: [...words, "--orgid", ORG] };
      });
      const results = await playCalls(emulator, calls);
      const surprises = results.flatMap((result, place) => {
        const expected = wiliot[place];
        return expected === undefined ? [`${place}`] : surprise(expected, result);
      });
      assert.deepEqual(surprises, []);
      assert.equal(new Set(wiliot.map(([args]) => args.split(" ")[0])).size, 47);
      assert.equal(wiliot.filter(([, place]) => place instanceof RegExp).length, 6);
      assert.match(readFileSync(report, "utf8"), new RegExp(`LIVE,.*${card(4)}`));
      assert.deepEqual(emulator.judgement().doubleCharges, []);
    }));

  it("wiliot-hologram-api: makes a tag for the personal organization", () =>
    withAccount(async (emulator) => {
      const personal = emulator.addOrganization({ personal: true });
      emulator.addKey({ key: emulator.apiKey, role: "admin", orgIds: [12345, personal] });
      const args = ["create_tag", "trucks"];
      const [made] = await playCalls(emulator, [{ client: "wiliot-hologram-api", args }]);
      assert.deepEqual([made?.ok, emulator.tags().at(-1)?.orgId], [true, personal]);
    }));

  it("hologram-python: plans, states, preview and activation, with its key in the query", () =>
    withAccount(async (emulator) => {
      // Its activation reads `total_cost` from an object: the blueprint's answer, which it was written for.
      emulator.behaviour.edition = "blueprint";
      const sim = card(5);
      const call = (method: string, options: unknown = {}): PythonCall => ({
        client: "hologram-python",
        args: [method, options],
      });
      const results = await playCalls(emulator, [
        call("getPlans"),
        call("getSIMState", { sim }),
        call("activateSIM", { sim, plan: 2096, zone: 1, preview: true }),
        call("activateSIM", { sim, plan: 2096, zone: 1 }),
        call("getSIMState", { sim }),
        call("activateSIM", { sim, plan: 2096, zone: "global" }),
      ]);
      const [plans, before, preview, bought, after, again] = results;
      assert.deepEqual(at(plans?.value, 0, "tiers", "BASE", "zones", "global", "amount"), "0.600000");
      assert.deepEqual([before?.value, after?.value], ["INACTIVE", "LIVE"]);
      for (const [order, isPreview] of [
        [preview, true],
        [bought, false],
      ] as const) {
        assert.deepEqual([at(order?.value, "total_cost"), at(order?.value, "preview")], [0.6, isPreview]);
      }
      assert.equal(again?.ok, false);
      assert.match(again?.error ?? "", /SIM is already activated/);
      assert.deepEqual(
        emulator.ledger.map(({ iccid }) => iccid),
        [sim],
      );
    }));

  it("python-hologram-api: is refused, because it sends its key as a field of the body", () =>
    withAccount(async (emulator) => {
      const calls: PythonCall[] = [
        ["cell", "list_links", {}],
        ["devices", "get", { device_id: 2000001 }],
        ["cell", "activate_sims", { sims: [card(5)], plan: 2096, tier: 1 }],
        ["org", "get_balance", { org_id: 12345 }],
      ].map((args) => ({ client: "python-hologram-api", args }));
      // Documented are HTTP Basic and, in 2016, `?apikey=` in the query.
      for (const { ok, error } of await playCalls(emulator, calls))
        assert.deepEqual([ok, error], [false, "Not logged in"]);
      assert.deepEqual(emulator.ledger, []);
    }));
});
