/** The account in a browser: where it is, and what there is to try. Where nobody is at the terminal the tour does it. */
import { once } from "node:events";
import type { Emulator } from "pulumi-hologram/testing";

/** Says where the account can be looked at, and waits until somebody does. */
export async function lookAt(emulator: Emulator): Promise<void> {
  say(`Look at the account in a browser: ${addressOf(emulator)}`);
  await confirmed("Press Enter to begin.");
}

/** Somebody moves SIMs to another plan, as a colleague might in the dashboard. */
export async function moveThreeSims(emulator: Emulator): Promise<void> {
  say("Somebody moves three SIMs to another plan, in the dashboard.");
  await confirmed(
    `Be that somebody: tick three SIMs at ${addressOf(emulator)}sims, press "Change plan", and choose Pilot 1 MB. Then press Enter.`,
  );
  const active = emulator.sims().filter(({ deviceId }) => deviceId !== undefined);
  if (active.some(({ plan }) => plan !== 2096)) return;
  const iccids = active.slice(0, 3).map(({ iccid }) => iccid);
  emulator.dashboard.changePlan(iccids, { plan: 75, zone: "global" });
}

/** The next claim is carried out, and nobody is told. */
export async function loseAnAnswer(emulator: Emulator): Promise<void> {
  say(
    "The answer to the next claim will be lost: the SIMs are activated and charged, and the program is not told.",
  );
  await confirmed(
    `Arrange it: press "Drop the answer of the next claim" at ${addressOf(emulator)}faults. Then press Enter.`,
  );
  if (emulator.faults.list().length > 0) return;
  const claims = { method: "POST", path: /\/bulkclaim$/, preview: false };
  emulator.faults.add({ ...claims, nth: 1, fault: { kind: "drop", commit: true } });
}

/** Lets somebody look at what came of it, before the account goes. */
export async function lookAround(emulator: Emulator): Promise<void> {
  await confirmed(`What came of it is at ${addressOf(emulator)}. Press Enter to end.`);
}

/** Asks, where somebody is there to answer; the end of the input is an answer too. */
async function confirmed(question: string): Promise<void> {
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY || stdin.readableEnded) return;
  stdout.write(`\n${question} `);
  const answered = Promise.race([once(stdin, "data"), once(stdin, "end")]);
  // Paused before, it does not begin to flow by itself.
  stdin.resume();
  await answered;
  stdin.pause();
}

function addressOf({ url }: Emulator): string {
  return String(new URL("/", url));
}

function say(text: string): void {
  process.stdout.write(`\n${text}\n`);
}
