import type { ProgramSettings } from "../../account/programSettings";
import type { Props } from "../wire/values";

/**
 * What only the process of the program knows, and the constructor passes beside the inputs. `check` takes it out: kept,
 * it would differ between the two phases of one command, and a saved plan would refuse its own update.
 */
export interface ProgramFacts {
  /** True in the preview phase of a command; undefined where an older package declared the resource. */
  readonly isDryRun: boolean | undefined;
  /** The settings in the program's environment; undefined where an older package declared the resource. */
  readonly settings: ProgramSettings | undefined;
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
