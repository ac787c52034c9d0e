import type { Props } from "../wire/values";

/**
 * What only the process of the program knows, and the constructor passes beside the inputs. `check` takes it out: kept,
 * it would differ between the two phases of one command, and a saved plan would refuse its own update.
 */
export interface ProgramFacts {
  /** True in the preview phase of a command; undefined where an older package declared the resource. */
  readonly isDryRun: boolean | undefined;
}

export function takeProgramFacts(news: Props): { readonly facts: ProgramFacts; readonly props: Props } {
  const { __dry: dry, ...props } = news;
  return { facts: { isDryRun: typeof dry === "boolean" ? dry : undefined }, props };
}
