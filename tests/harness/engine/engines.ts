/** Defines suites that run on both engines. */
import { type Engine, embeddedEngine } from "../../../provider/testing/engine";
import { everything } from "./form";
import { realEngine } from "./realEngine";

export interface Where {
  /**
   * What the short form plays: the story on the embedded engine (default), or not at all, because other tests there meet
   * the same. The full form plays every story on both engines.
   */
  readonly shortForm?: "embedded" | "none";
}

/** Defines `title` on each engine on which it is to run; for one that is left out, a test says why. */
export function forEachEngine(
  title: string,
  define: (engine: Engine) => void,
  { shortForm = "embedded" }: Where = {},
): void {
  const real = realEngine();
  const embedded = { name: "embedded engine", engine: embeddedEngine() };
  const cli = real === undefined ? undefined : { name: `Pulumi ${real.version}`, engine: real };
  const chosen = { embedded: [embedded], none: [] }[shortForm];
  const run = everything ? [embedded, ...(cli === undefined ? [] : [cli])] : chosen;
  for (const { name, engine } of run) {
    describe(`${title} (${name})`, () => {
      define(engine);
    });
  }
  if (cli === undefined) notRun(title, "on the real engine: the Pulumi CLI was not found");
  else if (!everything) notRun(title, `on ${leftOut[shortForm]}: that is part of the full form`);
}

const leftOut = { embedded: "the real engine", none: "any engine" };

function notRun(title: string, reason: string): void {
  it(`${title}: not run ${reason}`, function skipped() {
    this.skip();
  });
}
