import * as hologram from "pulumi-hologram";

const fleet = new hologram.SimActivation("meters", {
  simRange: "89445001021983048260-89445001021983048459",
  plan: 2096,
  overageLimit: 5_000_000,
});

export const simCount = fleet.simCount;
