import { countOfSims } from "../fleet/model/money";
import { definePolicy, noSettings } from "./definePolicy";

/**
 * Points out SIMs that are active in the organization already and that a fleet would take over. Often that is meant;
 * it may also be a fleet of another stack, which from then on two stacks manage.
 *
 * The `up` after a crash finds its own SIMs by adopting them, so a mandatory level stops that too: disable the policy
 * for that run. It cannot see adoptions that no preview could count: see no-unverified-preview. No configuration.
 *
 * Level: advisory.
 *
 * @example Policy configuration: not only said, but stopped
 * ```json
 * { "no-adoption": "mandatory" }
 * ```
 */
export const noAdoption = definePolicy({
  name: "no-adoption",
  description: "No fleet takes over SIMs that are active already.",
  level: "advisory",
  config: noSettings,
  judge: ({ name, preview }) => {
    const adopt = preview.kind === "told" ? preview.preview.adopt : 0;
    if (adopt === 0) return undefined;
    const them = adopt === 1 ? "it" : "them";
    return (
      `"${name}" takes over ${countOfSims(adopt)} already active in the organization. ` +
      `Make sure that no other stack declares ${them}, or leave ${them} out of the selection.`
    );
  },
});
