/** One way to write what the linter leaves open: private members as `#name`, functions of a module as `function`. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { root } from "../docs/pages";

/** Where a file differs from the dialect: its lines, with what is wrong. */
function lapses(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const add = (node: ts.Node, what: string): void => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    found.push(`${file}:${line + 1} ${what}`);
  };
  const visit = (node: ts.Node): void => {
    // A constructor has no private name.
    if (node.kind === ts.SyntaxKind.PrivateKeyword && !ts.isConstructorDeclaration(node.parent))
      add(node, "private instead of #");
    ts.forEachChild(node, visit);
  };
  visit(source);
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { type, initializer } of statement.declarationList.declarations) {
      // With a type of its own it is a value of that type: a command, a route.
      if (type === undefined && initializer !== undefined && ts.isArrowFunction(initializer))
        add(statement, "an arrow instead of a function");
    }
  }
  return found;
}

describe("the dialect of provider/", () => {
  it("has # for what is private, and function for the functions of a module; components of the page apart", () => {
    const files = readdirSync(join(root, "provider"), { recursive: true, encoding: "utf8" });
    const code = files.filter((file) => file.endsWith(".ts"));
    assert.ok(code.length > 100);
    assert.deepEqual(
      code.flatMap((file) => lapses(file, readFileSync(join(root, "provider", file), "utf8"))),
      [],
    );
  });

  it("is told apart from the others", () => {
    const text =
      "class A { private a = 1; #b = 2; private constructor(private c: number) {} }\nconst d = () => 1;";
    const [first = "", second = "", third = ""] = lapses("a.ts", text);
    assert.deepEqual(
      [first, second, third],
      ["a.ts:1 private instead of #", "a.ts:1 private instead of #", "a.ts:2 an arrow instead of a function"],
    );
    assert.deepEqual(lapses("a.ts", "const e: (n: number) => number = (n) => n;"), []);
  });
});
