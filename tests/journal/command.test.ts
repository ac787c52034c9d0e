import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { CommandProgram } from "../../provider/dynamic/host/commandProgram";
import { CommandNotes, phaseOf } from "../../provider/journal/commandNotes";
import { withFleet } from "../harness/provider/providerFleet";
import type { FleetHarness } from "../harness/provider/providerHarness";

const ENDPOINT = { PULUMI_LOG_OTLP_ENDPOINT: "127.0.0.1:40001" };

/** Stands for the CLI: a process of that name, with a launcher between it and each process that it starts. */
const CLI = `#!/bin/sh
for each in "$@"; do
  sh -c '"$0" "$@"; exit $?' "$NODE" "$OPERATION" $each
done
`;

describe("the processes of one command", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "hologram-cli-"));
    writeFileSync(join(folder, "pulumi"), CLI);
    chmodSync(join(folder, "pulumi"), 0o755);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** One command: its processes one after the other. Returns the line of each. */
  async function command(
    { environment }: FleetHarness,
    operations: readonly string[],
    more: Readonly<Record<string, string>> = {},
  ): Promise<string[]> {
    const places = { NODE: process.execPath, OPERATION: join(__dirname, "processes", "operation.js") };
    const env = { PATH: process.env.PATH, ...environment, ...places, ...more };
    const { stdout } = await promisify(execFile)(join(folder, "pulumi"), operations, { env });
    return stdout.split("\n").flatMap((line) => /^operation: (.*)$/.exec(line)?.[1] ?? []);
  }

  // The engine's address comes last; nobody listens there.
  const engines = ["127.0.0.1:9", "127.0.0.1:11"];
  const [preview, update] = engines;

  it("take nothing that a program has noted under the address of the engine before the command began", () => {
    const [notes, begun] = [new CommandNotes(folder, phaseOf("127.0.0.1:9")), Date.now()];
    const isWhole = () => new CommandProgram(folder, undefined, "127.0.0.1:9", begun).inUpdate("a").isWhole();
    notes.write({ kind: "end", isPreview: true, atMs: begun - 10_000 });
    assert.equal(isWhole(), false);
    notes.write({ kind: "end", isPreview: true, atMs: begun + 10_000 });
    assert.equal(isWhole(), true);
  });

  for (const [what, endpoint] of [
    ["with the endpoint of the CLI", ENDPOINT],
    ["without it", {}],
  ] as const) {
    describe(what, () => {
      it("share their caps, in the preview and in the update", () =>
        withFleet({}, async (fleet) => {
          fleet.environment.HOLOGRAM_MAX_ACTIVATIONS = "10";
          const [, second] = await command(
            fleet,
            [`preview a 8 0 ${preview}`, `preview b 8 20 ${preview}`],
            endpoint,
          );
          assert.match(second ?? "", /^this run would activate 16 SIMs/);
          const lines = await command(fleet, [`up a 8 0 ${update}`, `up b 8 20 ${update}`], endpoint);
          assert.equal(lines[0], "holds 8");
          assert.match(lines[1] ?? "", /this run would activate 16 SIMs/);
          assert.equal(fleet.emulator.ledger.length, 8);
        }));

      it("are bound in the update to what the preview told", () =>
        withFleet({}, async (fleet) => {
          const lines = await command(fleet, [`preview a 3 0 ${preview}`, `up a 5 0 ${update}`], endpoint);
          assert.equal(lines[0], "told");
          assert.match(lines[1] ?? "", /since the preview: activate 2 more/);
          assert.deepEqual(fleet.emulator.ledger, []);
        }));

      it("know in the update that the preview has seen the whole program", () =>
        withFleet({}, async (fleet) => {
          const known = `known a 0 0 ${update}`;
          const lines = await command(
            fleet,
            [`program a 3 0 ${preview}`, `preview a 3 0 ${preview}`, known],
            endpoint,
          );
          assert.deepEqual(lines, ["announced", "told", "whole true"]);
          assert.deepEqual(await command(fleet, [known], endpoint), ["whole false"]);
        }));

      it("take nothing of another command for their own, whose addresses were the same", () =>
        withFleet({}, async (fleet) => {
          fleet.environment.HOLOGRAM_MAX_ACTIVATIONS = "10";
          const own = (name: string, from: number) => `up ${name} 6 ${from} ${update}`;
          assert.deepEqual(await command(fleet, [own("a", 0)], endpoint), ["holds 6"]);
          // What it spent, and what its preview told.
          assert.deepEqual(await command(fleet, [own("b", 10)], endpoint), ["holds 6"]);
          assert.deepEqual(await command(fleet, [`preview c 3 20 ${update}`], endpoint), ["told"]);
          assert.deepEqual(await command(fleet, [own("c", 20)], endpoint), ["holds 6"]);
        }));
    });
  }
});
