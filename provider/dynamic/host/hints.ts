import type { Settings } from "../../account/settings";
import type { Hints } from "../../fleet/run/context";

/** What to do next, in Pulumi's words. */
export function hintsFor(_settings: Settings): Hints {
  return {
    capNames: {
      maxActivations: "hologram:maxActivations",
      maxDueNow: "hologram:maxDueNow",
      maxDeactivations: "hologram:maxDeactivations",
    },
    lookAgain: "run `pulumi refresh`, then `pulumi preview`",
    goOn: "run `pulumi up` again to go on",
    goOnAfter: (time) => `run \`pulumi up\` after ${time} to go on; before that it only reads`,
    endDoubt: "run `HOLOGRAM_CLAIM_SETTLE_SECONDS=0 pulumi destroy`",
    runWhole: "run a full `pulumi up`",
    maxActivations: (needed) => raise("maxActivations", "HOLOGRAM_MAX_ACTIVATIONS", needed),
    maxDueNow: (needed) => raise("maxDueNow", "HOLOGRAM_MAX_DUE_NOW", needed),
    withoutMaxDueNow: () => "remove hologram:maxDueNow (HOLOGRAM_MAX_DUE_NOW)",
    maxDeactivations: (needed) =>
      `run \`pulumi config set hologram:maxDeactivations ${needed}\` before an update, or set ` +
      `HOLOGRAM_MAX_DEACTIVATIONS=${needed} for a destroy`,
  };
}

function raise(name: string, variable: string, needed: number): string {
  return `run \`pulumi config set hologram:${name} ${needed}\` (or set ${variable}=${needed}, where it comes from the environment)`;
}
