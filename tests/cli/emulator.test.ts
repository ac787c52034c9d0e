import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request } from "undici";
import { defaultBehaviour } from "../../provider/testing/emulator";
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

  it("names every switch in its help, with the value it has without one", async () => {
    const help = run("emulator", "--help");
    assert.equal(await ended(help), 0);
    for (const [name, value] of Object.entries(defaultBehaviour)) {
      assert.ok(help.output().includes(`\n  ${name}=${value ?? ""}\n`), name);
    }
  });

  it("says how to come by another port where one is in use", async () => {
    const first = run("emulator", "--port", "0");
    const port = new URL((await exported(first))("HOLOGRAM_BASE_URL")).port;
    try {
      const refused = run("emulator", "--port", port);
      assert.equal(await ended(refused), 2);
      assert.equal(
        refused.errors(),
        `Port ${port} is in use: name another by --port, or let --port 0 take a free one.\n`,
      );
      assert.equal(refused.output(), "");
    } finally {
      first.child.kill("SIGTERM");
      await ended(first);
    }
  });

  const wrong: [string[], string][] = [
    [["emulator", "--prot", "1"], "Unknown option '--prot'. Did you mean --port?\n"],
    [
      ["emulator", "--port", "0", "--pack", "89445001021983048260:3", "--pack", "89445001021983048262:3"],
      "--pack 89445001021983048262:3: some of its cards are in the account already, and others are not.\n",
    ],
    [["emulator", "--port", "80a"], "--port takes a number up to 65535, not 80a.\n"],
    ...[
      ["12:3", "the first is an ICCID of 18 to 22 digits"],
      ["89445001021983048260:0", "the count is a whole number from 1 to 10000000"],
      ["89445001021983048260", "the count is a whole number from 1 to 10000000"],
      ["89445001021983048260:3:x", "the step is a whole number from 1"],
      ["89445001021983048260:3:1:1", "it has three parts at most"],
    ].map(([pack = "", why]): [string[], string] => [
      ["emulator", "--pack", pack],
      `--pack takes first:count[:step], not ${pack}: ${why}.\n`,
    ]),
    [
      ["emulator", "--behaviour", "settleMs=3"],
      `There is no switch settleMs. The switches are ${Object.keys(defaultBehaviour).join(", ")}.\n`,
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
