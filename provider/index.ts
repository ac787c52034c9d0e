/** What programs import: resources and their types. */
export type { Preview, UnverifiedPreview } from "./fleet/preview";
export { Provider, type ProviderArgs } from "./resources/provider";
export { type Order, SimActivation, type SimActivationArgs, type SimDevice } from "./resources/simActivation";
