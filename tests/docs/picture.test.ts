/** The picture of the README shows what a terminal shows. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./pages";
import { readAnsi } from "./picture/ansi";
import { drawTerminal } from "./picture/svg";

describe("the picture of a terminal", () => {
  it("keeps colours over the end of a line, and breaks lines where a terminal does", () => {
    const [green, bold] = [
      { bold: false, color: 2 },
      { bold: true, color: 9 },
    ];
    assert.deepEqual(readAnsi("ab\x1b[32mcdef\n\ngh\x1b[0m\x1b[38;5;9m\x1b[1mi\x1b[0m", 4), [
      [
        { bold: false, text: "ab" },
        { ...green, text: "cd" },
      ],
      [{ ...green, text: "ef" }],
      [],
      [
        { ...green, text: "gh" },
        { ...bold, text: "i" },
      ],
    ]);
  });

  it("is an SVG in which nothing of the text is markup", () => {
    const drawn = drawTerminal(readAnsi("a < b & \x1b[31mc\x1b[0m", 80), 80, "a <title>");
    assert.match(drawn, /<title>a &lt;title&gt;<\/title>/);
    assert.match(drawn, />a &lt; b &amp; <\/tspan><tspan [^>]*fill="#f0707a">c</);
  });

  it("was drawn from the run that the README tells", () => {
    const drawn = readFileSync(join(root, "docs", "preview-and-up.svg"), "utf8");
    const text = [...drawn.matchAll(/<tspan [^>]*>([^<]*)/g)].map(([, words]) => words).join("");
    for (const words of [
      "$ pulumi preview",
      "activate 100 SIMs on Global Flat (2096, global): about $60.00 now, $60.00/month",
      "$ pulumi up",
      "activated 100 SIMs in 1 request, about $60.00",
    ])
      assert.ok(text.replaceAll(/\s+/g, "").includes(words.replaceAll(" ", "")), words);
  });
});

describe("the picture of the page", () => {
  it("is a WebP that a README can carry", () => {
    const picture = readFileSync(join(root, "docs", "page.webp"));
    assert.equal(`${picture.toString("latin1", 0, 4)} ${picture.toString("latin1", 8, 12)}`, "RIFF WEBP");
    assert.ok(picture.length > 10_000 && picture.length < 150_000, `${picture.length} bytes`);
  });
});
