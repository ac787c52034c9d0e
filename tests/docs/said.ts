/** Holds what the pages quote against what was really printed. */

/** Lines of a quotation that stand nowhere in `printed`. An ellipsis stands for anything. */
export function notPrinted(quoted: string, printed: string): string[] {
  const lines = printed.split("\n").map(plain);
  return quoted.split("\n").filter((line) => {
    const parts = plain(line).split("…");
    return !lines.some((candidate) => follow(candidate, parts));
  });
}

/**
 * A line without what differs from run to run and from engine to engine: how long a step took, whether the row says
 * that it is doing or has done it, and how wide the gaps are.
 */
function plain(line: string): string {
  return line
    .replaceAll(/ \(\d+(\.\d+)?s\)/g, "")
    .replaceAll(/\[diff: [^\]]*\];?/g, "")
    .replaceAll(/\b(creat|updat|delet)(ing|ed|e)\b/g, "$1e")
    .replaceAll(/\s+/g, " ")
    .trim();
}

/** The parts stand in this order, the first at the beginning and the last at the end. */
function follow(text: string, parts: readonly string[]): boolean {
  const [first = "", ...rest] = parts;
  if (rest.length === 0) return text === first;
  if (!text.startsWith(first)) return false;
  let place = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, place);
    if (found < 0) return false;
    place = found + part.length;
  }
  return text.endsWith(rest.at(-1) ?? "");
}
