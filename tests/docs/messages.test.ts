/** Every message in the table of troubleshooting is one that the provider can say. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { readPage, root } from "./pages";

/** Said by Pulumi, not by us. */
const OF_PULUMI = new Set([
  "the stack is currently locked …",
  "violates plan …",
  "passphrase must be set …",
  "error TS6046 …",
]);
/** Stands for whatever a template puts in. */
const HOLE = "\u0000";

describe("the messages that the README explains", () => {
  const { text } = readPage("README.md");
  const table = text.slice(text.indexOf("| what you read |")).split("\n\n")[0] ?? "";
  const messages = table
    .split("\n")
    .slice(2)
    .flatMap((row) => row.split("|")[1]?.match(/`([^`]+)`/g) ?? []);
  const quoted = messages.map((message) => message.slice(1, -1)).filter((message) => !OF_PULUMI.has(message));

  it("are more than ten", () => assert.ok(quoted.length > 10, table));

  // The emulator among them: some words are Hologram's own.
  const sentences = readdirSync(join(root, "provider"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .flatMap((name) => sentencesOf(readFileSync(join(root, "provider", name), "utf8")));

  for (const message of quoted) {
    it(message, () => {
      assert.deepEqual(unsaid(message), []);
    });
  }

  it("are found wanting where nothing says them", () =>
    assert.deepEqual(unsaid("no API key: buy one at … doubtful"), ["no API key: buy one at"]));

  /** Messages are put together, so that each part between ellipses stands in a text of its own. */
  function unsaid(message: string): string[] {
    const parts = message.split("…").map((part) => part.replaceAll(/^[\s,()]+|[\s,()]+$/g, ""));
    return parts.filter((part) => !sentences.some((sentence) => sentence.includes(part)));
  }
});

/** Texts and templates of a source file, each expression in a template replaced by a hole. */
function sentencesOf(source: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) found.push(node.text);
    if (ts.isTemplateExpression(node))
      found.push([node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join(HOLE));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("source.ts", source, ts.ScriptTarget.ES2023));
  return found;
}
