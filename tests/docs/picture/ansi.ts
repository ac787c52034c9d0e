/** Text with the colours of a terminal, taken apart. */

interface Style {
  /** Of the 16 colours of a terminal; absent for its own. */
  readonly color?: number;
  readonly bold: boolean;
}

export interface Piece extends Style {
  readonly text: string;
}

/** The lines of `text`, each broken where a terminal of so many columns breaks it. */
export function readAnsi(text: string, columns: number): Piece[][] {
  const lines: Piece[][] = [];
  let style: Style = plain;
  for (const line of text.split("\n")) {
    let row: Piece[] = [];
    let room = columns;
    // Between two escape sequences the style is one and the same.
    for (const [, codes, words = ""] of `\x1b[m${line}`.matchAll(SEQUENCE)) {
      if (codes !== "") style = styled(style, codes ?? "");
      let rest = words;
      while (rest !== "") {
        if (room === 0) {
          lines.push(row);
          [row, room] = [[], columns];
        }
        row.push({ ...style, text: rest.slice(0, room) });
        [rest, room] = [rest.slice(room), Math.max(0, room - rest.length)];
      }
    }
    lines.push(row);
  }
  return lines;
}

const plain: Style = { bold: false };

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one.
const SEQUENCE = /\x1b\[([\d;]*)m([^\x1b]*)/g;

/** SGR: 0 takes everything back, 1 is bold, 30 to 37 and 90 to 97 colours, as are the first 16 of `38;5;n`. */
function styled(style: Style, codes: string): Style {
  const numbers = codes.split(";").map(Number);
  if (numbers[0] === 38 && numbers[1] === 5) return { ...style, color: numbers[2] ?? 7 };
  let next = style;
  for (const code of numbers) {
    if (code === 0) next = plain;
    if (code === 1) next = { ...next, bold: true };
    if (code === 39) next = { bold: next.bold };
    if (code >= 30 && code <= 37) next = { ...next, color: code - 30 };
    if (code >= 90 && code <= 97) next = { ...next, color: code - 82 };
  }
  return next;
}
