/** The first hour with the package, as the README tells it: `pulumi` in a terminal, and the account in a browser beside it. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { startEmulator } from "../../../provider/testing/emulator";
import { type Engine, embeddedEngine, type RunResult } from "../../../provider/testing/engine";
import { type Tour, withTour } from "../../docs/life";
import { blocksOf, readPage } from "../../docs/pages";
import { describeInBrowser } from "../../harness/browser/inBrowser";
import { cards, FIRST, PLAN } from "../../harness/engine/fleetStack";
import { realEngine } from "../../harness/engine/realEngine";
import { basic } from "../emulator/client";

describeInBrowser(
  "the page, while somebody looks",
  (browser) => {
    it("shows a claim as it comes in, and leaves ticked what is ticked", async () => {
      const emulator = await startEmulator({ behaviour: { settleReads: 0 } });
      const { page, context, complaints } = await browser().window();
      try {
        emulator.addPack({ first: `${FIRST}`, count: 20, step: 10 });
        await page.goto(`http://127.0.0.1:${emulator.port}/sims`);
        await page.getByText("Live", { exact: true }).waitFor();
        await page.getByRole("checkbox", { name: `SIM ${cards(3, 4)[0]}` }).check();
        const answer = await fetch(`${emulator.url}/links/cellular/bulkclaim`, {
          method: "POST",
          headers: { authorization: basic(emulator.apiKey), "content-type": "application/json" },
          body: JSON.stringify({ sims: cards(0, 10), plan: PLAN, zone: "global" }),
        });
        assert.equal(answer.status, 200);
        await page.getByText("10 SIMs bought, $6.00 charged in all.").first().waitFor();
        assert.equal(await page.getByRole("row").filter({ hasText: "LIVE" }).count(), 10);
        assert.ok(await page.getByRole("checkbox", { name: `SIM ${cards(3, 4)[0]}` }).isChecked());
        await page.getByRole("status").filter({ hasText: "10 SIMs bought" }).waitFor({ state: "attached" });
        assert.deepEqual(complaints, []);
      } finally {
        await context.close();
        await emulator.close();
      }
    });
  },
  { short: true },
);

describeInBrowser("a newcomer", (browser) => {
  const program = blocksOf(readPage("README.md")).find(({ text }) =>
    text.includes('SimActivation("cold-chain"'),
  );
  const real = realEngine();
  const engines: Engine[] = [embeddedEngine(), ...(real === undefined ? [] : [real])];
  for (const engine of engines) {
    it(`sees, buys, moves, mends and loses an answer, on ${engine.kind}`, async () => {
      await withTour(engine, program?.text ?? "", async (tour) => {
        const { page, context, complaints } = await browser().window();
        try {
          await page.goto(`http://127.0.0.1:${tour.emulator.port}/`);
          await hour(tour, page);
          assert.deepEqual(complaints, []);
        } finally {
          await context.close();
        }
      });
    });
  }
});

async function hour({ stack, emulator, declare }: Tour, page: Page): Promise<void> {
  const done = async (operation: Promise<RunResult>): Promise<string> => {
    const { ok, text } = await operation;
    assert.ok(ok, text);
    return text;
  };
  const sees = (words: string | RegExp) => page.getByText(words).first().waitFor();

  // The pack.
  await page.getByRole("img", { name: `The pack from ${FIRST}: 150 INACTIVE` }).waitFor();
  await sees("No SIM has been bought yet.");

  // A preview spends nothing; an `up` is seen as it happens: nobody reloads.
  declare(100);
  await done(stack.preview());
  await page.getByRole("row").filter({ hasText: "preview=true" }).first().waitFor();
  await sees("No SIM has been bought yet.");
  await done(stack.up());
  await page.getByRole("img", { name: `The pack from ${FIRST}: 100 LIVE, 50 INACTIVE` }).waitFor();
  await sees("100 SIMs bought, $60.00 charged in all.");
  await page
    .getByRole("row")
    .filter({ hasText: "claim" })
    .filter({ hasText: "100 charged, $60.00" })
    .waitFor();
  await page.getByRole("link", { name: "The whole ledger" }).click();
  await page.getByRole("row").filter({ hasText: "100 activations" }).waitFor();

  // Three SIMs are moved to another plan by hand.
  await page.getByRole("link", { name: "SIMs", exact: true }).click();
  for (const iccid of cards(0, 3)) await page.getByRole("checkbox", { name: `SIM ${iccid}` }).check();
  await page.getByText("Change plan", { exact: true }).click();
  await page.getByLabel("New plan and zone").selectOption({ label: "Pilot 1 MB (75), global: $1.50" });
  await page.getByRole("button", { name: "Change the plan" }).click();
  await sees("3 SIMs were moved to plan 75, zone global.");
  const pilots = page.getByRole("row").filter({ hasText: "Pilot 1 MB" });
  assert.equal(await pilots.count(), 3);

  // The drift is found, named, and mended while the list is looked at.
  await done(stack.refresh({ preview: false }));
  assert.match(await stack.exportText(), /3 SIMs on plan 75 instead of 2096/);
  assert.match(await done(stack.up()), /change the plan of 3 SIMs/);
  await pilots.first().waitFor({ state: "detached" });
  assert.ok(emulator.sims().every(({ plan }) => plan === undefined || plan === PLAN));

  // An answer is lost, and nothing is bought twice.
  await page.getByRole("link", { name: "Faults" }).click();
  await page.getByRole("button", { name: "Drop the answer of the next claim" }).click();
  await sees("Arranged. The next claim: it is carried out, and its answer is lost.");
  declare(150);
  await done(stack.up());
  await page.getByRole("row").filter({ hasText: "The next claim" }).filter({ hasText: "over" }).waitFor();
  await sees("Nothing was bought twice");
  await sees("150 SIMs bought, $90.00 charged in all.");
  await page.getByRole("link", { name: "Requests" }).click();
  await page
    .getByRole("row")
    .filter({ hasText: "no answer" })
    .filter({ hasText: "50 charged, $30.00" })
    .waitFor();
  const { doubleClaims, doubleCharges } = emulator.judgement();
  assert.deepEqual([doubleClaims, doubleCharges], [[], []]);
}
