/** Checks the TypeScript and JavaScript of the documentation in one program, against the declarations that are published. */
import { join } from "node:path";
import ts from "typescript";
import { type Block, placeOf, root } from "./pages";

/** Blocks are modules, so that they may wait at their top. CommonJS is written as such: `js` with `require`. */
export function isCode({ language }: Block): boolean {
  return language === "ts" || language === "js";
}

/** One sentence for each thing that the compiler does not like, with the line of the page it stands on. */
export function typeProblems(blocks: readonly Block[]): string[] {
  const files = new Map(blocks.filter(isCode).map((block, place) => [fileOf(block, place), block]));
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name)?.text ?? readFile(name);
  host.getSourceFile = (name, version, ...rest) => {
    const block = files.get(name);
    return block === undefined
      ? getSourceFile(name, version, ...rest)
      : ts.createSourceFile(name, block.text, version);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const block = file === undefined ? undefined : files.get(file.fileName);
    const message = ts.flattenDiagnosticMessageText(messageText, "\n");
    if (file === undefined || block === undefined) return `${file?.fileName ?? "options"}: ${message}`;
    const line = block.line + 1 + file.getLineAndCharacterOfPosition(start ?? 0).line;
    return `${placeOf({ ...block, line })}: ${message}`;
  });
}

const options: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  allowJs: true,
  checkJs: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: ["node", "mocha"],
};

/** Lies, for the compiler, at the top of the repository: `pulumi-hologram` is found there as users find it, by `exports`. */
function fileOf({ language, text }: Block, place: number): string {
  const isCommonJs = language === "js" && text.includes("require(");
  const extension = language === "ts" ? "mts" : isCommonJs ? "cjs" : "mjs";
  return join(root, `block-${place}.${extension}`);
}
