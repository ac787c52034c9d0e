/** What readers are told: every page of documentation, and the blocks of code, commands and output that it quotes. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";

export const root = resolve(__dirname, "../../..");

export interface Page {
  /** Path from the top of the repository. */
  readonly path: string;
  readonly text: string;
}

export interface Block {
  readonly page: string;
  /** Line of the opening fence, counted from one. */
  readonly line: number;
  /** What stands behind the fence; empty for output. */
  readonly language: string;
  readonly text: string;
}

/** Written by other hands, and no code in it: figures, and a list of changes. */
const TOLD_ELSEWHERE = new Set(["CHANGELOG.md"]);

/** Its blocks in JSON, Python and Go are those of tests/docs/emulator.test.ts. */
export const EMULATOR_PAGE = "docs/emulator.md";

/** README and its sisters, everything in `docs`, and the page of each example. */
export function readPages(): Page[] {
  const tops = readdirSync(root).filter((name) => name.endsWith(".md") && !TOLD_ELSEWHERE.has(name));
  return [...tops.map((name) => join(root, name)), ...markdownIn("docs"), ...markdownIn("examples")].map(
    (path) => ({ path: relative(root, path), text: readFileSync(path, "utf8") }),
  );
}

export function readPage(path: string): Page {
  return { path, text: readFileSync(join(root, path), "utf8") };
}

/** Fences may be indented, as in a list. One that is never closed is an error: what follows would be taken for code. */
export function blocksOf({ path, text }: Page): Block[] {
  const blocks: Block[] = [];
  let open: { indent: string; language: string; line: number; lines: string[] } | undefined;
  for (const [place, line] of text.split("\n").entries()) {
    const [, indent = "", language = ""] = /^(\s*)```(.*)$/.exec(line) ?? [];
    const isFence = line.trimStart().startsWith("```");
    if (open === undefined && isFence) {
      open = { indent, language: language.trim(), line: place + 1, lines: [] };
    } else if (open !== undefined && isFence) {
      blocks.push({ page: path, line: open.line, language: open.language, text: open.lines.join("\n") });
      open = undefined;
    } else {
      open?.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line);
    }
  }
  if (open !== undefined) throw new Error(`${path}:${open.line}: this block is never closed`);
  return blocks;
}

export function readBlocks(): Block[] {
  return readPages().flatMap(blocksOf);
}

/**
 * The examples in docstrings, which editors show. Each is a piece of a program: what every program begins with stands
 * before its first line, on that line, so that the compiler's lines are those of the file.
 */
export function readExamples(): Block[] {
  const files = readdirSync(join(root, "provider"), { recursive: true, encoding: "utf8" });
  const sources = files
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readPage(join("provider", name)));
  return sources.flatMap(({ path, text }) => {
    const comments = text.split("\n").map((line) => /^\s*\* ?(.*)$/.exec(line)?.[1] ?? "");
    return blocksOf({ path, text: comments.join("\n") }).map((block) =>
      block.language === "ts" && !block.text.includes("import ")
        ? { ...block, text: BEGINNING + block.text }
        : block,
    );
  });
}

const BEGINNING =
  'import * as pulumi from "@pulumi/pulumi"; import * as hologram from "pulumi-hologram"; ' +
  "declare const config: pulumi.Config; ";

/** How a block is named in a failure. */
export const placeOf = ({ page, line }: Block): string => `${page}:${line}`;

function markdownIn(folder: string): string[] {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md") && !name.includes("node_modules"))
    .map((name) => join(path, name));
}
