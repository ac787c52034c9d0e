import { Selection } from "../../../provider/fleet/numbers/selection";
import { SqliteClaimJournal } from "../../../provider/journal/claimJournal";
import { SqliteSpending } from "../../../provider/journal/spending";
import { systemClock } from "../../../provider/util/clock";

/** A run that claims in doubt with one fleet, claims with a second one, and spends up to a cap. Prints what became of it. */
async function main([folder = ""]: readonly string[]): Promise<void> {
  const run = `run ${process.pid}`;
  const journal = () =>
    new SqliteClaimJournal({
      folder,
      baseUrl: "http://127.0.0.1/api/1",
      orgId: process.pid,
      run,
      claimSettleSeconds: 600,
      clock: systemClock,
      isPipeline: false,
    });
  const first = journal();
  const sims = Selection.ofList(["10", "20", "30"]);
  const one = await first.claim(sims, Date.now(), async (free) => ({
    answer: undefined,
    bought: Selection.empty,
    unsettled: free,
    stops: "no answer came",
  }));
  print(`claimed ${one.kind === "done" && one.sent !== undefined}`);
  const two = await journal().claim(Selection.ofList(["40"]), Date.now(), async (free) => ({
    answer: undefined,
    bought: free,
    unsettled: Selection.empty,
  }));
  print(`second fleet ${two.kind}`);
  print(`doubts ${first.doubts().reduce((count, each) => count + each.sims.intervalCount, 0)}`);
  const spend = () =>
    new SqliteSpending(folder, run, Date.now).spend(
      { activations: 1, dueNow: 0, deactivations: 0 },
      (total) => (total.activations > 5 ? "too much" : undefined),
    );
  let spent = 0;
  while (spent < 20 && spend() === undefined) spent++;
  print(`spent ${spent} of 5`);
  print(`isKept ${first.isKept}`);
  const remark = first.remark();
  if (remark !== undefined) print(`remark ${remark}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

void main(process.argv.slice(2));
