/** `pulumi-hologram doctor` in this process, against an account of its own. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DiagnoseOptions, type Diagnosis, diagnose } from "../../../provider/cli/doctor/diagnose";
import type { Level, Verdict } from "../../../provider/cli/doctor/verdict";
import {
  type AccountSetup,
  type Behaviour,
  type Emulator,
  startEmulator,
} from "../../../provider/testing/emulator";
import { systemClock } from "../../../provider/util/clock";
import { account, card, cards, KEY, ORG, PLAN } from "../engine/fleetStack";

export interface Examination extends Diagnosis {
  readonly emulator: Emulator;
  /** Texts of the verdicts on a topic. */
  texts(topic: string): string[];
  level(topic: string): Level | undefined;
}

export interface Ailment {
  readonly account?: AccountSetup;
  readonly behaviour?: Partial<Behaviour>;
  readonly env?: Readonly<Record<string, string>>;
  readonly options?: Partial<Pick<DiagnoseOptions, "target" | "clock" | "deadlines">>;
  /** Done to the account before it is looked at. */
  readonly prepare?: (emulator: Emulator) => void;
}

/** Ten cards, of which three are active; the rest are to be had. */
export async function examine(ailment: Ailment, judge: (examination: Examination) => void | Promise<void>) {
  const emulator = await startEmulator({
    account: ailment.account ?? account,
    behaviour: { settleReads: 0, ...ailment.behaviour },
  });
  try {
    emulator.addPack({ first: card(0), count: 10, step: 10, eids: "89001012012341234012345678901224" });
    emulator.activateByHand(cards(0, 3), { plan: PLAN, zone: "global", orgId: ORG });
    emulator.dashboard.tag([card(0)], "cold-chain");
    ailment.prepare?.(emulator);
    emulator.clearRequests();
    const ledger = emulator.ledger.length;
    const diagnosis = await diagnose({
      environment: {
        PATH: programsThatAnswer(),
        HOLOGRAM_API_KEY: KEY,
        HOLOGRAM_BASE_URL: emulator.url,
        HOLOGRAM_MAX_ACTIVATIONS: "100",
        HOLOGRAM_MAX_DUE_NOW: "60",
        ...ailment.env,
      },
      clock: systemClock,
      folder: process.cwd(),
      target: undefined,
      deadlines: { programMs: 20_000, reachMs: 10_000, readMs: 10_000, previewMs: 10_000 },
      progress: () => undefined,
      ...ailment.options,
    });
    assertOnlyRead(emulator, ledger, diagnosis);
    const { verdicts } = diagnosis;
    const on = (topic: string): Verdict[] => verdicts.filter((verdict) => verdict.topic === topic);
    await judge({
      ...diagnosis,
      emulator,
      texts: (topic) => on(topic).map(({ text }) => text),
      level: (topic) =>
        on(topic).reduce<Level | undefined>((worst, { level }) => worse(worst, level), undefined),
    });
  } finally {
    emulator.faults.release();
    await emulator.close();
  }
}

/** A folder with programs that answer at once, in place of `node` and `pulumi`. */
export function programsThatAnswer(): string {
  if (folder !== undefined) return folder;
  folder = mkdtempSync(join(tmpdir(), "doctor-"));
  const made = folder;
  process.once("exit", () => rmSync(made, { recursive: true, force: true }));
  writeProgram(made, "node", process.version);
  writeProgram(made, "pulumi", "v3.255.0");
  return made;
}

let folder: string | undefined;

/** A program that prints one line. */
export function writeProgram(where: string, name: string, line: string): void {
  writeFileSync(join(where, name), `#!/bin/sh\necho '${line}'\n`, { mode: 0o755 });
}

/** Whatever was answered: no write, no preview that could be a purchase, no charge, no key in what is said. */
function assertOnlyRead(emulator: Emulator, ledger: number, { verdicts }: Diagnosis): void {
  assert.deepEqual(emulator.writes(), []);
  for (const { method, path, body } of emulator.requests.filter((each) => each.method !== "GET")) {
    assert.deepEqual([method, path.split("?")[0]], ["POST", "/links/cellular/bulkclaim"]);
    assert.doesNotMatch(JSON.stringify(body), /"(plan|zone)"/);
  }
  assert.equal(emulator.ledger.length, ledger);
  assert.ok(!JSON.stringify(verdicts).includes(KEY));
}

function worse(a: Level | undefined, b: Level): Level {
  const order: readonly (Level | undefined)[] = [undefined, "good", "warning", "bad"];
  return order.indexOf(a) > order.indexOf(b) && a !== undefined ? a : b;
}
