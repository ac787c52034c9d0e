/**
 * `npm run picture`: draws `docs/preview-and-up.svg`, a preview and an `up` of the README's program against an emulated
 * account, as the Pulumi CLI prints them. Where the CLI is not there the embedded engine's own words are drawn, which say so.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { embeddedEngine, type OperationOptions, type RunResult } from "../../../provider/testing/engine";
import { realEngine } from "../../harness/engine/realEngine";
import { withTour } from "../life";
import { blocksOf, readPage, root } from "../pages";
import { readAnsi } from "./ansi";
import { drawTerminal } from "./svg";

const COLUMNS = 112;
const title =
  "pulumi preview tells that 100 SIMs would be activated, for about $60.00; pulumi up activates them";

async function main(): Promise<void> {
  const real = realEngine();
  const program = blocksOf(readPage("README.md")).find(({ text }) =>
    text.includes('SimActivation("cold-chain"'),
  );
  // Of an option that is given twice the CLI takes the last.
  const colors: OperationOptions =
    real === undefined ? {} : { args: ["--color", "always", "--suppress-outputs"] };
  const text = await withTour(real ?? embeddedEngine(), program?.text ?? "", async ({ stack, declare }) => {
    declare(100);
    const preview = said(await stack.preview(colors));
    const up = said(await stack.up({ preview: false, ...colors }));
    return `${typed("pulumi preview")}\n${preview}\n\n${typed("pulumi up")}\n${up}`;
  });
  const file = join(root, "docs", "preview-and-up.svg");
  writeFileSync(file, drawTerminal(readAnsi(text, COLUMNS), COLUMNS, title));
  process.stdout.write(
    `${file}: on ${real === undefined ? "the embedded engine" : `Pulumi ${real.version}`}\n`,
  );
}

const typed = (command: string): string => `\x1b[92m$\x1b[0m \x1b[1m${command}\x1b[0m`;

/** Without the lines that stand for a spinner, and of the rows of one resource only the last, as on a screen. */
function said({ ok, text }: RunResult): string {
  if (!ok) throw new Error(text);
  const lines = text
    .trimEnd()
    .split("\n")
    .filter((line) => !bare(line).startsWith("@ "));
  const resources = lines.map((line) => /^ [ +~-]+ (\S+::?\S+ \S+) /.exec(bare(line))?.[1]);
  return lines
    .filter(
      (_line, place) => resources[place] === undefined || resources.lastIndexOf(resources[place]) === place,
    )
    .join("\n");
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one.
const bare = (line: string): string => line.replaceAll(/\x1b\[[\d;]*m/g, "");

void main();
