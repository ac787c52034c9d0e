import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { SqliteSpending } from "../../provider/journal/spending";
import { speaking, withFolder } from "../harness/account/journalFolder";

const spending = join(__dirname, "processes", "spend.js");
const amount = (activations: number, dueNow = 0, deactivations = 0) => ({
  activations,
  dueNow,
  deactivations,
});
const open = (folder: string, run = "a run", nowMs = Date.now()) =>
  new SqliteSpending(folder, run, () => nowMs);
/** What the run has come to. */
function totalOf(journal: SqliteSpending) {
  let total = amount(0);
  journal.spend(amount(0), (seen) => {
    total = seen;
    return "only asked";
  });
  return total;
}
const atMost = (most: number) => (total: { activations: number }) =>
  total.activations > most ? `more than ${most}` : undefined;

describe("what a run has set out to spend", () => {
  it("adds up over everyone who opens it, and a refusal adds nothing", () =>
    withFolder((folder) => {
      assert.equal(open(folder).spend(amount(3, 1.8, 1), atMost(5)), undefined);
      assert.equal(open(folder).spend(amount(3, 1.8, 1), atMost(5)), "more than 5");
      assert.deepEqual(totalOf(open(folder)), amount(3, 1.8, 1));
      assert.equal(open(folder).spend(amount(2, 1.2), atMost(5)), undefined);
      assert.deepEqual(totalOf(open(folder)), amount(5, 3, 1));
    }));

  it("gives back what was certainly not spent", () =>
    withFolder((folder) => {
      const journal = open(folder);
      journal.spend(amount(5, 3, 2), atMost(9));
      journal.giveBack(amount(2, 1.5, 2));
      journal.giveBack(amount(0));
      assert.deepEqual(totalOf(open(folder)), amount(3, 1.5, 0));
    }));

  it("is counted for each run by itself, and forgotten after a day", () =>
    withFolder((folder) => {
      const now = Date.now();
      open(folder, "one", now).spend(amount(5), atMost(9));
      assert.deepEqual(totalOf(open(folder, "two", now)), amount(0));
      open(folder, "two", now + 25 * 3_600_000).spend(amount(1), atMost(9));
      assert.deepEqual(totalOf(open(folder, "one", now)), amount(0));
    }));

  it("holds over processes that spend at the same time", () =>
    withFolder(async (folder) => {
      const processes = [1, 2].map(() => speaking(spending, [folder, "a run", "40"]));
      const spent = await Promise.all(processes.map((each) => each.next()));
      assert.equal(
        spent.reduce((sum, each) => sum + Number(each), 0),
        40,
      );
    }));

  it("holds for this process where nothing can be written, whoever in it asks", () =>
    withFolder((folder) => {
      writeFileSync(join(folder, "file"), "");
      const nowhere = join(folder, "file");
      assert.equal(open(nowhere).spend(amount(5), atMost(5)), undefined);
      assert.equal(open(nowhere).spend(amount(1), atMost(5)), "more than 5");
    }));

  it("lets an error of its own caller through, and counts nothing", () =>
    withFolder((folder) => {
      const fail = (): never => assert.fail("a fault");
      assert.throws(() => open(folder).spend(amount(1), fail), /a fault/);
      assert.deepEqual(totalOf(open(folder)), amount(0));
    }));
});
