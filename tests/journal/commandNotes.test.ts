import assert from "node:assert/strict";
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { CommandNotes, commandOf, type Note, phaseOf } from "../../provider/journal/commandNotes";
import { withFolder } from "../harness/account/journalFolder";

const fleet = (urn: string): Note => ({ kind: "fleet", isPreview: true, urn, sims: "1-9", atMs: 0 });
const urns = (notes: readonly Note[]): string[] => notes.flatMap((note) => ("urn" in note ? [note.urn] : []));
/** Files of writers in the only command of the folder. */
function filesIn(folder: string): string[] {
  const commands = join(folder, "commands");
  return readdirSync(commands).flatMap((command) =>
    readdirSync(join(commands, command)).map((file) => join(commands, command, file)),
  );
}

describe("the notes of a command", () => {
  it("are refused at once by a system that makes no folder there", function proc() {
    if (process.platform !== "linux") this.skip();
    const notes = new CommandNotes("/proc/none/journal", "a command", "one", "/proc/none");
    assert.throws(() => notes.write(fleet("a")), /ENOENT/);
  });

  it("are read once by each reader, as they come, those of one process in order", () =>
    withFolder((folder) => {
      const [one, two] = ["one", "two"].map((writer) => new CommandNotes(folder, "a command", writer));
      const reader = new CommandNotes(folder, "a command");
      assert.deepEqual(reader.readNew(), []);
      for (const n of [1, 2, 3]) one?.write(fleet(`one ${n}`));
      two?.write(fleet("two 1"));
      assert.deepEqual(urns(reader.readNew()), ["one 1", "one 2", "one 3", "two 1"]);
      assert.deepEqual(reader.readNew(), []);
      one?.write(fleet("one 4"));
      assert.deepEqual(urns(reader.readNew()), ["one 4"]);
      assert.equal(urns(new CommandNotes(folder, "a command").readNew()).length, 5);
      assert.deepEqual(new CommandNotes(folder, "another").readNew(), []);
    }));

  it("hold what was written, whatever is in it", () =>
    withFolder((folder) => {
      const note: Note = {
        kind: "told",
        urn: 'urn:pulumi:test::"prüfung"\n::a',
        approval: { activate: "0-99", plan: 2096, zone: "global" },
        counts: { activations: 100, dueNow: 60, deactivations: 0 },
      };
      new CommandNotes(folder, "a command").write(note);
      assert.deepEqual(new CommandNotes(folder, "a command").readNew(), [note]);
    }));

  it("that a kill cut off are left out, and read when the rest of the line comes", () =>
    withFolder((folder) => {
      new CommandNotes(folder, "a command", "one").write(fleet("one 1"));
      const [file = ""] = filesIn(folder);
      const line = JSON.stringify(fleet("one 2"));
      appendFileSync(file, line.slice(0, 20));
      const reader = new CommandNotes(folder, "a command");
      assert.deepEqual(urns(reader.readNew()), ["one 1"]);
      assert.deepEqual(reader.readNew(), []);
      appendFileSync(file, `${line.slice(20)}\n`);
      assert.deepEqual(urns(reader.readNew()), ["one 2"]);
    }));

  it("are only what this package writes: other lines are left out", () =>
    withFolder((folder) => {
      new CommandNotes(folder, "a command", "one").write(fleet("one 1"));
      const [file = ""] = filesIn(folder);
      appendFileSync(
        file,
        ['{"kind":"other"}', "{torn", "[1]", "null", "", `${JSON.stringify(fleet("one 2"))}\n`].join("\n"),
      );
      assert.deepEqual(urns(new CommandNotes(folder, "a command").readNew()), ["one 1", "one 2"]);
    }));

  it("of commands long ago are removed when the next one begins, and those of today are not", () =>
    withFolder((folder) => {
      for (const command of ["old", "new"]) new CommandNotes(folder, command).write(fleet(command));
      const commands = join(folder, "commands");
      const day = Date.now() / 1000 - 24 * 3_600;
      const [old = ""] = readdirSync(commands).filter((name) => urnsIn(join(commands, name)).includes("old"));
      utimesSync(join(commands, old), day, day);
      new CommandNotes(folder, "next").write(fleet("next"));
      const left = readdirSync(commands).flatMap((name) => urnsIn(join(commands, name)));
      assert.deepEqual(left.sort(), ["new", "next"]);
    }));

  it("that cannot be written are an error, and where nothing can be read there are none", () =>
    withFolder((folder) => {
      writeFileSync(join(folder, "file"), "");
      const [root, spare] = [join(folder, "file"), join(folder, "file", "spare")];
      const notes = new CommandNotes(root, "a command", "one", spare);
      assert.throws(() => notes.write(fleet("one")), /ENOTDIR|EEXIST/);
      assert.deepEqual(notes.readNew(), []);
      mkdirSync(join(folder, "commands"));
      assert.deepEqual(new CommandNotes(folder, "a command").readNew(), []);
    }));

  it("go to a spare folder for the user alone where the journal has none, in order, each journal's apart", () =>
    withFolder((folder) => {
      writeFileSync(join(folder, "file"), "");
      const [one, two, spare] = [join(folder, "file", "1"), join(folder, "file", "2"), join(folder, "spare")];
      const notes = new CommandNotes(one, "a command", "one", spare);
      for (const n of [1, 2]) notes.write(fleet(`one ${n}`));
      const read = (root: string) => urns(new CommandNotes(root, "a command", "two", spare).readNew());
      assert.deepEqual(read(one), ["one 1", "one 2"]);
      assert.deepEqual(read(two), []);
      assert.equal(statSync(spare).mode & 0o777, 0o700);
    }));

  it("are neither written to nor read from a spare folder that is open to others", () =>
    withFolder((folder) => {
      writeFileSync(join(folder, "file"), "");
      const [root, spare] = [join(folder, "file"), join(folder, "spare")];
      new CommandNotes(root, "a command", "one", spare).write(fleet("one"));
      chmodSync(spare, 0o777);
      const notes = new CommandNotes(root, "a command", "two", spare);
      assert.deepEqual(notes.readNew(), []);
      assert.throws(() => notes.write(fleet("two")), /ENOTDIR|EEXIST/);
    }));

  it("go by the name that the processes of a command share", () => {
    const endpoint = { PULUMI_LOG_OTLP_ENDPOINT: "127.0.0.1:5" };
    const [one, two] = [{ name: "cli 7 10" }, { name: "cli 7 20" }];
    assert.equal(commandOf(endpoint, one), commandOf(endpoint, { ...one }));
    assert.equal(
      new Set([one, two].flatMap((cli) => [commandOf(endpoint, cli), commandOf({}, cli)])).size,
      4,
    );
    assert.equal(commandOf({}), undefined, "these tests are run by no CLI");
    assert.equal(commandOf({ PULUMI_LOG_OTLP_ENDPOINT: " " }), undefined);
    assert.equal(commandOf({ PULUMI_LOG_OTLP_ENDPOINT: "127.0.0.1:5" }), "endpoint 127.0.0.1:5");
    assert.notEqual(phaseOf("127.0.0.1:5"), commandOf({ PULUMI_LOG_OTLP_ENDPOINT: "127.0.0.1:5" }));
  });
});

function urnsIn(folder: string): string[] {
  return readdirSync(folder).flatMap((file) =>
    ["old", "new", "next"].filter((each) =>
      readFileSync(join(folder, file), "utf8").includes(`"urn":"${each}"`),
    ),
  );
}
