/** Keys that hide themselves (`__roll`) are spelled in one room: whoever needs one asks a reader or writer there by name. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import ts from "typescript";
import { root } from "../docs/pages";

/** Node's, Pulumi's and the shells'. */
const foreign = /^__(filename|dirname|provider|pulumi\w+|data|childResources|fish_\w+)$/;

/** The lines of a file that spell such a key, as a name or in a text of its own. Comments may. */
function spellings(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const name = ts.isIdentifier(node) || ts.isStringLiteralLike(node) ? node.text : "";
    if (/^__[a-z]\w*$/i.test(name) && !foreign.test(name)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${file}:${line + 1} ${name}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

describe("the hidden keys of inputs and outputs", () => {
  it("are spelled in provider/dynamic/wire alone", () => {
    const files = readdirSync(join(root, "provider"), { recursive: true, encoding: "utf8" });
    // Emulator and engine know nothing of this provider.
    const others = [join("dynamic", "wire") + sep, `testing${sep}`];
    const code = files.filter(
      (file) => /\.tsx?$/.test(file) && !others.some((room) => file.startsWith(room)),
    );
    assert.ok(code.length > 100);
    assert.deepEqual(
      code.flatMap((file) => spellings(file, readFileSync(join(root, "provider", file), "utf8"))),
      [],
    );
  });

  it("are found wherever code can spell them", () => {
    const text = [
      "const a = props.__roll;",
      'const b = props["__open"];',
      "const { __dry: dry } = props;",
      "const c = { __urn: 1 };",
      "const d = __dirname; // __again",
    ].join("\n");
    assert.deepEqual(spellings("a.ts", text), [
      "a.ts:1 __roll",
      "a.ts:2 __open",
      "a.ts:3 __dry",
      "a.ts:4 __urn",
    ]);
  });
});
