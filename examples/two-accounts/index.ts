/** Two accounts in one program: each provider has its own key, and each fleet says which one is its own. */
import * as pulumi from "@pulumi/pulumi";
import * as hologram from "pulumi-hologram";

const config = new pulumi.Config();
const europe = new hologram.Provider("europe", { apiKey: config.requireSecret("europeKey") });
const america = new hologram.Provider("america", { apiKey: config.requireSecret("americaKey") });

const meters = new hologram.SimActivation(
  "meters",
  { simRange: "89445001021983048260-89445001021983048359", plan: 2096 },
  { provider: europe },
);
const trackers = new hologram.SimActivation(
  "trackers",
  { simRange: "89445001021983148260-89445001021983148359", plan: 2096, overageLimit: 5_000_000 },
  { provider: america },
);

export const simCounts = [meters.simCount, trackers.simCount];
export const organizations = [meters.orgId, trackers.orgId];
