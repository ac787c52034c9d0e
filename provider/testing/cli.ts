#!/usr/bin/env node
/** The command `pulumi-hologram`. Its one subcommand runs the emulator until it is interrupted. */
import { type ParseArgsConfig, parseArgs } from "node:util";
import { type PackSetup, startEmulator } from "./emulator";

const USAGE = `Usage: pulumi-hologram emulator [options]

Runs a Hologram account on this machine, on loopback only, until it is interrupted.

Options:
  --port <port>               port to listen on (default 8080; 0 takes a free one)
  --state <file>              load the account from this file and keep it there
  --pack <first:count[:step]> SIMs to have in the account: ICCID of the first card, number of cards,
                              distance of neighbouring ICCIDs (default 1); may be repeated
  --help                      show this text
`;

const OPTIONS = {
  port: { type: "string", default: "8080" },
  state: { type: "string" },
  pack: { type: "string", multiple: true },
  help: { type: "boolean", default: false },
} as const satisfies ParseArgsConfig["options"];

/** A command line that cannot be followed: one sentence, exit code 2. */
class UsageError extends Error {}

async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = readArguments(args);
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  if (positionals.length !== 1 || positionals[0] !== "emulator") {
    throw new UsageError(
      "The command is `pulumi-hologram emulator`; `pulumi-hologram --help` shows its options.",
    );
  }
  const packs = (values.pack ?? []).map(readPack);
  const emulator = await startEmulator({
    port: readPort(values.port),
    ...(values.state === undefined ? {} : { stateFile: values.state }),
  });
  // With a state file, the second start by the same command line finds its packs there.
  for (const pack of packs) if (!emulator.knows(pack.first)) emulator.addPack(pack);
  process.stdout.write(`A Hologram account is running at ${emulator.url}

  export HOLOGRAM_BASE_URL=${emulator.url}
  export HOLOGRAM_API_KEY=${emulator.apiKey}
  export HOLOGRAM_ORG_ID=${emulator.orgId}

Interrupt to stop.
`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      emulator.close().catch(fail);
    });
  }
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    // The first sentence says what is wrong; the rest explains how positional arguments are escaped.
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${message.split(". ")[0] ?? message}.`.replace(/\.\.$/, "."));
  }
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new UsageError(`--port takes a number up to 65535, not ${text}.`);
  return port;
}

function readPack(text: string): PackSetup {
  const [, first, count, step] = /^(\d{18,22}):([1-9]\d*)(?::([1-9]\d*))?$/.exec(text) ?? [];
  if (first === undefined || count === undefined) {
    throw new UsageError(`--pack takes first:count[:step] with an ICCID of 18 to 22 digits, not ${text}.`);
  }
  return { first, count: Number(count), ...(step === undefined ? {} : { step: Number(step) }) };
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

main(process.argv.slice(2)).catch(fail);
