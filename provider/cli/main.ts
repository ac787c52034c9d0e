#!/usr/bin/env node
/** The command `pulumi-hologram`. */
import { type Command, UsageError } from "./command";

const commands: Readonly<Record<string, () => Promise<Command>>> = {
  emulator: async () => (await import("./emulator.js")).emulator,
  orphans: async () => (await import("./orphans.js")).orphans,
};

async function main([name = "", ...args]: readonly string[]): Promise<number> {
  if (name === "--help") return show(...Object.keys(commands));
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) {
    throw new UsageError(
      `The commands are ${Object.keys(commands).join(" and ")}; \`pulumi-hologram --help\` shows their options.`,
    );
  }
  return args.includes("--help") ? show(name) : (await load()).run(args);
}

async function show(...names: readonly string[]): Promise<number> {
  const loaded = await Promise.all(names.map((name) => commands[name]?.()));
  process.stdout.write(loaded.flatMap((command) => command?.usage ?? []).join("\n\n"));
  return 0;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  },
);
