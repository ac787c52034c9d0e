import { howToSet, type Settings } from "../../account/settings";
import type { Hints } from "../../fleet/run/context";

/** How the account is read anew. */
export const REFRESH = "run `pulumi refresh`";

/** What to do next, in Pulumi's words. */
export function hintsFor(settings: Settings): Hints {
  return {
    capNames: {
      maxActivations: "hologram:maxActivations",
      maxDueNow: "hologram:maxDueNow",
      maxDeactivations: "hologram:maxDeactivations",
    },
    lookAgain: `${REFRESH}, then \`pulumi preview\``,
    goOn: "run `pulumi up` again to go on",
    goOnAfter: (time) => `run \`pulumi up\` after ${time} to go on; before that it only reads`,
    endDoubt:
      "run the same with HOLOGRAM_CLAIM_SETTLE_SECONDS=0 (`HOLOGRAM_CLAIM_SETTLE_SECONDS=0 pulumi destroy`)",
    runWhole: "run a full `pulumi up`",
    maxActivations: (needed) => howToSet(settings, "maxActivations", needed),
    maxDueNow: (needed) => howToSet(settings, "maxDueNow", needed),
    withoutMaxDueNow: () => "remove hologram:maxDueNow (HOLOGRAM_MAX_DUE_NOW)",
    maxDeactivations: (needed) => {
      const forUpdate = howToSet(settings, "maxDeactivations", needed);
      // A destroy is given the configuration of the last `up`.
      const forDestroy = `set HOLOGRAM_MAX_DEACTIVATIONS=${needed}`;
      return forUpdate === forDestroy
        ? forUpdate
        : `${forUpdate} before an update, or ${forDestroy} for a destroy`;
    },
  };
}
