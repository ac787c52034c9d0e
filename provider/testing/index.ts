/** What tests work with: a Hologram account on this machine. */
import { refuseOldNode } from "../util/nodeVersion";

// Before the rest is loaded, parts of which an older Node.js cannot load.
refuseOldNode("the test");

export * from "./emulator";
/** And an engine that runs programs where the Pulumi CLI cannot be had. */
export * from "./engine";
