/** eSIMs by EID. Hologram is asked which SIMs the EIDs belong to, and exactly those are activated, by name. */
import * as hologram from "pulumi-hologram";

const fleet = new hologram.SimActivation("gateways", {
  eidRange: "89044045000000000000000000000001-89044045000000000000000000000020",
  plan: 2096,
  expectedSims: 20,
  waitForLiveSeconds: 300, // a time-out warns and does not fail
});

export const iccids = fleet.iccids;
export const deviceIds = fleet.deviceIds;
