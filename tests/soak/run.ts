/**
 * `npm run soak`: many stacks on one account that keeps refusing requests, and a large fleet that is changed many times.
 * Prints what came of it beside the bounds; ends with code 1 when one is not kept.
 */
import { parseArgs } from "node:util";
import { CYCLE, changeOften, growth } from "./changes";
import { type CrowdResult, crowd } from "./stacks";

/** Requests of a run that is refused now and then, beside those of a calm one. */
const MOST_REQUESTS = 1.3;
/** Time and memory of the last changes, beside those of the first. */
const MOST_GROWTH = 1.1;
/** So many changes are compared: whole cycles, at the beginning and at the end. */
const COMPARED = 2 * CYCLE;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: "string" },
      stacks: { type: "string", default: "50" },
      limited: { type: "string", default: "0.1" },
      sims: { type: "string", default: "100000" },
      changes: { type: "string", default: "200" },
    },
  });
  if (values.only !== "changes") await soakStacks(Number(values.stacks), Number(values.limited));
  if (values.only !== "stacks") await soakChanges(Number(values.sims), Number(values.changes));
}

async function soakStacks(stacks: number, limited: number): Promise<void> {
  const sims = 100;
  const calm = await crowd({ stacks, sims, limited: 0 });
  say(tell(`${stacks} stacks of ${sims} SIMs, calm`, calm));
  const stormy = await crowd({ stacks, sims, limited });
  say(tell(`${stacks} stacks of ${sims} SIMs, ${limited * 100} % of requests answered with 429`, stormy));
  const ratio = stormy.requests / calm.requests;
  check(
    `${ratio.toFixed(2)} × the requests of the calm run, at most ${MOST_REQUESTS}`,
    ratio <= MOST_REQUESTS,
  );
  for (const [name, { converged, failures, doubleCharges }] of Object.entries({ calm, stormy })) {
    check(`${name}: ${converged} of ${stacks} stacks converged`, converged === stacks);
    check(
      `${name}: ${failures.length} failures, ${doubleCharges} double charges`,
      failures.length + doubleCharges === 0,
    );
    for (const failure of failures) say(`  ${failure}`);
  }
}

async function soakChanges(sims: number, changes: number): Promise<void> {
  const costs = await changeOften({ sims, changes, progress: say });
  const time = growth(costs, COMPARED, ({ seconds }) => seconds);
  const memory = growth(costs, COMPARED, ({ memory = 0 }) => memory);
  const what = `of the last ${COMPARED} of ${changes} changes of ${sims} SIMs, beside the first ${COMPARED}`;
  check(`time ${what}: ${time.toFixed(2)}, at most ${MOST_GROWTH}`, time <= MOST_GROWTH);
  // NaN where the machine does not tell.
  check(`memory ${what}: ${memory.toFixed(2)}, at most ${MOST_GROWTH}`, !(memory > MOST_GROWTH));
}

function tell(what: string, { requests, refused, seconds }: CrowdResult): string {
  return `${what}: ${requests} requests, ${refused} of them refused, ${seconds.toFixed(0)} s`;
}

function check(what: string, isKept: boolean): void {
  say(`${isKept ? "kept" : "MISSED"}: ${what}`);
  if (!isKept) process.exitCode = 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
