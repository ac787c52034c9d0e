/**
 * A fleet that somebody activated in the dashboard. Dynamic resources cannot be imported: the SIMs are declared, and
 * those that are active already are taken over. The preview says "adopt 40 SIMs", and what it changes on them. Nothing is
 * charged but, for SIMs on a cheaper plan, the upgrade.
 */
import * as hologram from "pulumi-hologram";

const fleet = new hologram.SimActivation(
  "cold-chain",
  {
    simRange: "89445001021983048260-89445001021983048659",
    plan: 2096,
    expectedSims: 40,
    // "matching", the default, refuses SIMs on another plan and names them. "always" changes them to the plan above.
    adopt: "always",
    overageLimit: 5_000_000,
  },
  { protect: true },
);

export const adopted = fleet.preview;
export const simCount = fleet.simCount;
