/** Several packs and plans from a CSV file: a pull request that adds a line activates a pack, and its preview says so. */
import { readFileSync } from "node:fs";
import * as hologram from "pulumi-hologram";

const lines = readFileSync("packs.csv", "utf8").trim().split(/\r?\n/);
const packs = lines.map((line) => line.split(",").map((cell) => cell.trim()));

const fleets = packs
  .filter(([name = ""]) => name !== "" && name.toLowerCase() !== "name") // empty lines, and a header where the file has one
  .map(([name = "", first, last, plan, expected]) => {
    return new hologram.SimActivation(name, {
      simRange: `${first}-${last}`,
      plan: Number(plan),
      expectedSims: Number(expected), // as printed on the pack: another number fails the preview
    });
  });

export const summaries = fleets.map(({ preview }) => preview);
export const simCounts = fleets.map(({ simCount }) => simCount);
