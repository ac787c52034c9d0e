import { hasWork } from "../fleet/plan/preview";
import { definePolicy, noSettings } from "./definePolicy";

/**
 * Points out changes whose preview is not the whole truth: no key, no network, inputs that are known only during the
 * update, a range that Hologram does not count, a plan without a price. Who approves such a change does not know what
 * is activated or what it costs.
 *
 * A fleet with nothing to do is no violation, however its preview was made. At a mandatory level a selection, plan or
 * zone that is an output of a resource not created yet fails the preview: create that one first. No configuration.
 *
 * Level: advisory. Make it mandatory where previews are approved.
 *
 * @example Policy configuration
 * ```json
 * { "no-unverified-preview": "mandatory" }
 * ```
 */
export const noUnverifiedPreview = definePolicy({
  name: "no-unverified-preview",
  description: "The preview of every change tells what is activated and what it costs.",
  level: "advisory",
  config: noSettings,
  judge: ({ name, preview }) => {
    const reason =
      preview.kind !== "told"
        ? preview.reason
        : hasWork(preview.preview)
          ? preview.preview.unverified
          : undefined;
    if (reason === undefined) return undefined;
    return (
      `the preview of "${name}" is not verified: ${reason}. ` +
      "Preview again with a key, a network and inputs that are known beforehand."
    );
  },
});
