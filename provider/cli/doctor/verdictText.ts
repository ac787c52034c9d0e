import { styleText } from "node:util";
import { printable } from "../terminal/table";
import type { Level, Verdict } from "./verdict";

/** A line for each verdict, details and advice indented below it, and a sentence at the end. */
export function asText(verdicts: readonly Verdict[], stream: NodeJS.WriteStream): string {
  const topics = verdicts.reduce((width, { topic }) => Math.max(width, topic.length), 0);
  const indent = " ".repeat(LEVEL_WIDTH + topics + 2 * GAP.length);
  const lines = verdicts.flatMap(({ level, topic, text, details = [], advice }) => [
    `${colored(level, stream)}${GAP}${topic.padEnd(topics)}${GAP}${printable(text)}`,
    ...details.map((line) => `${indent}${printable(line)}`),
    ...(advice === undefined ? [] : [`${indent}> ${printable(advice)}`]),
  ]);
  return `${[...lines, "", summary(verdicts)].join("\n")}\n`;
}

/** The same for programs. */
export function asJson(verdicts: readonly Verdict[]): string {
  return `${JSON.stringify({ verdicts }, undefined, 2)}\n`;
}

const GAP = "  ";
const LEVEL_WIDTH = "warning".length;
const COLORS = { good: "green", warning: "yellow", bad: "red" } as const;

/** In color on a terminal that has it, unless `NO_COLOR` is set: `styleText` looks. */
function colored(level: Level, stream: NodeJS.WriteStream): string {
  return `${styleText(COLORS[level], level, { stream })}${" ".repeat(LEVEL_WIDTH - level.length)}`;
}

function summary(verdicts: readonly Verdict[]): string {
  const count = (wanted: Level): number => verdicts.filter(({ level }) => level === wanted).length;
  const [warnings, bads] = [count("warning"), count("bad")];
  const noted = warnings === 0 ? "" : ` ${warnings === 1 ? "1 warning" : `${warnings} warnings`}.`;
  if (bads > 0) return `${bads === 1 ? "1 thing is" : `${bads} things are`} bad.${noted}`;
  return `Nothing is bad.${noted} Nothing was changed, and nothing spent.`;
}
