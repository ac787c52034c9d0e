/** The README's first program and the commands beside it, so that what users are told is what is tested. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./tarball";

export interface GettingStarted {
  /** The program as it stands there. */
  readonly program: string;
  /** First ICCID and last ICCID of its range. */
  readonly range: readonly [string, string];
  /** Lines of the shell blocks, from the installation to the first `pulumi up`. */
  readonly commands: readonly string[];
}

export function gettingStarted(): GettingStarted {
  const blocks = fencedBlocks(readFileSync(join(root, "README.md"), "utf8"));
  const program = blocks.find(({ language, text }) => language === "ts" && FLEET.test(text))?.text;
  assert.ok(program, "the README has no program with a fleet named cold-chain");
  const [, first, last] = /simRange: "(\d+)-(\d+)"/.exec(program) ?? [];
  assert.ok(first !== undefined && last !== undefined, "the README's first fleet has no range");

  const shell = blocks
    .filter(({ language }) => language === "sh")
    .map(({ text }) => commandsIn(text.replace(PACKED, "pulumi-hologram")));
  const from = shell.findIndex((lines) =>
    lines.some((line) => line.startsWith("npm install pulumi-hologram")),
  );
  const to = shell.findIndex((lines, at) => at >= from && lines.includes("pulumi up"));
  assert.ok(from >= 0 && to >= 0, "the README does not say how to install the package and run `pulumi up`");
  return { program, range: [first, last], commands: shell.slice(from, to + 1).flat() };
}

/** The file that `npm pack` writes, by a path that is the reader's. */
const PACKED = /\S+\/pulumi-hologram-[\d.]+\.tgz/;

const FLEET = /new hologram\.SimActivation\(\s*"cold-chain"/;

interface Block {
  readonly language: string;
  readonly text: string;
}

function fencedBlocks(markdown: string): Block[] {
  const found = markdown.matchAll(/^```(\w*)[^\n]*\n(.*?)^```$/gms);
  return [...found].map(([, language = "", text = ""]) => ({ language, text }));
}

function commandsIn(text: string): string[] {
  const lines = text.split("\n").map((line) => line.replace(/(^|\s)#.*$/, "").trim());
  return lines.filter((line) => line !== "");
}
