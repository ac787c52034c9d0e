/** A program that buys a plan it knows by name. What is declared comes from a file, as in `fleets.ts`. */
import { readFileSync } from "node:fs";
import * as hologram from "pulumi-hologram";

export interface LookedUp {
  readonly plan: string;
  readonly simRange: string;
  /** True: nobody waits for the plan but the fleet. Otherwise the program itself does. */
  readonly output: boolean;
}

const { plan: name, simRange, output }: LookedUp = JSON.parse(readFileSync(process.env.FLEETS ?? "", "utf8"));

const plan = output ? hologram.getPlanOutput({ name }).id : hologram.getPlan({ name }).then(({ id }) => id);
const fleet = new hologram.SimActivation("fleet", { simRange, plan });
const sims = hologram.getSimsOutput({ simRange: fleet.simRange, state: "LIVE" }, { dependsOn: fleet });

export const previews = { fleet: fleet.preview };
export const planId = plan;
export const live = sims.apply((found) => found.map(({ iccid }) => iccid));
export const balance = hologram
  .getBalanceOutput({}, { dependsOn: fleet })
  .apply((found) => found?.balanceText);
