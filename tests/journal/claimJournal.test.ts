import assert from "node:assert/strict";
import { chmodSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Sent } from "../../provider/fleet/model/journal";
import { Selection } from "../../provider/fleet/numbers/selection";
import { noAmount } from "../../provider/fleet/run/caps";
import { type ClaimJournalOptions, SqliteClaimJournal } from "../../provider/journal/claimJournal";
import { CommandNotes } from "../../provider/journal/commandNotes";
import { SqliteSpending } from "../../provider/journal/spending";
import { iccids } from "../harness/account/fleet";
import { speaking, withFolder } from "../harness/account/journalFolder";

const claiming = join(__dirname, "processes", "claim.js");
const SETTLE_SECONDS = 600;
const sims = (count: number, from = 0): Selection => Selection.ofList(iccids(count, 10, from * 10));
const texts = (all: readonly { readonly sims: Selection }[]): string[] => all.map((each) => `${each.sims}`);
const bought = (free: Selection): Sent<string> => ({
  answer: "yes",
  bought: free,
  unsettled: Selection.empty,
});
const lost = (free: Selection): Sent<string> => ({
  answer: "none",
  bought: Selection.empty,
  unsettled: free,
  stops: "no answer came",
});

let folders = 0;
/** A journal as a provider process of its own opens it; `ahead` moves its clock. */
function open(folder: string, more: Partial<ClaimJournalOptions> & { ahead?: () => number } = {}) {
  const { ahead = () => 0, ...options } = more;
  return new SqliteClaimJournal({
    folder,
    baseUrl: "http://127.0.0.1/api/1",
    orgId: 7,
    run: `run ${++folders}`,
    claimSettleSeconds: SETTLE_SECONDS,
    clock: { now: () => Date.now() + ahead(), sleep: async () => undefined },
    isPipeline: false,
    ...options,
  });
}
/** Claims, and tells what was sent. */
async function claim(journal: SqliteClaimJournal, all: Selection, answer = bought, readAtMs = Date.now()) {
  const sent: Selection[] = [];
  const turn = await journal.claim(all, readAtMs, async (free) => {
    sent.push(free);
    return answer(free);
  });
  return { turn, sent: sent.map(String) };
}

describe("the journal of claims", () => {
  it("keeps what is in doubt from every run, until it is settled or too old", () =>
    withFolder(async (folder) => {
      let ahead = 0;
      await claim(open(folder), sims(3), lost);
      const other = open(folder, { ahead: () => ahead });
      assert.deepEqual(texts(other.doubts()), [`${sims(3)}`]);
      const { turn, sent } = await claim(other, sims(5));
      assert.deepEqual(sent, [`${sims(2, 3)}`]);
      assert.ok(turn.kind === "done");
      assert.deepEqual(texts(turn.doubts), [`${sims(3)}`]);
      other.settle(sims(1));
      assert.deepEqual(texts(open(folder).doubts()), [`${sims(2, 1)}`]);
      ahead = SETTLE_SECONDS * 1_000 + 1;
      assert.deepEqual(other.doubts(), []);
      assert.deepEqual((await claim(other, sims(3))).sent, [`${sims(3)}`]);
    }));

  it("sends nothing where all of it is in doubt or bought", () =>
    withFolder(async (folder) => {
      const readAtMs = Date.now();
      await claim(open(folder), sims(2));
      await claim(open(folder), sims(1, 2), lost);
      const { turn, sent } = await claim(open(folder), sims(3), bought, readAtMs);
      assert.deepEqual(sent, []);
      assert.ok(turn.kind === "done" && turn.sent === undefined);
      assert.deepEqual([`${turn.bought}`, texts(turn.doubts)], [`${sims(2)}`, [`${sims(1, 2)}`]]);
    }));

  it("sends again what others bought before the account was read: by then it was for sale once more", () =>
    withFolder(async (folder) => {
      await claim(open(folder), sims(2));
      const { sent } = await claim(open(folder), sims(2), bought, Date.now() + 5);
      assert.deepEqual(sent, [`${sims(2)}`]);
    }));

  it("learns from a record what another machine has sent, once, as long as it may be landing", () =>
    withFolder(async (folder) => {
      let ahead = 0;
      const journal = open(folder, { ahead: () => ahead });
      const doubt = { sims: sims(3), sentAtMs: Date.now() };
      for (let time = 0; time < 2; time++) journal.learn([doubt]);
      assert.deepEqual(texts(open(folder).doubts()), [`${sims(3)}`]);
      assert.deepEqual((await claim(open(folder), sims(5))).sent, [`${sims(2, 3)}`]);
      const newer = { sims: sims(3), sentAtMs: doubt.sentAtMs + (SETTLE_SECONDS - 1) * 1_000 };
      ahead = SETTLE_SECONDS * 1_000 + 1_000;
      assert.deepEqual(journal.doubts(), []);
      journal.learn([newer]);
      assert.deepEqual(texts(journal.doubts()), [`${sims(3)}`]);
      journal.settle(sims(3));
      ahead = SETTLE_SECONDS * 1_000 + 1_000;
      journal.learn([doubt]);
      assert.deepEqual(journal.doubts(), []);
    }));

  it("tells what was claimed since: what an earlier claim in doubt did not activate", () =>
    withFolder(async (folder) => {
      const time = Date.now();
      const sent = { sims: sims(3), sentAtMs: time };
      open(folder).learn([sent]);
      assert.equal(`${open(folder).claimedSince(time)}`, "");
      const later = open(folder, { ahead: () => SETTLE_SECONDS * 1_000 + 1 });
      await claim(later, sims(2));
      await claim(later, sims(1, 5), lost);
      assert.equal(`${open(folder).claimedSince(time)}`, `${sims(2).union(sims(1, 5))}`);
      assert.equal(`${open(folder, { orgId: 8 }).claimedSince(time)}`, "");
    }));

  it("keeps changes of plan apart from claims, and from each other, until they are settled or too old", () =>
    withFolder(async (folder) => {
      let ahead = 0;
      const [pilot, flat] = [
        { plan: 75, zone: "us" },
        { plan: 2096, zone: "global" },
      ];
      const sent = { kind: "changePlan", sims: sims(3), sentAtMs: Date.now() } as const;
      const old = { ...sent, sims: sims(2, 7) };
      open(folder).learn([{ ...sent, to: pilot }, old]);
      const other = open(folder, { ahead: () => ahead });
      other.learn([{ ...sent, to: pilot }]);
      assert.deepEqual(
        other.doubts().map(({ kind, sims: each, to }) => [kind, `${each}`, to]),
        [
          ["changePlan", `${sims(3)}`, pilot],
          ["changePlan", `${old.sims}`, undefined],
        ],
      );
      assert.deepEqual((await claim(open(folder), sims(5))).sent, [`${sims(5)}`]);
      other.settle(sims(3));
      other.settlePlans(sims(3), flat);
      other.settlePlans(sims(1), pilot);
      assert.deepEqual(texts(open(folder).doubts()), [`${sims(2, 1)}`, `${old.sims}`]);
      assert.deepEqual(open(folder, { orgId: 8 }).doubts(), []);
      ahead = SETTLE_SECONDS * 1_000 + 1;
      assert.deepEqual(other.doubts(), []);
      // Rows that nobody needs any more go with a later claim.
      ahead = 2 * SETTLE_SECONDS * 1_000;
      await claim(other, sims(1, 9));
      assert.deepEqual(open(folder).doubts(), []);
    }));

  it("takes a zone in another spelling for the same", () =>
    withFolder((folder) => {
      const journal = open(folder);
      const sent = { kind: "changePlan", sims: sims(3), sentAtMs: Date.now() } as const;
      for (const zone of ["global", "Global"]) journal.learn([{ ...sent, to: { plan: 2096, zone } }]);
      assert.deepEqual(texts(journal.doubts()), [`${sims(3)}`]);
      journal.settlePlans(sims(3), { plan: 2096, zone: "GLOBAL" });
      assert.deepEqual(journal.doubts(), []);
    }));

  it("knows accounts and organizations apart", () =>
    withFolder(async (folder) => {
      await claim(open(folder), sims(3), lost);
      assert.deepEqual(open(folder, { orgId: 8 }).doubts(), []);
      assert.deepEqual(open(folder, { baseUrl: "http://127.0.0.1:1/api/1" }).doubts(), []);
    }));

  it("ends the claims of a run to an organization after a doubtful answer, and those of no other", () =>
    withFolder(async (folder) => {
      await claim(open(folder, { run: "one" }), sims(1), lost);
      const stopped = await claim(open(folder, { run: "one" }), sims(1, 5));
      assert.deepEqual(stopped.sent, []);
      assert.deepEqual(stopped.turn, {
        kind: "stopped",
        reason: "no answer came",
      });
      assert.equal((await claim(open(folder, { run: "one", orgId: 8 }), sims(1, 5))).sent.length, 1);
      assert.equal((await claim(open(folder, { run: "two" }), sims(1, 5))).sent.length, 1);
    }));

  it("ends the claims of a run that says so, in every process of it", () =>
    withFolder(async (folder) => {
      open(folder, { run: "one" }).stop("it went wrong");
      const stopped = await claim(open(folder, { run: "one" }), sims(1));
      assert.deepEqual(stopped, { sent: [], turn: { kind: "stopped", reason: "it went wrong" } });
      assert.equal((await claim(open(folder, { run: "one", orgId: 8 }), sims(1))).sent.length, 1);
      assert.equal((await claim(open(folder, { run: "two" }), sims(1))).sent.length, 1);
    }));

  it("takes a claim that failed inside the package for one in doubt, and ends the run's claims", () =>
    withFolder(async (folder) => {
      const journal = open(folder, { run: "one" });
      const fault = new Error("a fault");
      await assert.rejects(
        claim(journal, sims(2), () => assert.fail(fault)),
        /a fault/,
      );
      assert.deepEqual(texts(journal.doubts()), [`${sims(2)}`]);
      assert.equal((await claim(journal, sims(1, 5))).turn.kind, "stopped");
    }));

  it("holds one claim at a time for an organization in one process, whichever object asks", () =>
    withFolder(async (folder) => {
      let [now, most] = [0, 0];
      const send = (journal: SqliteClaimJournal, n: number) =>
        journal.claim(sims(1, n), Date.now(), async (free) => {
          most = Math.max(most, ++now);
          await new Promise(setImmediate);
          now--;
          return bought(free);
        });
      await Promise.all(Array.from({ length: 6 }, (_, n) => send(open(folder), n)));
      assert.equal(most, 1);
    }));

  it("counts a claim from a clock that was set back as just sent", () =>
    withFolder(async (folder) => {
      const hour = 3_600_000;
      await claim(open(folder, { ahead: () => hour }), sims(1), lost);
      const journal = open(folder);
      assert.deepEqual(texts(journal.doubts()), [`${sims(1)}`]);
      assert.deepEqual((await claim(journal, sims(1))).sent, []);
      const later = open(folder, { ahead: () => hour + SETTLE_SECONDS * 1_000 + 1 });
      assert.deepEqual(later.doubts(), []);
    }));

  it("is for the user alone, and says in a pipeline that it was not kept", () =>
    withFolder(async (folder) => {
      const inner = join(folder, "kept");
      const first = open(inner, { isPipeline: true });
      assert.match(first.remark() ?? "", /^this pipeline keeps no journal of claims: .*HOLOGRAM_JOURNAL$/);
      assert.equal(first.remark(), undefined, "once");
      assert.equal(open(inner, { isPipeline: true }).remark(), undefined, "and not once for each fleet");
      assert.equal(statSync(inner).mode & 0o077, 0);
    }));

  it("keeps its files for the user alone in a folder that is open to others", () =>
    withFolder(async (folder) => {
      chmodSync(folder, 0o755);
      await claim(open(folder), sims(3), lost);
      new SqliteSpending(folder, "a run", Date.now).spend(noAmount, () => undefined);
      new CommandNotes(folder, "a command").write({ kind: "end", isPreview: true, atMs: 0 });
      const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) =>
        each.isFile(),
      );
      assert.equal(files.length, 3);
      for (const { name, parentPath } of files)
        assert.equal(statSync(join(parentPath, name)).mode & 0o777, 0o600, name);
    }));

  it("says so too where another process of the command has made the file, and to one of them alone", () =>
    withFolder(async (folder) => {
      const preview = speaking(claiming, [folder, "one", `${sims(1)}`]);
      await preview.next();
      preview.process.stdin?.write("go on\n");
      await preview.next();
      assert.match(open(folder, { isPipeline: true }).remark() ?? "", /^this pipeline keeps no journal/);
      assert.equal(open(folder, { isPipeline: true }).remark(), undefined);
    }));
});

describe("the journal of claims, over several processes", () => {
  it("ends the run for a claim that waits for its turn already", () =>
    withFolder(async (folder) => {
      const run = "one";
      let waiting: Promise<string> | undefined;
      await open(folder, { run }).claim(sims(3), Date.now(), async (free) => {
        waiting = speaking(claiming, [folder, run, `${sims(2, 5)}`]).next();
        const early = await Promise.race([
          waiting,
          new Promise((resolve) => setTimeout(resolve, 400, "waits")),
        ]);
        assert.equal(early, "waits");
        return lost(free);
      });
      assert.equal(await waiting, "stopped no answer came");
    }));

  it("lets the second claim wait for the first, and take from it what it bought", () =>
    withFolder(async (folder) => {
      const first = speaking(claiming, [folder, "one", `${sims(3)}`]);
      assert.equal(await first.next(), `sent ${sims(3)}`);
      const second = speaking(claiming, [folder, "two", `${sims(5)}`]);
      const waiting = second.next();
      const early = await Promise.race([
        waiting,
        new Promise((resolve) => setTimeout(resolve, 400, "waits")),
      ]);
      assert.equal(early, "waits");
      assert.deepEqual(texts(open(folder).doubts()), [`${sims(3)}`]);
      first.process.stdin?.write("go on\n");
      assert.equal(await first.next(), `done bought  doubts `);
      // It read the account before it waited, so what the first one bought is not sent again.
      assert.match(await waiting, new RegExp(`^sent ${sims(2, 3)}$`));
      second.process.stdin?.write("go on\n");
      assert.equal(await second.next(), `done bought ${sims(3)} doubts `);
    }));

  it("keeps the claim of a process that was killed in it: in doubt for the others, and waited for no longer", () =>
    withFolder(async (folder) => {
      const killed = speaking(claiming, [folder, "one", `${sims(3)}`]);
      assert.equal(await killed.next(), `sent ${sims(3)}`);
      const gone = new Promise((resolve) => killed.process.once("exit", resolve));
      killed.process.kill("SIGKILL");
      await gone;
      const journal = open(folder);
      assert.deepEqual(texts(journal.doubts()), [`${sims(3)}`]);
      // Its heart has stopped: that is known after fifteen seconds, which the row is told to have gone by.
      ageClaims(folder, 16_000);
      const { sent, turn } = await claim(journal, sims(5));
      assert.deepEqual(sent, [`${sims(2, 3)}`]);
      assert.ok(turn.kind === "done");
      assert.deepEqual(texts(turn.doubts), [`${sims(3)}`]);
    }));
});

describe("a journal of claims that cannot be kept", () => {
  const unwritable =
    /^the journal of claims cannot be written \(.*\): caps hold for one provider process only/;

  it("because its folder is a file, lets the run claim, and says what is missing", () =>
    withFolder(async (folder) => {
      writeFileSync(join(folder, "file"), "");
      const journal = open(join(folder, "file", "journal"));
      assert.equal(journal.isKept, false);
      assert.match(journal.remark() ?? "", unwritable);
      assert.equal(open(join(folder, "file", "journal")).remark(), undefined, "once for all fleets");
      assert.equal((await claim(journal, sims(2), lost)).sent.length, 1);
      // What this process knows holds on.
      assert.deepEqual(texts(journal.doubts()), [`${sims(2)}`]);
    }));

  // A superuser writes wherever it likes.
  if (process.getuid?.() !== 0) {
    it("because its folder is read-only, does the same", () =>
      withFolder((folder) => {
        chmodSync(folder, 0o500);
        const journal = open(folder);
        assert.deepEqual([journal.isKept, unwritable.test(journal.remark() ?? "")], [false, true]);
        chmodSync(folder, 0o700);
      }));
  }

  for (const [what, damage] of [
    ["is no database", () => Buffer.from("this was a journal once, and is none any more")],
    [
      "has a damaged page",
      (before: Buffer) =>
        Buffer.concat([before.subarray(0, 4_096), Buffer.alloc(before.length - 4_096, 0xa5)]),
    ],
    ["was cut off", (before: Buffer) => before.subarray(0, before.length - 4_096)],
  ] as const) {
    it(`because it ${what}, is set aside, and nothing is claimed until it can no longer matter`, () =>
      withFolder(async (folder) => {
        const first = speaking(claiming, [folder, "one", `${sims(3)}`]);
        await first.next();
        first.process.stdin?.write("go on\n");
        await first.next();
        const [name = ""] = readdirSync(folder).filter((each) => each.endsWith(".db"));
        const file = join(folder, name);
        const before = readFileSync(file);
        assert.ok(before.length > 8_192);
        writeFileSync(file, damage(before));
        let ahead = 0;
        const journal = open(folder, { ahead: () => ahead });
        assert.match(journal.remark() ?? "", /^the journal of claims was damaged and has been set aside/);
        assert.deepEqual((await claim(journal, sims(1, 9))).sent, []);
        assert.equal(readdirSync(folder).filter((each) => each.includes(".damaged-")).length, 1);
        // Every other process knows it too.
        const other = speaking(claiming, [folder, "two", `${sims(1, 9)}`]);
        assert.equal(await other.next(), `done bought  doubts ${sims(1, 9)}`);
        ahead = SETTLE_SECONDS * 1_000 + 60_000;
        assert.deepEqual((await claim(journal, sims(1, 9))).sent, [`${sims(1, 9)}`]);
      }));
  }

  it("long ago damaged, holds nothing up any more", () =>
    withFolder(async (folder) => {
      open(folder);
      const [name = ""] = readdirSync(folder);
      const old = join(folder, `${name}.damaged-1`);
      writeFileSync(old, "");
      utimesSync(old, 1_000, 1_000);
      const journal = open(folder);
      assert.deepEqual([journal.remark(), journal.doubts()], [undefined, []]);
    }));
});

/** As if so many milliseconds had gone by since the heartbeat of every claim in the folder. */
function ageClaims(folder: string, milliseconds: number): void {
  const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
  for (const name of readdirSync(folder).filter((each) => each.endsWith(".db"))) {
    const database = new DatabaseSync(join(folder, name));
    database.prepare("UPDATE claims SET beatAtMs = beatAtMs - ?").run(milliseconds);
    database.close();
  }
}
