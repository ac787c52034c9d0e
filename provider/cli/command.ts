import type { Command } from "commander";

/**
 * Exit codes of every command. 1 is an answer, so no failure may look like it: whatever goes wrong ends in 2.
 */
export type ExitCode =
  /** Done, and there is nothing to say against it. */
  | 0
  /** Done, and something was found: SIMs without a stack, a check that failed. */
  | 1
  /** Wrong use, or no answer could be had. */
  | 2;

/** Ends a command with one sentence on standard error, and exit code 2. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/** Whether a failure is that of Node.js by this code: EEXIST, EADDRINUSE. */
export function isFailure(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

/**
 * Adds a subcommand to the command line. What it needs is loaded when it is run: `--help` and completion must not wait
 * for an HTTP client.
 */
export type Subcommand = (program: Command) => void;

/** An action whose answer becomes the exit code. */
export function ending<O>(work: (options: O) => Promise<ExitCode>): (options: O) => Promise<void> {
  return async (options) => {
    process.exitCode = await work(options);
  };
}

/** Collects the values of an option that may be repeated. */
export function repeated(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** Gives several organizations, plans or tags as one option each, or separated by commas. */
export function repeatedIds(value: string, before: readonly number[] | undefined): readonly number[] {
  const ids = value.split(",").map((text) => text.trim());
  const wrong = ids.find((text) => !/^[1-9]\d{0,14}$/.test(text));
  if (wrong !== undefined)
    throw new CommandError(`${JSON.stringify(wrong)} is not an id: ids are whole numbers.`);
  return [...(before ?? []), ...ids.map(Number)];
}

/** Adds `--stack`, which names the states that a command reads; `more` is what they are for. */
export function withStacks(command: Command, more: string): Command {
  return command.option(
    "--stack <file>",
    `state of a stack, from \`pulumi stack export --file <file>\`; - reads it from standard input; may be repeated. ${more}`,
    repeated,
  );
}

/** The environment that commands about the account read, as `--help` shows it. */
export const ACCOUNT_HELP = `
Environment:
  HOLOGRAM_API_KEY   the API key
  HOLOGRAM_ORG_ID    the organization, where the key sees several
  HOLOGRAM_BASE_URL  another address than Hologram's`;
