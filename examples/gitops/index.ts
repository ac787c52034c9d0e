import * as hologram from "pulumi-hologram";

// Grow the fleet by its range, in a pull request: the preview that is commented there is what the merge applies.
const fleet = new hologram.SimActivation("cold-chain", {
  simRange: "89445001021983048260-89445001021983049259",
  plan: 2096,
  onRelease: "pause",
});

export const preview = fleet.preview;
export const simCount = fleet.simCount;
