/** Selection algebra on a million members, in a process of its own, so that its peak memory is nothing else's. */
import { Selection } from "../../provider/fleet/numbers/selection";
import { peakOf } from "./memory";
import { cards } from "./pack";

/** What one run came to. */
export interface AlgebraRun {
  readonly seconds: number;
  /** Bytes above what the process and the list of numbers take. */
  readonly memory: number | undefined;
}

const MEMBERS = 1_000_000;

const [all, half] = [cards(0, MEMBERS), cards(MEMBERS / 2, (MEMBERS * 3) / 2)];
const before = peakOf("self");
const started = performance.now();
const [a, b] = [Selection.ofList(all), Selection.ofList(half)];
const widths = [a.union(b), a.minus(b), a.intersect(b)].map(({ width }) => Number(width) / MEMBERS);
const same = a.equals(Selection.ofList(all));
const found = all.every((number) => a.has(number));
const seconds = (performance.now() - started) / 1_000;
if (widths.join() !== "1.5,0.5,0.5" || !same || !found) throw new Error(`wrong: ${widths.join()}`);
const peak = peakOf("self");
const memory = before === undefined || peak === undefined ? undefined : peak - before;
const run: AlgebraRun = { seconds, memory };
process.send?.(run);
