import type { ProgramSettings } from "../../account/programSettings";
import type { Props } from "./values";

/**
 * Keys that constructors pass beside the inputs. The program loads this file, so it imports types alone.
 *
 * | key | holds |
 * |---|---|
 * | `__provider` | the text that loads the provider; a name of Pulumi's |
 * | `__urn` | the resource's row, for messages |
 * | `__dry`, `__settings` | `ProgramFacts` |
 */
export function machineryOf<U>({ provider, urn }: { readonly provider: string; readonly urn: U }) {
  return { __provider: provider, __urn: urn };
}

/** Outputs that name SIMs: registered as secret nulls where the selection is secret, the engine keeps them secret. */
export const REGISTERED_SECRETS = [
  "iccids",
  "preview",
  "unfinished",
  "lost",
  "__roll",
  "__open",
  "__doubts",
  "__wiped",
  "__packed",
  "__untagged",
] as const;

/** The text that loads the provider, for outputs that the SDK takes as they are. */
export function providerTextIn(props: Props): Props {
  return { __provider: props.__provider };
}

/**
 * What only the process of the program knows. `check` takes it out: kept, it would differ between the two phases of one
 * command, and a saved plan would refuse its own update.
 */
export interface ProgramFacts {
  /** True in the preview phase of a command; undefined where an older package declared the resource. */
  readonly isDryRun: boolean | undefined;
  /** The settings in the program's environment; undefined where an older package declared the resource. */
  readonly settings: ProgramSettings | undefined;
}

export function programFactKeys({ isDryRun, settings }: ProgramFacts) {
  return { __dry: isDryRun, __settings: settings };
}

export function takeProgramFacts(news: Props): { readonly facts: ProgramFacts; readonly props: Props } {
  const { __dry: dry, __settings: settings, ...props } = news;
  const isDryRun = typeof dry === "boolean" ? dry : undefined;
  return { facts: { isDryRun, settings: textsIn(settings) }, props };
}

function textsIn(value: unknown): ProgramSettings | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.fromEntries(Object.entries(value).filter(([, each]) => typeof each === "string"));
}
