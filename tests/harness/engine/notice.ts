/** Says after a run what was there to run on: engines, a browser, other people's clients; and what was left out. */
import { hasPythonClients } from "../../testing/emulator/clients/python";
import { findChromium } from "../browser/chromium";
import { everything } from "./form";
import { realEngine } from "./realEngine";

export function mochaGlobalTeardown(): void {
  const real = realEngine();
  const engines =
    real === undefined
      ? "Whole programs ran on the embedded engine only: the Pulumi CLI was NOT FOUND, so no test ran on the real engine."
      : `Whole programs ran on the embedded engine and on Pulumi ${real.version}.`;
  const form = everything ? "" : "\n  Short form; `HOLOGRAM_TESTS=all npm test` also runs what takes long.";
  const browser =
    findChromium() === undefined
      ? "\n  Chromium was NOT FOUND on the PATH: no test looked at the emulator's page in a browser."
      : "";
  const clients = hasPythonClients()
    ? ""
    : "\n  Clients from PyPI did NOT RUN against the emulator: they need Python 3.9 and a way to PyPI.";
  process.stdout.write(`\n\n  ${engines}${browser}${clients}${form}\n`);
}
