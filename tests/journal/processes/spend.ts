import { SqliteSpending } from "../../../provider/journal/spending";

/** A process that spends one activation at a time until it is refused: `spend.js <folder> <run> <most>`. Prints how many. */
const [folder = "", run = "", most = "0"] = process.argv.slice(2);
const spending = new SqliteSpending(folder, run, Date.now);
let spent = 0;
while (
  spending.spend({ activations: 1, dueNow: 0.6, deactivations: 0 }, (total) =>
    total.activations > Number(most) ? "too much" : undefined,
  ) === undefined
) {
  spent++;
}
process.stdout.write(`${spent}\n`);
