/** A program that buys a plan it knows by name. What is declared comes from a file, as in `fleets.ts`. */
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import * as hologram from "pulumi-hologram";

export interface LookedUp {
  readonly plan: string;
  readonly simRange: string;
  /** True: nobody waits for the plan but the fleet. Otherwise the program itself does. */
  readonly output: boolean;
  /** True: the fleet stands in a component, and the look-ups wait for that. */
  readonly component?: boolean;
}

const declared: LookedUp = JSON.parse(readFileSync(process.env.FLEETS ?? "", "utf8"));
const { plan: name, simRange, output, component = false } = declared;

class Site extends pulumi.ComponentResource {}

const site = component ? new Site("tests:index:Site", "site") : undefined;

const plan = output ? hologram.getPlanOutput({ name }).id : hologram.getPlan({ name }).then(({ id }) => id);
const fleet = new hologram.SimActivation("fleet", { simRange, plan }, site && { parent: site });
const dependsOn = site ?? fleet;
const sims = hologram.getSimsOutput({ simRange: fleet.simRange, state: "LIVE" }, { dependsOn });

export const previews = { fleet: fleet.preview };
export const planId = plan;
export const live = sims.apply((found) => found.map(({ iccid }) => iccid));
export const balance = hologram.getBalanceOutput({}, { dependsOn }).apply((found) => found?.balanceText);
