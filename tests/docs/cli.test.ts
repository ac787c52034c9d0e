/** docs/cli.md shows every command as its own help does. */
import assert from "node:assert/strict";
import { commandLine } from "../../provider/cli/program";
import { ended, run } from "../harness/cli/commandLine";
import { blocksOf, readPage } from "./pages";

describe("docs/cli.md", () => {
  const page = readPage("docs/cli.md");
  const shown = blocksOf(page).filter(({ language }) => language === "");
  const names = commandLine().commands.map((command) => command.name());

  it("has a section for each command, and no other", () => {
    const titles = [...page.text.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
    assert.deepEqual(titles.sort(), [...names].sort());
    assert.equal(shown.length, names.length + 1);
  });

  for (const name of ["", ...names]) {
    it(`shows the help of ${name === "" ? "the program" : name} as it is`, async () => {
      const helped = run(...(name === "" ? [] : [name]), "--help");
      assert.equal(await ended(helped), 0);
      const start = helped.output().split("\n")[0];
      const block = shown.find(({ text }) => text.split("\n")[0] === start);
      assert.equal(block?.text, helped.output().trimEnd());
    });
  }
});
