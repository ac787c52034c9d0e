/** Two sites, each a tag and a fleet. A new site is four lines; its preview counts its own SIMs on its own row. */
import { Site } from "./site";

const hamburg = new Site("hamburg", {
  simRange: "89445001021983048260-89445001021983048659",
  expectedSims: 40,
  plan: 2096,
});
const rotterdam = new Site("rotterdam", {
  simRange: "89445001021983048660-89445001021983048859",
  expectedSims: 20,
  plan: 2096,
  overageLimit: 20_000_000,
});

export const simCounts = { hamburg: hamburg.simCount, rotterdam: rotterdam.simCount };
export const tagIds = { hamburg: hamburg.tagId, rotterdam: rotterdam.tagId };
// A few of them: what a stack exports is printed by every `pulumi up`. The list for the field: `pulumi-hologram devices`.
export const firstDevices = hamburg.devices.apply((devices) => devices.slice(0, 3));
