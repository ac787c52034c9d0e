import { definePolicy, noSettings } from "./definePolicy";

/**
 * Points out fleets without the resource option `protect`, which stops `pulumi destroy`, the removal of the resource
 * from the program, and a replacement. It does not stop a smaller selection: policy largest-release. No configuration.
 *
 * Level: advisory.
 *
 * @example Policy configuration
 * ```json
 * { "protect-required": "mandatory" }
 * ```
 */
export const protectRequired = definePolicy({
  name: "protect-required",
  description: "Every fleet is protected from deletion.",
  level: "advisory",
  config: noSettings,
  judge: ({ name, protect }) =>
    protect
      ? undefined
      : `"${name}" is not protected from deletion. Pass { protect: true } as its resource options.`,
});
