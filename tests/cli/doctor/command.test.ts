/** `pulumi-hologram doctor` as a command: lines for people, JSON for programs, and its exit codes. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../../provider/testing/emulator";
import { ended, runWith } from "../../harness/cli/commandLine";
import { writeProgram } from "../../harness/cli/diagnosis";
import { account, card, cards, KEY } from "../../harness/engine/fleetStack";

describe("pulumi-hologram doctor", () => {
  let [folder, emulator]: [string, Emulator | undefined] = ["", undefined];
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "doctor-"));
    writeProgram(folder, "node", process.version);
    writeProgram(folder, "pulumi", "v3.255.0");
    emulator = await startEmulator({ account });
    emulator.addPack({ first: card(0), count: 4, step: 10 });
  });
  after(async () => {
    await emulator?.close();
    rmSync(folder, { recursive: true });
  });

  async function doctor(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
    const usual = { PATH: folder, HOLOGRAM_API_KEY: KEY, HOLOGRAM_BASE_URL: emulator?.url ?? "" };
    const running = runWith({ env: { ...usual, ...env } }, "doctor", ...args);
    return { code: await ended(running), output: running.output(), errors: running.errors() };
  }

  it("says a line for each check, with what to do below it, and that nothing is bad", async () => {
    const { code, output, errors } = await doctor({}, "--sims", cards(0, 2).join());
    assert.deepEqual([code, errors], [0, ""]);
    assert.match(output, /^good {5}Node\.js {8}\d+\.\d+\.\d+$/m);
    assert.match(output, /^warning {2}caps {11}the environment sets no cap .*\n {24}> Set HOLOGRAM_MAX_ACT/m);
    assert.match(output, /^good {5}plans .*\n {24}2096 Global Flat: global \$0\.60$/m);
    assert.match(output, /^good {5}activation {5}2 SIMs can be activated in organization 12345$/m);
    assert.match(output, /\n\nNothing is bad\. 1 warning\. Nothing was changed, and nothing spent\.\n$/);
    assert.ok(!output.includes("\u001b"), "no colors in a pipe");
    assert.deepEqual(emulator?.writes(), []);
  });

  it("shows colors where they are forced, and not with NO_COLOR", async () => {
    const { output } = await doctor({ FORCE_COLOR: "1" });
    assert.ok(output.startsWith("\u001b[32mgood\u001b[39m "), output);
    assert.ok(!(await doctor({ NO_COLOR: "1" })).output.includes("\u001b"));
  });

  it("takes a range as programs write it, with blanks around the bounds", async () => {
    const { code, output } = await doctor({}, "--sim-range", `${card(0)} - ${card(3)}`);
    assert.equal(code, 0);
    assert.match(output, /^good {5}activation {5}4 SIMs can be activated in organization 12345$/m);
  });

  it("ends with 1 where something is bad, and prints JSON", async () => {
    const { code, output } = await doctor({ HOLOGRAM_API_KEY: "wrong" }, "--json");
    assert.equal(code, 1);
    const { verdicts } = JSON.parse(output);
    const found = verdicts.find(({ text }: { text: string }) => text === "Hologram refuses it");
    assert.deepEqual([found.topic, found.level], ["key", "bad"]);
  });

  it("writes a report for an issue", async () => {
    const file = join(folder, "report.json");
    const { code, errors } = await doctor({}, "--report", file);
    assert.equal(code, 0);
    assert.match(errors, /holds the answers, with every number, name and key replaced\. Read it before/);
    const text = readFileSync(file, "utf8");
    assert.ok(JSON.parse(text).answers.length > 5);
    assert.ok(!text.includes(card(0)) && !text.includes(KEY) && !text.includes("Fleet Operations"));
    const again = await doctor({}, "--report", file);
    assert.deepEqual([again.code, again.output], [2, ""]);
    assert.match(again.errors, /report\.json is there already, and was not changed: name a new file\.\n$/);
    assert.equal(readFileSync(file, "utf8"), text);
  });

  it("refuses wrong use with one sentence and exit code 2", async () => {
    for (const [args, words] of [
      [["--sims", `${card(0)},12`], /^--sims: element 2, "12", is not an ICCID: 18 to 22 digits, .*\.$/],
      [["--sims", "8.9445E+19"], /is not an ICCID: a spreadsheet has written it in scientific notation, /],
      [["--sim-range", card(0)], /^--sim-range: "\d+" is not a range; write "first-last", /],
      [["--sim-range", `${card(1)}-${card(0)}`], /^--sim-range: the range ends before it begins: /],
      [["--sims", card(0), "--sim-range", `${card(0)}-${card(1)}`], /^--sims and --sim-range are two ways/],
      [["--report", join(folder, "none", "report.json")], /report\.json cannot be written: ENOENT/],
    ] as const) {
      const { code, output, errors } = await doctor({}, ...args);
      assert.deepEqual([code, output], [2, ""]);
      assert.match(errors.trimEnd(), words);
    }
  });
});
