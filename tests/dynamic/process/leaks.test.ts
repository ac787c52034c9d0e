import assert from "node:assert/strict";
import type { Fault } from "../../../provider/testing/emulator";
import { cards, iccid, PLAN, range, withFleet } from "../../harness/provider/providerFleet";
import type { FleetHarness } from "../../harness/provider/providerHarness";
import { Report } from "../../harness/provider/providerReport";

const plan = PLAN;
const KEY = "s3cret+key/with=odd%chars";
/** Every form in which a server or a proxy might echo it. */
const forms = [
  KEY,
  encodeURIComponent(KEY),
  Buffer.from(`apikey:${KEY}`).toString("base64"),
  Buffer.from(KEY).toString("base64"),
];
/** What SIM answers carry and nobody may see: PIN, PUK, private addresses. */
const secrets = ["PIN-7391", "PUK-83920174", "10.20.30.40"];

/** Fails where a report, or state, tells what is nobody's business. */
function assertClean(fleet: FleetHarness, report: Report, printed: string): void {
  const kept = JSON.stringify([fleet.resources, report.checked, report.text, report.lines]) + printed;
  for (const secret of [...forms, ...secrets]) assert(!kept.includes(secret), `${secret} leaks`);
}

/** What an operation writes to standard output and error. */
async function printedBy(work: () => Promise<void>): Promise<string> {
  let printed = "";
  const [out, err] = [process.stdout.write, process.stderr.write];
  const keep = (chunk: string | Uint8Array): boolean => {
    printed += String(chunk);
    return true;
  };
  process.stdout.write = keep;
  process.stderr.write = keep;
  try {
    await work();
  } finally {
    process.stdout.write = out;
    process.stderr.write = err;
  }
  return printed;
}

const account = {
  organizations: [{ id: 12345, name: "Emulated" }],
  keys: [{ key: KEY, role: "admin", orgIds: [12345] }],
  plans: [{ id: PLAN, name: "Global Flat", zones: { global: "0.60" } }],
} as const;

/** A server, or a proxy, that echoes the request with its credentials and a SIM with its secrets. */
const echo = {
  key: KEY,
  authorization: `Basic ${forms[2]}`,
  pin: secrets[0],
  puk: secrets[1],
  ip: secrets[2],
};
const words = `request by ${KEY} (${forms[1]}, Basic ${forms[2]}) failed`;
const faults: Readonly<Record<string, Fault>> = {
  "401 with the key": { kind: "status", status: 401, body: { success: false, error: words } },
  "403 with the key": { kind: "status", status: 403, body: { success: false, error: words } },
  "400 with the key": { kind: "status", status: 400, body: { success: false, error: words, echo } },
  "a refusal map with the key": {
    kind: "status",
    status: 400,
    body: { success: false, data: { [iccid(1)]: words } },
  },
  "a refusal by SIM with the key": { kind: "refuse", iccids: [iccid(1)], reason: words },
  "500 with the key": { kind: "status", status: 500, body: { success: false, error: words, echo } },
  "500 in plain text": { kind: "status", status: 500, body: `<html>${words}</html>` },
  "200 in a form nobody knows": { kind: "status", status: 200, body: { success: true, data: [echo], echo } },
  "200 in plain text": { kind: "status", status: 200, body: words },
};

const around = `${iccid(1)}F and sim_${iccid(1)}_x, SIM${iccid(1)}, ${"9".repeat(32)}, ${"8".repeat(26)}`;
/** Words are shortened to 500 characters, here in the middle of a number. */
const cutOff = `${".".repeat(490)}${iccid(1)}`;

describe("dynamic: what must not leak", () => {
  const places = ["/organizations", "/plans", "/links/cellular", "/devices"];
  for (const [what, fault] of Object.entries(faults)) {
    for (const path of places) {
      it(`${what} at ${path}`, () =>
        withFleet({ account }, async (fleet) => {
          fleet.environment.HOLOGRAM_API_KEY = KEY;
          const onRelease = "pause";
          const printed = await printedBy(async () => {
            (await fleet.up({ simRange: range(20), plan, onRelease })).clean();
            for (const preview of [true, false]) {
              fleet.emulator.faults.add({ path, ...(path === "/links/cellular" ? { preview } : {}), fault });
              for (const report of [
                await fleet.preview({ sims: cards(40), plan, onRelease }),
                await fleet.up({ sims: cards(40), plan, onRelease }),
                await fleet.refresh(),
                await fleet.destroy(),
              ]) {
                assertClean(fleet, report, "");
              }
              fleet.emulator.faults.clear();
            }
          });
          assertClean(fleet, new Report(), printed);
        }));
    }
  }

  for (const path of ["/links/cellular/bulkclaim", "/devices/state", "/devices/changeplan"]) {
    for (const words of [around, cutOff]) {
      for (const fault of [
        { kind: "refuse", iccids: [iccid(1), iccid(11)], reason: words },
        { kind: "status", status: 400, body: { success: false, error: words } },
      ] as const) {
        it(`the numbers of a secret selection: ${fault.kind} at ${path} with "${words.slice(0, 20)}…"`, () =>
          withFleet({}, async (fleet) => {
            const secret = { iccids: null, preview: null, unfinished: null, lost: null };
            const inputs = { sims: cards(10), plan, onRelease: "pause" };
            (await fleet.up({ ...inputs, ...secret })).clean();
            fleet.emulator.faults.add({ path, fault });
            const larger = { ...inputs, sims: cards(12), ...secret };
            const smaller = { ...inputs, sims: cards(5), plan: 75, ...secret };
            const reports = [await fleet.preview(larger), await fleet.up(larger)];
            reports.push(await fleet.up(smaller), await fleet.refresh(), await fleet.destroy());
            const said = reports.map(({ text }) => text).join("\n");
            assert.doesNotMatch(said, /\d{18}|89445001/);
            assert.match(said, /\(secret\)/);
          }));
      }
    }
  }

  it("PINs, PUKs and private addresses of SIMs, in any read", () =>
    withFleet({ account }, async (fleet) => {
      fleet.environment.HOLOGRAM_API_KEY = KEY;
      const inputs = { simRange: range(3), plan };
      (await fleet.up(inputs)).clean();
      const items = cards(3).map((sim) => {
        const { deviceId, linkId } = fleet.emulator.sim(sim);
        const device = { deviceid: deviceId, device_id: deviceId, id: linkId, linkid: linkId };
        const more = {
          sim,
          orgid: 12345,
          state: "LIVE",
          cur_plan_id: plan,
          planid: plan,
          zone: "global",
          ...echo,
        };
        return { ...device, ...more, pin1: secrets[0], puk1: secrets[1], last_ip: secrets[2] };
      });
      const body = { success: true, continues: false, data: items };
      fleet.emulator.faults.add({
        path: /^\/links\/cellular$/,
        method: "GET",
        fault: { kind: "status", status: 200, body },
      });
      const refreshed = await fleet.refresh();
      assertClean(fleet, refreshed, "");
      assert.deepEqual([refreshed.errors, fleet.outputs().iccids], [[], cards(3)]);
    }));

  it("a key in the environment, the stack configuration or a provider's arguments, with blanks around it or not", () =>
    withFleet({ account }, async (fleet) => {
      const faulty: Fault = { kind: "status", status: 400, body: { success: false, error: words } };
      const spelled = [KEY, ` ${KEY}\n`, `\t${KEY}\u00a0`];
      for (const { environment, config } of spelled.flatMap((key) => [
        { environment: key, config: {} },
        { environment: undefined, config: { "hologram:apiKey": key } },
        { environment: undefined, config: { "hologram:explicit": "true", "hologram:apiKey": key } },
        { environment: undefined, config: { "hologram:explicit": "true", "hologram:stack:apiKey": key } },
      ])) {
        fleet.environment.HOLOGRAM_API_KEY = environment;
        fleet.config = config;
        fleet.emulator.faults.add({ path: "/plans", fault: faulty });
        const report = await fleet.up({ simRange: range(3), plan });
        assert.match(report.text, /\[redacted\]/);
        assertClean(fleet, report, "");
        fleet.emulator.faults.clear();
      }
    }));
});
