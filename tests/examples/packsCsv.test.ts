import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../harness/provider/providerProcess";

const packs = [
  "north,89445001021983048260,89445001021983048659,2096,40",
  "south,89445001021983048660,89445001021983048859,75,20",
];
const header = "name,first,last,plan,expected";

/** How many fleets the example declares, under Pulumi's mocks, beside a file of these lines. */
function fleetsOf(lines: readonly string[]): number {
  const folder = mkdtempSync(join(tmpdir(), "packs-"));
  try {
    writeFileSync(join(folder, "packs.csv"), `${lines.join("\n")}\n`);
    const script = `
      const pulumi = require("@pulumi/pulumi");
      pulumi.runtime.setMocks({ newResource: ({ name, inputs }) => ({ id: name, state: inputs }), call: () => ({}) });
      process.chdir(${JSON.stringify(folder)});
      console.log(require(${JSON.stringify(join(ROOT, "dist/examples/packs-csv/index.js"))}).summaries.length);`;
    return Number(execFileSync(process.execPath, ["-e", script], { cwd: ROOT, encoding: "utf8" }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("the example of packs in a CSV file", () => {
  it("declares every line, whether the file has a header or not", () => {
    assert.equal(fleetsOf([header, ...packs]), 2);
    assert.equal(fleetsOf(packs), 2);
  });
});
