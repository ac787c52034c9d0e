/** What people do who have a script already: `@pulumi/command` runs it. */
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { COMMAND_VERSION } from "./commandVersion";
import { declaredParts } from "./declared";

/** The resource of the npm package `@pulumi/command`, without that package: its installation fetches the plugin. */
class Command extends pulumi.CustomResource {
  declare readonly stdout: pulumi.Output<string>;

  constructor(name: string, args: { readonly create: string; readonly triggers: readonly unknown[] }) {
    const outputs = { stdout: undefined, stderr: undefined };
    super(
      "command:local:Command",
      name,
      { ...outputs, ...args, logging: "none" },
      { version: COMMAND_VERSION },
    );
  }
}

const script = join(__dirname, "claimProcess.js");

export const printed = declaredParts().map(([from, to], part) => {
  const create = `"${process.execPath}" "${script}" ${from} ${to}`;
  return new Command(`fleet-${part}`, { create, triggers: [from, to] }).stdout.apply(({ length }) => length);
});
