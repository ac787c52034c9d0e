/** A terminal, drawn. */
import type { Piece } from "./ansi";

const [CHARACTER, LINE, MARGIN, BAR] = [7.8, 18, 18, 34];

/** The picture of these lines; `title` is what is read aloud in its place. */
export function drawTerminal(lines: readonly (readonly Piece[])[], columns: number, title: string): string {
  const [width, height] = [Math.ceil(columns * CHARACTER + 2 * MARGIN), lines.length * LINE + BAR + MARGIN];
  const rows = lines
    .map((pieces, place) => row(pieces, BAR + (place + 1) * LINE - 4))
    .filter((text) => text !== "");
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${escaped(title)}</title>
<rect width="100%" height="100%" rx="8" fill="#16191d"/>
<g>${lights()}</g>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13" fill="#d5d9de" xml:space="preserve">
${rows.join("\n")}
</g>
</svg>
`;
}

/** Each piece is stretched to its columns, so that rows stay aligned whatever font there is. */
function row(pieces: readonly Piece[], y: number): string {
  let column = 0;
  const spans = pieces.map(({ text, bold, color }) => {
    const [x, length] = [number(MARGIN + column * CHARACTER), number(text.length * CHARACTER)];
    column += text.length;
    if (text.trim() === "") return "";
    const style = `${color === undefined ? "" : ` fill="${colors[color] ?? colors[7]}"`}${bold ? ' font-weight="bold"' : ""}`;
    return `<tspan x="${x}" textLength="${length}"${style}>${escaped(text)}</tspan>`;
  });
  const drawn = spans.join("");
  return drawn === "" ? "" : `<text y="${y}">${drawn}</text>`;
}

const colors: readonly string[] = [
  ...["#5c6570", "#f0707a", "#7fd18b", "#e5c07b", "#71a9f7", "#c792ea", "#5fc9d4", "#d5d9de"],
  ...["#7d8794", "#ff8a92", "#9be8a6", "#f2d594", "#8fbfff", "#dbb0f7", "#83e0ea", "#ffffff"],
];

function lights(): string {
  return ["#f0707a", "#e5c07b", "#7fd18b"]
    .map((fill, place) => `<circle cx="${MARGIN + 4 + place * 18}" cy="18" r="5.5" fill="${fill}"/>`)
    .join("");
}

const number = (value: number): string => String(Math.round(value * 10) / 10);

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
