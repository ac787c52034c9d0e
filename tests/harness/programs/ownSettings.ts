/** A program that loads settings for itself, as `dotenv` would from a `.env` file. */
import { readFileSync } from "node:fs";
import * as hologram from "pulumi-hologram";

const { settings, fleet }: { settings: Record<string, string>; fleet: hologram.SimActivationArgs } =
  JSON.parse(readFileSync(process.env.FLEETS ?? "", "utf8"));
Object.assign(process.env, settings);

export const { preview } = new hologram.SimActivation("fleet", fleet);
