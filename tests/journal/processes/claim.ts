import { createInterface } from "node:readline";
import { Selection } from "../../../provider/fleet/numbers/selection";
import { SqliteClaimJournal } from "../../../provider/journal/claimJournal";
import { systemClock } from "../../../provider/util/clock";

/**
 * A process that claims and waits: `claim.js <folder> <run> <sims>`. It prints `sent <sims>` when its claim has left,
 * answers it when a line comes in, and prints what came of it.
 */
async function main([folder = "", run = "", sims = ""]: readonly string[]): Promise<void> {
  const journal = new SqliteClaimJournal({
    folder,
    baseUrl: "http://127.0.0.1/api/1",
    orgId: 7,
    run,
    claimSettleSeconds: 600,
    clock: systemClock,
    isPipeline: false,
  });
  const input = createInterface({ input: process.stdin });
  const turn = await journal.claim(Selection.parse(sims), Date.now(), async (free) => {
    print(`sent ${free}`);
    await new Promise((resolve) => input.once("line", resolve));
    return { answer: undefined, bought: free, unsettled: Selection.empty };
  });
  input.close();
  if (turn.kind === "stopped") print(`stopped ${turn.reason}`);
  else print(`done bought ${turn.bought} doubts ${turn.doubts.map((doubt) => doubt.sims).join()}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

void main(process.argv.slice(2));
