/** `npm start`: the tour runs to its end on either engine, says which, and leaves nothing behind. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { type Finished, finished } from "../harness/engine/finished";
import { everything } from "../harness/engine/form";
import { realEngine } from "../harness/engine/realEngine";
import { sideBySide } from "../lifecycle/sideBySide";

const root = resolve(__dirname, "../../..");

describe("the quickstart", function () {
  this.timeout(480_000);
  const scenario = sideBySide();

  const real = realEngine();

  // CI tours, and whoever runs `npm start`.
  const long = everything ? scenario : it.skip;
  long("runs on the embedded engine where the CLI cannot be had", () =>
    inFolder(async (folder) => {
      const empty = join(folder, "empty");
      mkdirSync(empty);
      const { code, text } = await tour(folder, { PATH: empty, PULUMI_HOME: empty });
      assert.equal(code, 0, text);
      assert.match(text, /Running on the embedded engine \(the Pulumi CLI is not here/);
      assert.match(text, /Policies and saved plans need the Pulumi CLI: this engine goes on without them\./);
      assertWholeTour(text, ["1 156 $90.00"]);
    }),
  );

  if (real === undefined) {
    it("not run on the real engine: the Pulumi CLI was not found", function skipped() {
      this.skip();
    });
    return;
  }
  long(`runs on Pulumi ${real.version}`, () =>
    inFolder(async (folder) => {
      const path = [join(root, "node_modules/.bin"), process.env.PATH].join(delimiter);
      const { code, text } = await tour(folder, { PATH: path });
      assert.equal(code, 0, text);
      assert.match(text, /Running on the Pulumi CLI v?3\.\d+\.\d+/);
      // Stopped by the policy, then saved, then applied.
      assertWholeTour(text, ["0 106 $60.00", "0 106 $60.00", "1 156 $90.00"]);
      assert.match(text, /\[mandatory\] +largest-activation .*fleet\)/);
      assert.match(text, /"fleet" activates 50 SIMs in one change; at most 40 are allowed/);
      assert.match(text, /Update plan written to '.*plan\.json'/);
    }),
  );
});

/** What each step of the tour tells about the account, `growth` of those that grow the fleet, and that it ended well. */
function assertWholeTour(text: string, growth: readonly string[]): void {
  assert.match(
    text,
    /activate 100 SIMs on Global Flat \(2096, global\): about \$60\.00 now, \$60\.00\/month/,
  );
  assert.deepEqual(
    [...text.matchAll(/(\d+) requests, (\d+) of them claims\. Ledger: (\d+) charges, (\S+) in all/g)].map(
      (step) => step.slice(2).join(" "),
    ),
    [
      ...["0 0 $0.00", "1 100 $60.00", "0 100 $60.00"],
      // Moved by hand, found, and changed back: at the price of such a change, which is nothing here.
      ...["0 103 $60.00", "0 106 $60.00"],
      ...growth,
      ...["0 156 $90.00", "0 156 $90.00"],
    ],
  );
  assert.match(text, /The account saw 0 requests, 0 of them claims\. Ledger: 100 charges/);
  assert.match(text, /firstDevices: \[\{"deviceId":\d+,"iccid":"89445001021983048260","linkId":\d+\},/);
  assert.match(text, /Look at the account in a browser: http:\/\/127\.0\.0\.1:\d+\/\n/);
  assert.match(text, /change the plan of 3 SIMs/);
  assert.match(text, /no telling what became of the claim of 50 SIMs/);
  assert.match(text, /30 SIMs paused, still billed/);
  assert.match(text, /120 SIMs paused, still billed/);
  assert.match(text, /Done\. Nothing is left running\./);
  assert.doesNotMatch(text, /emulated-admin-key|^\s+at .*:\d+:\d+\)?$/m);
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "quickstart-"));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the tour; afterwards no process and no file of it may be left. */
async function tour(folder: string, env: Readonly<Record<string, string>>): Promise<Finished> {
  const mark = randomUUID();
  const temporary = join(folder, "temporary");
  mkdirSync(temporary);
  const run = await finished(process.execPath, [join(root, "dist/examples/quickstart/tour.js")], {
    cwd: root,
    env: {
      NODE_COMPILE_CACHE: join(tmpdir(), "node-compile-cache"),
      ...process.env,
      ...env,
      TMPDIR: temporary,
      TOUR_OF: mark,
    },
  });
  assert.deepEqual(processesWith(mark), []);
  assert.deepEqual(
    readdirSync(temporary).filter((name) => name.startsWith("hologram-tour")),
    [],
  );
  return run;
}

/** Command lines of the processes whose environment holds the mark, as far as this machine tells. */
function processesWith(mark: string): string[] {
  const ids = existsSync("/proc") ? readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : [];
  return ids.flatMap((id) => {
    try {
      const marked = readFileSync(`/proc/${id}/environ`, "utf8").includes(mark);
      return marked ? [readFileSync(`/proc/${id}/cmdline`, "utf8")] : [];
    } catch {
      // Gone meanwhile, or another user's.
      return [];
    }
  });
}
