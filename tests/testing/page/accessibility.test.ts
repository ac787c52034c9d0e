/** The page for everybody: no violation that axe-core finds, light and dark, wide and narrow; by keyboard; without scripts. */
import assert from "node:assert/strict";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { z } from "zod";
import { type Emulator, startEmulator } from "../../../provider/testing/emulator";
import type { TestBrowser } from "../../harness/browser/chromium";
import { describeInBrowser } from "../../harness/browser/inBrowser";
import { basic } from "../emulator/client";

const FIRST = 89445001021983048260n;
const cards = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, at) => `${FIRST + 10n * BigInt(from + at)}`);

const PATHS = [
  ...["/", "/sims", "/sims?q=nobody", "/sims?page=2", "/sims/5000001", "/sims/5000120"],
  ...["/ledger", "/ledger?by=sim", "/requests", "/requests/1", "/money", "/faults", "/nowhere"],
];

describeInBrowser("the page, looked at by axe-core", (browser) => {
  for (const [name, width, colorScheme] of [
    ["wide and light", 1280, "light"],
    ["wide and dark", 1280, "dark"],
    ["narrow and light", 390, "light"],
    ["narrow and dark", 390, "dark"],
  ] as const) {
    it(`has no violation: ${name}`, () =>
      withPage(browser(), { viewport: { width, height: 844 }, colorScheme }, async (page, origin) => {
        for (const path of PATHS) {
          await page.goto(origin + path);
          await page.evaluate(
            "document.querySelectorAll('details').forEach((each) => { each.removeAttribute('name'); each.open = true; })",
          );
          assert.deepEqual(await violations(page), [], path);
          const [content, shown] = await widths(page);
          assert.ok(content <= shown, `${path} is ${content} wide, of which ${shown} are shown`);
        }
      }));
  }

  it("has a violation where there is one", () =>
    withPage(browser(), {}, async (page, origin) => {
      await page.goto(origin);
      await page.evaluate("document.querySelector('main').append(document.createElement('input'))");
      assert.deepEqual(
        (await violations(page)).map(({ id }) => id),
        ["label"],
      );
    }));
});

describeInBrowser("the page by keyboard", (browser) => {
  it("leads past the navigation, and to every button", () =>
    withPage(browser(), {}, async (page, origin) => {
      await page.goto(`${origin}/sims`);
      await page.keyboard.press("Tab");
      assert.equal(await focused(page), "Skip to the content");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      assert.match(await focused(page), /^8944|^Number or name/);
      await page.getByRole("checkbox", { name: `SIM ${cards(0, 1)[0]}` }).press("Space");
      await page.locator("#act-tag > summary").press("Enter");
      await page.getByLabel("Name of the tag").fill("cold");
      await page.getByRole("button", { name: "Put it on" }).press("Enter");
      assert.equal(
        await page.getByRole("status").filter({ hasText: "carries" }).textContent(),
        "1 SIM carries the tag cold now.",
      );
    }));

  it("does nothing when Enter is pressed in a field of the list of SIMs", () =>
    withPage(browser(), {}, async (page, origin, emulator) => {
      await page.goto(`${origin}/sims`);
      const before = JSON.stringify(emulator.sims());
      await page.getByRole("checkbox", { name: `SIM ${cards(0, 1)[0]}` }).check();
      await page.locator("#act-tag > summary").click();
      await page.getByLabel("Name of the tag").press("Enter");
      assert.match((await page.locator(".notice.bad").textContent()) ?? "", /^Press one of the buttons/);
      assert.equal(JSON.stringify(emulator.sims()), before);
    }));
});

describeInBrowser("the page without scripts", (browser) => {
  it("finds, ticks, pauses and turns over all the same", () =>
    withPage(browser(), { javaScriptEnabled: false }, async (page, origin, emulator) => {
      await page.goto(origin);
      assert.match((await page.getByRole("status").textContent()) ?? "", /Reload the page to see news/);
      await page.getByRole("link", { name: "SIMs", exact: true }).click();
      await page.getByLabel("State").selectOption("LIVE");
      await page.getByRole("button", { name: "Find" }).click();
      for (const iccid of cards(2, 4)) await page.getByRole("checkbox", { name: `SIM ${iccid}` }).check();
      await page.getByRole("button", { name: "Pause" }).click();
      assert.match((await page.getByRole("status").allTextContents()).join(), /2 SIMs were paused/);
      assert.deepEqual(
        emulator
          .sims()
          .filter(({ state }) => state === "PAUSED-USER")
          .map(({ iccid }) => iccid),
        cards(2, 4),
      );
      await page.getByRole("link", { name: "Show all" }).click();
      await page.getByRole("link", { name: "Next" }).click();
      assert.match(page.url(), /page=2$/);
      await page.getByRole("link", { name: "Faults" }).click();
      await page.getByRole("button", { name: "Drop the answer of the next claim" }).click();
      assert.match((await page.getByRole("status").allTextContents()).join(), /Arranged\. The next claim/);
    }));
});

/** An account in which every view has something to show, two SIMs bought twice among it. */
async function withPage(
  browser: TestBrowser,
  options: Parameters<TestBrowser["window"]>[0],
  work: (page: Page, origin: string, emulator: Emulator) => Promise<void>,
): Promise<void> {
  const emulator = await startEmulator({ behaviour: { alreadyActive: "charge", settleReads: 0 } });
  const { page, context, complaints } = await browser.window(options);
  try {
    emulator.addPack({ first: `${FIRST}`, count: 120, step: 10 });
    emulator.addOrganization({ name: "Second" });
    for (const sims of [cards(0, 60), cards(0, 2)]) await claim(emulator, sims);
    emulator.dashboard.tag(cards(0, 2), "cold");
    emulator.faults.add({ method: "POST", nth: 1, fault: { kind: "hold" } });
    await work(page, `http://127.0.0.1:${emulator.port}`, emulator);
    assert.deepEqual(
      complaints.filter((words) => !words.includes("404")),
      [],
    );
  } finally {
    await context.close();
    await emulator.close();
  }
}

async function claim(emulator: Emulator, sims: readonly string[]): Promise<void> {
  const answer = await fetch(`${emulator.url}/links/cellular/bulkclaim`, {
    method: "POST",
    headers: { authorization: basic(emulator.apiKey), "content-type": "application/json" },
    body: JSON.stringify({ sims, plan: 2096, zone: "global", orgid: emulator.orgId }),
  });
  assert.equal(answer.status, 200, await answer.text());
}

const found = z.object({
  violations: z.array(
    z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string(), failureSummary: z.string() })) }),
  ),
});

/** Evaluated past the page's policy, which lets no other script in. */
async function violations(page: Page) {
  await page.evaluate(axe.source);
  return found.parse(await page.evaluate("axe.run(document)")).violations;
}

async function widths(page: Page): Promise<readonly [number, number]> {
  const sizes = await page.evaluate(
    "[document.documentElement.scrollWidth, document.documentElement.clientWidth]",
  );
  return z.tuple([z.number(), z.number()]).parse(sizes);
}

/** The words of what has the focus. */
async function focused(page: Page): Promise<string> {
  const label = "document.activeElement.labels?.[0]?.textContent";
  return String(await page.evaluate(`(${label} || document.activeElement.textContent).trim()`));
}
