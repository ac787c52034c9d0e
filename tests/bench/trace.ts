/**
 * How much of the provider one fleet goes through: the files and functions entered, and how often inputs are parsed, by the
 * preview of a new range, by the update phase that creates it, and by the update phase of an unchanged `up`. Run it after a
 * build: `node dist/tests/bench/trace.js`.
 *
 * V8 counts the calls in this process, in which later operations find what earlier ones have built. `provider/testing` is
 * left out; what the emulator calls in `provider/util` counts, and so do the notes that the program itself would write.
 */
import { Session as Inspector, type Profiler } from "node:inspector/promises";
import { relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { PLAN, range, withFleet } from "../harness/provider/providerFleet";

/** What one operation entered. */
interface Entered {
  readonly files: number;
  /** With a name: functions, methods and constructors. */
  readonly functions: number;
  /** Callbacks and initializers of fields. */
  readonly anonymous: number;
  readonly parses: number;
}

const PROVIDER = resolve(__dirname, "../../provider");

async function trace(): Promise<Readonly<Record<string, Entered>>> {
  const inspector = new Inspector();
  inspector.connect();
  await inspector.post("Profiler.enable");
  await inspector.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  const found: Record<string, Entered> = {};
  /** Counts begin anew with every call. */
  const take = async (): Promise<Entered> =>
    enteredIn((await inspector.post("Profiler.takePreciseCoverage")).result);
  await withFleet({}, async (fleet) => {
    const inputs = { simRange: range(100), plan: PLAN };
    await take();
    (await fleet.preview(inputs)).clean();
    found["preview of a new range"] = await take();
    const between = async (): Promise<void> => void (await take());
    (await fleet.up(inputs, { between })).clean();
    found["its create"] = await take();
    (await fleet.up(inputs, { between })).clean();
    found["an unchanged up"] = await take();
  });
  inspector.disconnect();
  return found;
}

function enteredIn(scripts: readonly Profiler.ScriptCoverage[]): Entered {
  const own = scripts.filter(({ url }) => isOwn(url)).map(calledIn);
  const called = own.flat();
  const named = called.filter(({ functionName }) => /^[\w#$]/.test(functionName));
  const parses = called.filter(({ functionName }) => functionName === "parseInputs").map(countOf);
  return {
    files: own.filter((functions) => functions.length > 0).length,
    functions: named.length,
    anonymous: called.length - named.length,
    parses: parses.reduce((sum, count) => sum + count, 0),
  };
}

/** Without the top level of the script, which begins at 0 and runs when it is loaded. */
function calledIn({ functions }: Profiler.ScriptCoverage): Profiler.FunctionCoverage[] {
  return functions.filter((each) => countOf(each) > 0 && each.ranges[0]?.startOffset !== 0);
}

function countOf({ ranges }: Profiler.FunctionCoverage): number {
  return ranges[0]?.count ?? 0;
}

function isOwn(url: string): boolean {
  if (!url.startsWith("file:")) return false;
  const path = relative(PROVIDER, fileURLToPath(url));
  return !path.startsWith("..") && !path.startsWith("testing");
}

void trace().then((found) => {
  for (const [operation, { files, functions, anonymous, parses }] of Object.entries(found)) {
    process.stdout.write(
      `${operation}: ${files} files, ${functions} functions (and ${anonymous} without a name), inputs parsed ${parses} times\n`,
    );
  }
});
