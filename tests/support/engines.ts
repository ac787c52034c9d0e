/** Defines suites that run on both engines. */
import { type Engine, embeddedEngine } from "../../provider/testing/engine";
import { everything } from "./form";
import { realEngine } from "./realEngine";

export interface Where {
  /** On the real engine in the short form too, where otherwise the embedded one stands for it. */
  readonly inBothForms?: boolean;
}

/**
 * Defines `title` on the embedded engine, and, in the full form, on the real one where the Pulumi CLI is there; else one
 * test says so.
 */
export function forEachEngine(
  title: string,
  define: (engine: Engine) => void,
  { inBothForms = false }: Where = {},
): void {
  describe(`${title} (embedded engine)`, () => {
    define(embeddedEngine());
  });

  const real = realEngine();
  if (real === undefined) {
    notRun(title, "the Pulumi CLI was not found");
  } else if (!inBothForms && !everything) {
    notRun(title, "that is part of the full form (HOLOGRAM_TESTS=all)");
  } else {
    describe(`${title} (Pulumi ${real.version})`, () => {
      define(real);
    });
  }
}

function notRun(title: string, reason: string): void {
  it(`${title}: not run on the real engine: ${reason}`, function skipped() {
    this.skip();
  });
}
