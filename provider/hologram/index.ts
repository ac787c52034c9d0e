/** What the layers above use of the API client. */

export { Hologram } from "./client";
export * from "./errors";
export type * from "./model";
export type { HologramOptions } from "./options";
export { REDACTED, Redactor } from "./redact";
export type { Wait } from "./requests";
export type { Tag } from "./schemas/organizationSchemas";
