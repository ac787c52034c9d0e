/** A program whose fleets come from a file, so that a test changes them between two operations. */
import { readFileSync } from "node:fs";
import { constructFleets, type FleetProgram } from "./declaredFleets";

const program: FleetProgram = JSON.parse(readFileSync(process.env.FLEETS ?? "", "utf8"));
const fleets = constructFleets(program);

const known = program.outputs === false ? [] : [...fleets];
const shown = program.outputs === "previews" ? [] : known;
/** Known during a preview. */
export const previews = Object.fromEntries(known.map(([name, fleet]) => [name, fleet.preview]));
/** Known after an update. */
export const results = Object.fromEntries(
  shown.map(([name, { iccids, deviceIds, linkIds, simCount, unfinished, lost, orgId }]) => [
    name,
    { iccids, deviceIds, linkIds, simCount, unfinished, lost, orgId },
  ]),
);
export const counts = Object.fromEntries([...fleets].map(([name, { simCount }]) => [name, simCount]));
