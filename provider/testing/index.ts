/** What tests work with: a Hologram account on this machine. */
export * from "./emulator";
/** And an engine that runs programs where the Pulumi CLI cannot be had. */
export * from "./engine";
