/** Several packs and plans from a CSV file: a pull request that adds a line activates a pack. */
import { readFileSync } from "node:fs";
import * as hologram from "pulumi-hologram";

const [header = "", ...lines] = readFileSync("packs.csv", "utf8").trim().split("\n");
const columns = header.split(",");

const fleets = lines.map((line) => {
  const values = line.split(",");
  const pack = Object.fromEntries(columns.map((column, i) => [column, values[i] ?? ""]));
  return new hologram.SimActivation(`${pack.name}`, {
    simRange: `${pack.first}-${pack.last}`,
    plan: Number(pack.plan),
    expectedSims: Number(pack.expected), // as printed on the pack: another number fails the preview
  });
});

export const summaries = fleets.map(({ preview }) => preview);
export const simCounts = fleets.map(({ simCount }) => simCount);
