import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request } from "undici";
import { ended, type Run, run } from "../harness/cli/commandLine";
import { at, basic } from "../testing/emulator/client";

/** Waits for the lines to export, and reads them. */
async function exported(started: Run): Promise<(name: string) => string> {
  while (!started.output().includes("Interrupt to stop.")) {
    assert.equal(started.child.exitCode, null, started.errors());
    await new Promise((resolve) => started.child.stdout?.once("data", resolve));
  }
  return (name) => new RegExp(`export ${name}=(\\S+)`).exec(started.output())?.[1] ?? "";
}

describe("pulumi-hologram emulator", () => {
  it("runs an account that survives a restart, and stops cleanly on SIGINT and SIGTERM", async () => {
    const folder = mkdtempSync(join(tmpdir(), "emulator-cli-"));
    try {
      const args = [
        "emulator",
        "--port",
        "0",
        "--state",
        join(folder, "a.json"),
        "--pack",
        "89445001021983048260:3:10",
      ];
      for (const signal of ["SIGINT", "SIGTERM"] as const) {
        const started = run(...args);
        const value = await exported(started);
        const reply = await request(
          `${value("HOLOGRAM_BASE_URL")}/links/cellular?orgid=${value("HOLOGRAM_ORG_ID")}`,
          {
            headers: { authorization: basic(value("HOLOGRAM_API_KEY")) },
          },
        );
        assert.equal(at(await reply.body.json(), "size"), 3);
        started.child.kill(signal);
        assert.equal(await ended(started), 0);
        assert.equal(started.errors(), "");
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  const wrong: [string[], string][] = [
    [["emulator", "--prot", "1"], "Unknown option '--prot'. Did you mean --port?\n"],
    [["emulator", "--port", "80a"], "--port takes a number up to 65535, not 80a.\n"],
    [
      ["emulator", "--pack", "12:3"],
      "--pack takes first:count[:step] with an ICCID of 18 to 22 digits, not 12:3.\n",
    ],
  ];
  for (const [args, sentence] of wrong) {
    it(`refuses [${args.join(" ")}] with one sentence and code 2`, async () => {
      const refused = run(...args);
      assert.equal(await ended(refused), 2);
      assert.equal(refused.errors(), sentence);
      assert.equal(refused.output(), "");
    });
  }
});
