/**
 * Loaded first by the Node processes of the SDK, programs and providers: their start is most of what a test on the real
 * engine takes. Leaves out what no operation here needs, and nothing that has to do with SIMs.
 */
import Module, { createRequire } from "node:module";
import "../../../provider/testing/engine/processes/deferHeavyModules";

/** Looks up the lines of the source for stack traces, which nobody reads here. */
const traces = createRequire(process.argv[1] ?? __filename);
try {
  const path = traces.resolve("source-map-support/register");
  const nothing = new Module(path);
  nothing.loaded = true;
  traces.cache[path] = nothing;
} catch {
  // Not a process of the SDK.
}
