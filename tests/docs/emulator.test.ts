/** The page about the emulator: its account file is one, its programs run, its tables have every switch and every fault. */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultBehaviour, type Emulator, readStart, startEmulator } from "../../provider/testing/emulator";
import { faultRuleForm } from "../../provider/testing/emulator/faults/faultForms";
import { everything } from "../harness/engine/form";
import { blocksOf, EMULATOR_PAGE, readPage } from "./pages";

const page = readPage(EMULATOR_PAGE);
const blocks = blocksOf(page);
const textOf = (language: string): string => blocks.find((block) => block.language === language)?.text ?? "";

/** Starts the account of the page; `work` gets a folder to put a program in. */
async function withAccount(work: (emulator: Emulator, folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "emulator-page-"));
  try {
    const account = join(folder, "account.json");
    writeFileSync(account, textOf("json"));
    const emulator = await startEmulator(readStart({ account }));
    try {
      await work(emulator, folder);
    } finally {
      await emulator.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs a program with the settings that the emulator prints. */
async function play(
  emulator: Emulator,
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<string> {
  const { url, apiKey, orgId } = emulator;
  const env = { HOLOGRAM_BASE_URL: url, HOLOGRAM_API_KEY: apiKey, HOLOGRAM_ORG_ID: String(orgId) };
  const child = spawn(command, [...args], { cwd, env: { ...process.env, ...env, NO_PROXY: "127.0.0.1" } });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data) => {
      said += String(data);
    });
  }
  const code = await new Promise((ended) => child.once("close", ended));
  assert.equal(code, 0, said);
  return said;
}

function has(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

describe("the page about the emulator", () => {
  it("has an account file that is one", () =>
    withAccount(async (emulator) => {
      assert.deepEqual([emulator.simCount, emulator.apiKey, emulator.orgId], [110, "admin-key", 12345]);
      assert.equal(emulator.sim("89445001021984000000").zone, "us");
    }));

  it("has curl commands that work", async function curl() {
    if (!has("curl", "--version") || !has("bash", "--version")) return this.skip();
    const script = blocks.filter(({ language, text }) => language === "sh" && text.startsWith("curl "));
    assert.equal(script.length, 1);
    return withAccount(async (emulator, folder) => {
      const said = await play(emulator, "bash", ["-euc", script[0]?.text ?? ""], folder);
      assert.match(said, /"name":"Global Flat"/);
      assert.deepEqual(emulator.ledger.length, 2);
      assert.ok(said.endsWith(`${JSON.stringify({ success: true, data: emulator.ledger })}`));
    });
  });

  it("has a Python program that works", async function python() {
    if (!has("python3", "-c", "import sys; sys.exit(sys.version_info < (3, 9))")) return this.skip();
    return withAccount(async (emulator, folder) => {
      writeFileSync(join(folder, "claim.py"), textOf("python"));
      await play(emulator, "python3", ["claim.py"], folder);
      assert.equal(emulator.faults.list()[0]?.played, 1, "the answer was lost");
      assert.equal(emulator.ledger.length, 2);
    });
  });

  it("has a Go program that works", async function go() {
    if (!everything || !has("go", "version")) return this.skip();
    this.timeout(240_000);
    return withAccount(async (emulator, folder) => {
      writeFileSync(join(folder, "claim.go"), textOf("go"));
      await play(emulator, "go", ["run", "claim.go"], folder);
      assert.deepEqual([emulator.ledger.length, emulator.behaviour.settleReads], [1, 1000]);
    });
  });

  it("tells of every switch with its default first, and of every fault", () => {
    const rows = page.text.split("\n").filter((line) => line.startsWith("| `"));
    const switches = Object.entries(defaultBehaviour).flatMap(([name, value]) => {
      const row = rows.find((each) => each.split("|")[1]?.includes(`\`${name}\``));
      const first = row?.split("|")[2]?.includes(String(value ?? ""));
      return row !== undefined && first === true ? [] : [name];
    });
    assert.deepEqual(switches, []);
    const kinds = faultRuleForm.shape.fault.options.map((option) => option.shape.kind.value);
    assert.deepEqual(
      kinds.filter((kind) => !rows.some((row) => row.split("|")[1]?.includes(`\`${kind}\``))),
      [],
    );
  });
});
