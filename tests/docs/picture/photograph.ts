/**
 * `npm run picture`: takes `docs/page.webp`, the emulated account in a browser after the README's first `up`. Where no
 * Chromium is installed the picture stays as it is.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { embeddedEngine } from "../../../provider/testing/engine";
import { findChromium, TestBrowser } from "../../harness/browser/chromium";
import { realEngine } from "../../harness/engine/realEngine";
import { withTour } from "../life";
import { blocksOf, readPage, root } from "../pages";

const WIDTH = 1180;

async function main(): Promise<void> {
  const path = findChromium();
  if (path === undefined) {
    process.stdout.write("No Chromium on the PATH: docs/page.webp stays as it is.\n");
    return;
  }
  const program = blocksOf(readPage("README.md")).find(({ text }) =>
    text.includes('SimActivation("cold-chain"'),
  );
  const browser = await TestBrowser.open(path);
  try {
    const picture = await withTour(realEngine() ?? embeddedEngine(), program?.text ?? "", async (tour) => {
      tour.declare(100);
      for (const { ok, text } of [await tour.stack.preview(), await tour.stack.up({ preview: false })]) {
        if (!ok) throw new Error(text);
      }
      const { page } = await browser.window({
        viewport: { width: WIDTH, height: 700 },
        deviceScaleFactor: 1.25,
        reducedMotion: "reduce",
      });
      await page.goto(`http://127.0.0.1:${tour.emulator.port}/`);
      await page.getByText("Live", { exact: true }).waitFor();
      return asWebp(page, await page.screenshot({ fullPage: true }));
    });
    const file = join(root, "docs", "page.webp");
    writeFileSync(file, picture);
    process.stdout.write(`${file}: ${Math.round(picture.length / 1000)} kB\n`);
  } finally {
    await browser.close();
  }
}

/** A tenth of the size of a PNG; the browser is what writes it. */
async function asWebp(page: Page, png: Buffer): Promise<Buffer> {
  const draw = `(async () => {
    const image = new Image();
    image.src = "data:image/png;base64,${png.toString("base64")}";
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.width, image.height];
    canvas.getContext("2d").drawImage(image, 0, 0);
    return canvas.toDataURL("image/webp", 0.7);
  })()`;
  // The policy of the emulator's page lets no such image in.
  await page.goto("about:blank");
  return Buffer.from(String(await page.evaluate(draw)).split(",")[1] ?? "", "base64");
}

void main();
