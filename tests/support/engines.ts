/** Defines suites that run on both engines. */
import { type Engine, embeddedEngine } from "../../provider/testing/engine";
import { realEngine } from "./realEngine";

/** Defines `title` on the embedded engine, and on the real one where the Pulumi CLI is there; else one test says so. */
export function forEachEngine(title: string, define: (engine: Engine) => void): void {
  describe(`${title} (embedded engine)`, () => {
    define(embeddedEngine());
  });

  const real = realEngine();
  if (real === undefined) {
    it(`${title}: not run on the real engine: the Pulumi CLI was not found`, function skipped() {
      this.skip();
    });
    return;
  }
  describe(`${title} (Pulumi ${real.version})`, () => {
    define(real);
  });
}
