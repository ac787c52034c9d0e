import stringWidth from "string-width";

/** A column of a table for people. */
export interface Column<T> {
  readonly title: string;
  text(row: T): string;
  /** Where the table is wider than the terminal, texts of this column are cut. Numbers never are. */
  readonly canShrink?: boolean;
}

/** Rows below titles. `width` is that of the terminal, in cells; without it nothing is cut. */
export function formatTable<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  width: number | undefined,
): string {
  const lines = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map((column) => printable(column.text(row)))),
  ];
  const widths = fitInto(widthsOf(lines, columns.length), columns, width);
  const padded = lines.map((line) => line.map((cell, at) => pad(cell, widths[at] ?? 0)).join(GAP));
  return padded.map((line) => `${line.trimEnd()}\n`).join("");
}

/** Width of the terminal that a stream writes to; undefined for a pipe or a file, which get everything. */
export function widthOf(stream: NodeJS.WriteStream): number | undefined {
  return stream.isTTY ? stream.columns : undefined;
}

/** People name devices; a name must not steer the terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, " ").trim();
}

const GAP = "  ";
/** Below this a text says nothing. */
const LEAST_WIDTH = 8;

function widthsOf(lines: readonly (readonly string[])[], columns: number): number[] {
  return Array.from({ length: columns }, (_, at) =>
    lines.reduce((most, line) => Math.max(most, stringWidth(line[at] ?? "")), 0),
  );
}

/** Takes what is too much from the widest column that may shrink, cell by cell. */
function fitInto(
  widths: readonly number[],
  columns: readonly Column<never>[],
  available: number | undefined,
): readonly number[] {
  if (available === undefined) return widths;
  const fitted = [...widths];
  const total = () => fitted.reduce((sum, each) => sum + each + GAP.length, -GAP.length);
  while (total() > available) {
    const candidates = fitted.flatMap((each, at) =>
      columns[at]?.canShrink && each > LEAST_WIDTH ? [{ at, each }] : [],
    );
    const [widest] = candidates.sort((a, b) => b.each - a.each);
    if (widest === undefined) break;
    fitted[widest.at] = widest.each - 1;
  }
  return fitted;
}

function pad(text: string, width: number): string {
  const cut = stringWidth(text) <= width ? text : `${head(text, width - 1)}…`;
  return cut + " ".repeat(Math.max(0, width - stringWidth(cut)));
}

function head(text: string, width: number): string {
  let [taken, cells] = ["", 0];
  for (const { segment } of graphemes.segment(text)) {
    cells += stringWidth(segment);
    if (cells > width) break;
    taken += segment;
  }
  return taken;
}

const graphemes = new Intl.Segmenter("en");
