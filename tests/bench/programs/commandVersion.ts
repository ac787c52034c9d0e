/** Version of `@pulumi/command` whose plugin is measured: `pulumi plugin install resource command 1.2.1` gets it. */
export const COMMAND_VERSION = "1.2.1";
