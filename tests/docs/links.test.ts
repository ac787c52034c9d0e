/** Every link in the documentation that stays in the repository leads somewhere: to a file, and to a heading in it. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { readPages, root } from "./pages";

describe("the links of the documentation", () => {
  for (const { path, text } of readPages()) {
    it(path, () => {
      const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link]) => link ?? []);
      const inside = links.filter((link) => !/^https?:/.test(link));
      assert.deepEqual(
        inside.filter((link) => !leads(path, link)),
        [],
      );
    });
  }

  it("are found wanting where they lead nowhere", () => {
    assert.equal(leads("README.md", "docs/nothing.md"), false);
    assert.equal(leads("README.md", "#no-such-heading"), false);
    assert.equal(leads("docs/reference.md", "../README.md#policies"), true);
  });
});

function leads(page: string, link: string): boolean {
  const [file = "", heading] = link.split("#");
  const target = file === "" ? page : normalize(join(dirname(page), file));
  if (!existsSync(join(root, target))) return false;
  return heading === undefined || headingsOf(readFileSync(join(root, target), "utf8")).includes(heading);
}

/** As GitHub names them. */
function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} -]/gu, "")
      .replaceAll(" ", "-"),
  );
}
