/** A file's name says which file it is: no two in provider/ share one, so that a name in a message or a review is one place. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { root } from "../docs/pages";

/** Names that more than one of these files has, with the files; entry points apart, which are known by their folder. */
function homonyms(files: readonly string[]): string[] {
  const code = files.filter((file) => /\.tsx?$/.test(file) && !/^index\.tsx?$/.test(basename(file)));
  const byName = Map.groupBy(code.toSorted(), (file) => basename(file));
  return [...byName.values()].filter(({ length }) => length > 1).map((same) => same.join(", "));
}

describe("the files of provider/", () => {
  it("have a name that no other has", () => {
    const files = readdirSync(join(root, "provider"), { recursive: true, encoding: "utf8" });
    assert.ok(files.length > 100);
    assert.deepEqual(homonyms(files), []);
  });

  it("are told apart from homonyms", () => {
    const files = [
      "a/state.ts",
      "index.ts",
      "b/state.ts",
      "a/index.ts",
      "c/states.ts",
      "a/README.md",
      "b/README.md",
    ];
    assert.deepEqual(homonyms(files), ["a/state.ts, b/state.ts"]);
  });
});
