import * as pulumi from "@pulumi/pulumi";
import * as hologram from "pulumi-hologram";

const config = new pulumi.Config();

// A pack of SIMs, by the first and last number printed on it. Activating a SIM charges at once:
// `pulumi preview` tells what, and for how much, before anything is spent.
const fleet = new hologram.SimActivation("fleet", {
  simRange: config.require("simRange"),
  plan: config.requireNumber("plan"),
  onRelease: "pause",
});

export const simCount = fleet.simCount;
export const summary = fleet.preview.apply((preview) =>
  "summary" in preview ? preview.summary : preview.unverified,
);
// The devices of the first SIMs; `fleet.devices` holds all of them, which is a lot to print.
export const firstDevices = fleet.devices.apply((devices) => devices.slice(0, 3));
