/** What the layers above use of the API client. */

export { type Clock, systemClock } from "../util/clock";
export { DEFAULT_BASE_URL } from "./baseUrl";
export { Hologram } from "./client";
export * from "./errors";
export type * from "./model";
export type { HologramOptions, Limits } from "./options";
export { REDACTED, Redactor } from "./redact";
export type { Wait } from "./requests";
export type { Balance, Tag } from "./schemas/account";
