/**
 * `npm start`: the whole life of a small fleet, on this machine and without an account. Starts the emulator with packs
 * of SIMs, then previews, activates, grows, shrinks and destroys the fleet of `index.ts`, and shows what the account saw.
 * The account can be looked at in a browser meanwhile; in a terminal the tour waits where there is something to click.
 * Runs on the Pulumi CLI where it is there or can be had, else on the embedded engine, and says which. On the CLI a
 * policy stops the growth first, and then a saved plan is what is applied.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Emulator, startEmulator } from "pulumi-hologram/testing";
import { openEngine, type TourEngine, type TourOperation } from "./engines";
import { lookAround, lookAt, loseAnAnswer, moveThreeSims } from "./page";

const FIRST = 89445001021983048260n;
/** Cards of a pack end in a check digit, so that neighbours are about ten apart: these are exactly ten. */
const STEP = 10n;
const rangeOf = (sims: number): string => `${FIRST}-${FIRST + STEP * BigInt(sims) - 1n}`;

/** The tour must behave the same whatever the environment says of a real account. */
const noOtherSettings = {
  HOLOGRAM_ORG_ID: "",
  HOLOGRAM_CLAIM_SETTLE_SECONDS: "",
  HOLOGRAM_MAX_ACTIVATIONS: "",
  HOLOGRAM_MAX_DUE_NOW: "",
  HOLOGRAM_MAX_DEACTIVATIONS: "",
};

async function tour(): Promise<boolean> {
  const directory = mkdtempSync(join(tmpdir(), "hologram-tour-"));
  const emulator = await startEmulator({ behaviour: { settleMilliseconds: 1500 } });
  emulator.addPack({ first: `${FIRST}`, count: 150, step: Number(STEP) });
  const engine = await openEngine(directory, {
    ...noOtherSettings,
    HOLOGRAM_BASE_URL: emulator.url,
    HOLOGRAM_JOURNAL: join(directory, "journal"),
    HOLOGRAM_API_KEY: emulator.apiKey,
  });
  try {
    say(`Running on ${engine.title}, against an emulated Hologram account with 150 unclaimed SIMs.`);
    await lookAt(emulator);
    const ok = await steps(engine, emulator, directory);
    await lookAround(emulator);
    return ok;
  } finally {
    await engine.close();
    await emulator.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function steps(engine: TourEngine, emulator: Emulator, directory: string): Promise<boolean> {
  let step = 0;
  const run = async (
    title: string,
    operation: TourOperation,
    sims: number,
    args?: readonly string[],
  ): Promise<boolean> => {
    step += 1;
    heading(`${step}. ${title}`);
    emulator.clearRequests();
    const config = { "quickstart:simRange": rangeOf(sims), "quickstart:plan": "2096" };
    const ok = await engine.run(operation, config, args);
    account(emulator);
    return ok;
  };
  const lost = "Up with 150 SIMs: the answer to the claim is lost, and no SIM is claimed again";
  const grow = async (): Promise<boolean> => {
    if (!engine.isCli) {
      say("Policies and saved plans need the Pulumi CLI: this engine goes on without them.");
      await loseAnAnswer(emulator);
      return run(lost, "up", 150);
    }
    const plan = join(directory, "plan.json");
    const [under40, under50] = [policy(directory, 40), policy(directory, 50)];
    const stopped = "Preview with 150 SIMs, and a policy that allows 40 new ones at once: stopped";
    const saved = "The policy allows 50: the preview passes, and is saved as a plan";
    if (await run(stopped, "preview", 150, under40)) return false;
    if (!(await run(saved, "preview", 150, [...under50, "--save-plan", plan]))) return false;
    await loseAnAnswer(emulator);
    return run(`With that plan. ${lost}`, "up", 150, ["--plan", plan]);
  };
  const drift = async (): Promise<boolean> => {
    await moveThreeSims(emulator);
    return (
      (await run("Refresh: what somebody changed by hand is found", "refresh", 100)) &&
      (await run("Up: it is changed back", "up", 100))
    );
  };
  return (
    (await run("Preview: a pack of 100 SIMs. Nothing is spent", "preview", 100)) &&
    (await run("Up: each SIM is activated once, and charged once", "up", 100)) &&
    (await outputs(engine)) &&
    (await run("Preview again: nothing has changed, and no request is sent", "preview", 100)) &&
    (await drift()) &&
    (await grow()) &&
    (await run("Up with 120 SIMs: 30 leave, and onRelease pauses them", "up", 120)) &&
    (await run("Destroy: the rest is paused, and nothing is ever deactivated", "destroy", 120))
  );
}

/** What puts an operation under one rule of the ready policy pack. */
function policy(directory: string, maxSims: number): string[] {
  const file = join(directory, `at-most-${maxSims}.json`);
  const rule = { maxSims, enforcementLevel: "mandatory" };
  writeFileSync(file, JSON.stringify({ all: "disabled", "largest-activation": rule }));
  const root = dirname(require.resolve("pulumi-hologram/package.json"));
  return ["--policy-pack", join(root, "provider", "policy", "pack"), "--policy-pack-config", file];
}

/** The stack's outputs. */
async function outputs(engine: TourEngine): Promise<boolean> {
  const found = Object.entries(await engine.outputs());
  say("Outputs of the stack:");
  for (const [name, value] of found) say(`  ${name}: ${JSON.stringify(value)}`, "");
  return found.length > 0;
}

/** What the account on the other side saw: requests, charges, and the states of its SIMs. */
function account(emulator: Emulator): void {
  const { requests, ledger } = emulator;
  const claims = emulator.writes().filter(({ path }) => path.endsWith("/bulkclaim")).length;
  const total = ledger.reduce((cents, { amount }) => cents + Math.round(Number(amount) * 100), 0) / 100;
  const states = Map.groupBy(emulator.sims(), ({ state }) => state);
  const shown = [...states].map(([state, sims]) => `${sims.length} ${state}`).join(", ");
  say(
    `The account saw ${requests.length} requests, ${claims} of them claims. ` +
      `Ledger: ${ledger.length} charges, $${total.toFixed(2)} in all. SIMs: ${shown}.`,
  );
}

function heading(title: string): void {
  process.stdout.write(`\n\x1b[1m── ${title} ──\x1b[0m\n\n`);
}

function say(text: string, before = "\n"): void {
  process.stdout.write(`${before}${text}\n`);
}

tour().then(
  (ok) => {
    say(ok ? "Done. Nothing is left running." : "The tour stopped at the step above.");
    process.exitCode = ok ? 0 : 1;
  },
  (error: unknown) => {
    say(`The tour could not go on: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  },
);
