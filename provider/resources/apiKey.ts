import * as pulumi from "@pulumi/pulumi";

const KEY = "hologram:apiKey";

/**
 * Stack configuration stands in state, in clear text unless it is secret. The provider process cannot tell the two
 * apart (it is handed both unwrapped), so the program does: a key in plain configuration is an error.
 */
export function refusePlainKey(): void {
  if (pulumi.runtime.getConfig(KEY) === undefined || isSecret(KEY)) return;
  throw new pulumi.RunError(
    `${KEY} is in the stack's configuration in clear text, and would stand so in state. Run ` +
      `\`pulumi config set --secret ${KEY}\` and enter the key again; better still, set HOLOGRAM_API_KEY.`,
  );
}

/** The SDK knows (`runtime.isConfigSecret`) and does not say so in its types. An SDK that does not know is believed. */
function isSecret(key: string): boolean {
  const tell: unknown = Reflect.get(pulumi.runtime, "isConfigSecret");
  return typeof tell !== "function" || Boolean(tell(key));
}
