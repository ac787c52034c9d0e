import * as pulumi from "@pulumi/pulumi";
import { withoutKeys } from "../account/redaction";
import type { ConfigReader } from "../account/settings";
import type { ProviderSettings } from "../resources/provider";
import { thisRun } from "../resources/sdk";

/**
 * Where look-ups ask: the account of an explicit provider, or the program's own. There is one for each in one run of a
 * program, and what was answered is kept by it.
 */
export class Source {
  private constructor(readonly config: ConfigReader) {}

  /** The program's own account: the environment, then stack configuration. */
  static ofProgram(): Source {
    return sourceOf(thisRun(), () => new Source((key) => pulumi.runtime.getConfig(key)));
  }

  /** The account of an explicit provider: its arguments, then the environment, then stack configuration. */
  static ofProvider(provider: pulumi.ProviderResource, settings: ProviderSettings): Source {
    return sourceOf(provider, () => new Source((key) => textOf(settings[key])));
  }

  /** The text without the key. */
  redact(text: string): string {
    return withoutKeys(text, process.env, this.config);
  }
}

const sources = new WeakMap<object, Source>();

function sourceOf(owner: object, make: () => Source): Source {
  const source = sources.get(owner) ?? make();
  sources.set(owner, source);
  return source;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
