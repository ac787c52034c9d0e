import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import { PREVIEWED, previewIn } from "../dynamic/wire/previewInput";
import { isUnknown, type Props } from "../dynamic/wire/values";
import { isVerified, type Preview, type UnverifiedPreview } from "../fleet/plan/preview";

/** One fleet as a policy sees it. */
export interface SeenFleet {
  readonly name: string;
  readonly urn: string;
  readonly protect: boolean;
  readonly preview: SeenPreview;
  /** The input (in a stack policy: the output), if it is declared and known. */
  input(name: string): unknown;
  /** True if the value is known only during the update, when the policy is asked again. */
  isLater(name: string): boolean;
}

/** The `preview` of a fleet, or why there is none. */
type SeenPreview =
  /** Its counts are an upper bound of the change, even if it carries `unverified`. */
  | { readonly kind: "told"; readonly preview: Preview }
  /** Some inputs are outputs of other resources: the update previews them before anything is sent. */
  | { readonly kind: "later"; readonly reason: string }
  /** No key, or no network. The update may have neither as well. `preview`: what could be told all the same. */
  | { readonly kind: "untold"; readonly reason: string; readonly preview: Partial<UnverifiedPreview> };

/** A fleet as the policy host hands it over: inputs in a resource policy, outputs in a stack policy. */
export function seenFleet({ name, urn, opts, props }: ResourceValidationArgs | PolicyResource): SeenFleet {
  const values = valuesOf(props);
  return {
    name,
    urn,
    protect: opts.protect,
    preview: seenPreview(values),
    input: (input) => (isUnknown(values[input]) ? undefined : values[input]),
    isLater: (input) => isUnknown(values[input]),
  };
}

/**
 * The raw values. `@pulumi/policy` wraps them in a proxy that throws when an unknown value is read, and then skips the
 * whole policy in the preview, even if the other inputs would be enough to judge by. Descriptors are not wrapped.
 */
function valuesOf(props: object): Props {
  const descriptors = Object.entries(Object.getOwnPropertyDescriptors(props));
  return Object.fromEntries(descriptors.map(([name, { value }]): [string, unknown] => [name, value]));
}

function seenPreview(values: Props): SeenPreview {
  const preview = previewIn(values);
  if (preview !== undefined && isVerified(preview)) return { kind: "told", preview };
  const unknown = [...PREVIEWED, "preview"].filter((name) => isUnknown(values[name]));
  if (unknown.length > 0) {
    return { kind: "later", reason: `not known before the update: ${unknown.join(", ")}` };
  }
  return {
    kind: "untold",
    reason: preview?.unverified ?? "the inputs carry no preview",
    preview: preview ?? {},
  };
}
