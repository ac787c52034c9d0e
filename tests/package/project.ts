/** An empty folder into which the packed package is installed, as a user would. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { root } from "./tarball";

export type Manager = "npm" | "pnpm";

/** How a program can be written, with the files it then consists of. */
export const languages = {
  TypeScript: (program: string) => ({ "index.ts": program }),
  "an ES module": (program: string) => ({ "index.js": program, "package.json": '{ "type": "module" }' }),
  CommonJS: (program: string) => ({ "index.js": asCommonJs(program) }),
} as const satisfies Readonly<Record<string, (program: string) => Readonly<Record<string, string>>>>;

export type Language = keyof typeof languages;

/** The registry was not reached: nothing is known of the package. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

export class Project {
  readonly folder = mkdtempSync(join(tmpdir(), "project-"));

  constructor(private readonly manager: Manager) {
    this.write("package.json", JSON.stringify({ name: "project", private: true }));
  }

  /** Follows an `npm install …` of the README, with other sources for the packages that `sources` names. */
  install(command: string, sources: Readonly<Record<string, string>>): void {
    const [, ...words] = command.split(/\s+/);
    const args = words.map((word) => sources[word] ?? word);
    const [program, ...rest] = this.manager === "npm" ? ["npm", ...args] : this.pnpm(args.slice(1));
    const { status, stdout, stderr, error } = spawnSync(program, rest, {
      cwd: this.folder,
      encoding: "utf8",
      shell: process.platform === "win32",
      timeout: 300_000,
    });
    const said = `${error?.message ?? ""}\n${stdout}\n${stderr}`;
    if (status !== 0 && UNREACHABLE.test(said)) throw new Unreachable(said);
    assert.equal(status, 0, said);
  }

  /** Writes a program into a folder of its own, below the installed packages; its main file. */
  program(language: Language, text: string): string {
    const files: Readonly<Record<string, string>> = languages[language](text);
    const folder = language.replace(/\W+/g, "-").toLowerCase();
    for (const [name, content] of Object.entries(files)) this.write(join(folder, name), content);
    return join(this.folder, folder, Object.keys(files)[0] ?? "");
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /**
   * New versions of pnpm fail at build scripts that nobody allowed. There is one, protobufjs's under the Pulumi SDK, and
   * nothing needs it. A store of its own is removed with the folder.
   */
  private pnpm(args: readonly string[]): [string, ...string[]] {
    const store = join(this.folder, ".store");
    return [join(root, "node_modules/.bin/pnpm"), "add", "--ignore-scripts", "--store-dir", store, ...args];
  }

  private write(path: string, text: string): void {
    const full = join(this.folder, path);
    mkdirSync(join(full, ".."), { recursive: true });
    writeFileSync(full, text);
  }
}

/** As npm and pnpm name a registry that does not answer. */
export const UNREACHABLE =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_PNPM_META_FETCH_FAIL)\b/;

function asCommonJs(program: string): string {
  const options = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  return ts.transpileModule(program, { compilerOptions: options }).outputText;
}
