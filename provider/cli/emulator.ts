import type { Emulator, PackSetup } from "../testing/emulator";
import { defaultBehaviour } from "../testing/emulator/account/behaviour";
import { CommandError, type ExitCode, ending, isFailure, repeated, type Subcommand } from "./command";

/** Runs the emulator until it is interrupted. */
export const emulator: Subcommand = (program) => {
  program
    .command("emulator")
    .summary("run a Hologram account on this machine")
    .description("Runs a Hologram account on this machine, on loopback only, until it is interrupted.")
    .option("--port <port>", "port to listen on; 0 takes a free one", readPort, 8080)
    .option("--state <file>", "load the account from this file and keep it there")
    .option(
      "--pack <first:count[:step]>",
      "SIMs to have in the account: ICCID of the first card, number of cards, distance of neighbouring ICCIDs (default 1); may be repeated",
      repeated,
    )
    .option("--account <file>", "organizations, keys, plans, packs, behaviour and faults to begin with: JSON")
    .option("--behaviour <name=value>", "a switch of how it answers; may be repeated", repeated)
    .option("--fault <rule>", "a fault to begin with, as JSON; may be repeated", repeated)
    .addHelpText("after", () => `\nSwitches, as they stand without --behaviour:\n${switches()}`)
    .action(ending(runEmulator));
};

interface Options {
  readonly port: number;
  readonly state?: string;
  readonly pack?: readonly string[];
  readonly account?: string;
  readonly behaviour?: readonly string[];
  readonly fault?: readonly string[];
}

async function runEmulator(options: Options): Promise<ExitCode> {
  const packs = (options.pack ?? []).map(readPack);
  const { startEmulator, readStart } = await import("../testing/emulator/index.js");
  const account = await startEmulator({
    port: options.port,
    ...(options.state === undefined ? {} : { stateFile: options.state }),
    ...readStart(options),
  }).catch((error: unknown) => {
    if (!isFailure(error, "EADDRINUSE")) throw error;
    throw new CommandError(
      `Port ${options.port} is in use: name another by --port, or let --port 0 take a free one.`,
    );
  });
  const welcome = await welcomeTo(account, packs).catch(async (error: unknown) => {
    await account.close();
    throw error;
  });
  // Before it says so: whoever reads that it is there may interrupt it at once.
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  process.stdout.write(welcome);
  await interrupted;
  await account.close();
  return 0;
}

async function welcomeTo(account: Emulator, packs: readonly PackSetup[]): Promise<string> {
  for (const pack of packs) addPack(account, pack);
  return `A Hologram account is running at ${account.url}
Look at it, and change it by hand, at ${new URL("/", account.url)}

  export HOLOGRAM_BASE_URL=${account.url}
  export HOLOGRAM_API_KEY=${account.apiKey}
  export HOLOGRAM_ORG_ID=${account.orgId}

Interrupt to stop.
`;
}

/** With a state file, the second start by the same command line finds its packs there. */
function addPack(account: Emulator, pack: PackSetup): void {
  const { first, count, step = 1 } = pack;
  const last = String(BigInt(first) + BigInt(count - 1) * BigInt(step));
  const [knowsFirst, knowsLast] = [account.knows(first), account.knows(last)];
  if (knowsFirst && knowsLast) return;
  if (knowsFirst || knowsLast) {
    throw new CommandError(
      `--pack ${first}:${count}: some of its cards are in the account already, and others are not.`,
    );
  }
  account.addPack(pack);
}

function switches(): string {
  return Object.entries(defaultBehaviour)
    .map(([name, value]) => `  ${name}=${value ?? ""}`)
    .join("\n");
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new CommandError(`--port takes a number up to 65535, not ${text}.`);
  return port;
}

function readPack(text: string): PackSetup {
  const [first = "", count = "", step, ...more] = text.split(":");
  const wrong = (what: string): CommandError =>
    new CommandError(`--pack takes first:count[:step], not ${text}: ${what}.`);
  if (!/^\d{18,22}$/.test(first)) throw wrong("the first is an ICCID of 18 to 22 digits");
  if (!isCount(count) || Number(count) > MOST_CARDS)
    throw wrong(`the count is a whole number from 1 to ${MOST_CARDS}`);
  if (step !== undefined && !isCount(step)) throw wrong("the step is a whole number from 1");
  if (more.length > 0) throw wrong("it has three parts at most");
  return { first, count: Number(count), ...(step === undefined ? {} : { step: Number(step) }) };
}

/** More cards than any account has; a mistyped number would take all memory. */
const MOST_CARDS = 10_000_000;

function isCount(text: string): boolean {
  return /^[1-9]\d*$/.test(text);
}
