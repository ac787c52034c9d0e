/** What programs import: resources, look-ups, and their types. */
import { refuseOldNode } from "./util/nodeVersion";

// Before the rest is loaded, parts of which an older Node.js cannot load.
refuseOldNode("the program");

export type { Preview, UnverifiedPreview } from "./fleet/plan/preview";
export * from "./lookups";
export { DeviceTag, type DeviceTagArgs } from "./resources/deviceTag";
export { Provider, type ProviderArgs } from "./resources/provider";
export { type Order, SimActivation, type SimActivationArgs, type SimDevice } from "./resources/simActivation";
