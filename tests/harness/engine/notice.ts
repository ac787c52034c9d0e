/** Says after a run on which engines the tests of whole programs ran, and what a short run left out. */
import { everything } from "./form";
import { realEngine } from "./realEngine";

export function mochaGlobalTeardown(): void {
  const real = realEngine();
  const engines =
    real === undefined
      ? "Whole programs ran on the embedded engine only: the Pulumi CLI was NOT FOUND, so no test ran on the real engine."
      : `Whole programs ran on the embedded engine and on Pulumi ${real.version}.`;
  const form = everything ? "" : "\n  Short form; `HOLOGRAM_TESTS=all npm test` also runs what takes long.";
  process.stdout.write(`\n\n  ${engines}${form}\n`);
}
