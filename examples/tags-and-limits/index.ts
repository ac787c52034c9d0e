/**
 * A fleet with a tag and limits. The plan is looked up by its name, so that nobody has to know its id; the tag is a
 * resource of its own, so that several fleets can share it. Every limit that is declared is set with the claim, watched
 * by `pulumi refresh`, and set again after a change of plan, by which Hologram wipes it.
 */
import * as hologram from "pulumi-hologram";

const plan = hologram.getPlanOutput({ name: "Global Flat" });
const winter = new hologram.DeviceTag("winter", { name: "winter 2026" });

const MB = 1_000_000;

const trucks = new hologram.SimActivation("trucks", {
  simRange: "89445001021983048260-89445001021983048659",
  plan: plan.id,
  expectedSims: 40,
  tagId: winter.tagId, // not known before the first update, and the preview counts all the same
  threshold: 4 * MB, // an alert
  overageLimit: 5 * MB, // the SIM is cut off
  smsLimit: 10, // per billing cycle; Hologram's own default is 100
});

export const tagId = winter.tagId;
export const simCount = trucks.simCount;
export const preview = trucks.preview;
