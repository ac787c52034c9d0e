/** The map of the tests in CONTRIBUTING.md is the one of the folders. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { readPage, root } from "../docs/pages";

describe("CONTRIBUTING", () => {
  const { text } = readPage("CONTRIBUTING.md");
  const foldersIn = (path: string): string[] =>
    readdirSync(join(root, path), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);

  it("names every folder of tests, and no other", () => {
    const named = [...text.matchAll(/`tests\/([a-z]+)[`/]/gi)].map(([, name = ""]) => name);
    assert.deepEqual([...new Set(named)].sort(), foldersIn("tests").sort());
  });

  it("names every room of the harness", () => {
    const [, section = ""] = /### Harnesses\n(.*?)\n### /s.exec(text) ?? [];
    const named = [...section.matchAll(/`([a-z]+)\/`/gi)].map(([, name = ""]) => name);
    assert.deepEqual(named.sort(), foldersIn("tests/harness").sort());
  });
});
