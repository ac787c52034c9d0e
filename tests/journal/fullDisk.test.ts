import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { withFolder } from "../harness/account/journalFolder";

const script = join(__dirname, "processes", "fullDisk.js");

/** Runs a process that may write files of so many blocks. */
function run(folder: string, blocks: number): string[] {
  const limited = `ulimit -f ${blocks}; exec "${process.execPath}" "${script}" "${folder}"`;
  const { status, stdout, stderr } = spawnSync("sh", ["-c", limited], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return stdout.trimEnd().split("\n");
}

describe("a disk that is full", () => {
  it("does not stop a run, and what its process knows holds on: doubts, the end of claims, caps", () =>
    withFolder((folder) => {
      const known = ["claimed true", "second fleet stopped", "doubts 3", "spent 5 of 5"];
      // The files are there before the disk is full.
      assert.deepEqual(run(folder, 100_000), [...known, "isKept true"]);
      const lines = run(folder, 1);
      assert.deepEqual(lines.slice(0, -1), [...known, "isKept false"]);
      assert.match(lines.at(-1) ?? "", /^remark the journal of claims cannot be written \(/);
    }));
});
