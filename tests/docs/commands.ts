/** The command lines of the documentation, taken apart, and what is known of the commands in them. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { settingNames } from "../../provider/account/settingNames";
import { type Block, root } from "./pages";

/** A line of a block: its words, quotes taken off; redirections and what is piped on belong to the last of them. */
export type CommandLine = readonly string[];

/** Comments are left out, and a line that ends in a backslash goes on in the next. */
export function commandLines({ text }: Block): CommandLine[] {
  return text
    .replaceAll("\\\n", " ")
    .split(/\n|&&|;/)
    .map((line) => words(line.replace(/(^|\s)#.*$/, "")))
    .filter((line) => line.length > 0);
}

/** What is wrong with a line, or nothing. */
export function commandProblem(line: CommandLine): string | undefined {
  const [name = "", ...args] = line.filter((word) => !/^[A-Z_]+=/.test(word));
  const settings = line.flatMap((word) => /^([A-Z_]+)=/.exec(word)?.[1] ?? []);
  const unknown = settings.find((setting) => !knownSettings.has(setting));
  if (unknown !== undefined) return `nothing reads ${unknown}`;
  if (name === "") return undefined;
  const judge = commands[name];
  return judge === undefined ? `no test knows the command ${name}` : judge(args);
}

const manifest = z
  .object({
    name: z.string(),
    version: z.string(),
    scripts: z.record(z.string(), z.string()),
    peerDependencies: z.record(z.string(), z.string()),
    devDependencies: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));

const knownSettings = new Set<string>([
  ...Object.values(settingNames),
  "HOLOGRAM_TESTS",
  "PULUMI_CONFIG_PASSPHRASE",
]);

type Judge = (args: readonly string[]) => string | undefined;

const fine: Judge = () => undefined;

const commands: Readonly<Record<string, Judge>> = {
  // The page about the emulator has its commands run by a test of its own.
  curl: fine,
  export: fine,
  unset: fine,
  mkdir: fine,
  cd: fine,
  npm: ([verb = "", ...args]) => {
    if (verb === "start" || verb === "test") return script(verb);
    if (verb === "run") return script(args[0]);
    if (verb === "ci") return undefined;
    // What `npm init` writes there is a file that a program of Pulumi has not, and Pulumi warns of it.
    if (verb === "pkg") return args.join(" ") === "delete main" ? undefined : "say npm pkg delete main";
    if (verb === "init") return args.join() === "--yes" ? undefined : "say npm init --yes";
    if (verb !== "install") return `no test knows npm ${verb}`;
    const packages = new Set([
      manifest.name,
      // Packed from a clone beside the project.
      `../${manifest.name}/${manifest.name}-${manifest.version}.tgz`,
      ...Object.keys({ ...manifest.devDependencies, ...manifest.peerDependencies }),
    ]);
    const other = args.find((arg) => arg !== "--save-dev" && !packages.has(arg));
    return other === undefined
      ? undefined
      : `npm install: ${other} is no package that is tested with this one`;
  },
  npx: ([tool = "", ...args]) => {
    if (tool === manifest.name) return undefined; // Run by the test itself.
    const file = args.at(-1) ?? "";
    if (tool === "tsc") return undefined;
    if (tool === "mocha") return existsSync(join(root, sourceOf(file))) ? undefined : `${file} is no test`;
    return `no test knows npx ${tool}`;
  },
  pulumi: (args) => pulumiProblem(args),
};

function script(name: string | undefined): string | undefined {
  return name !== undefined && name in manifest.scripts ? undefined : `package.json has no script ${name}`;
}

const sourceOf = (file: string): string => file.replace(/^dist\//, "").replace(/\.js$/, ".ts");

/** Subcommands of the Pulumi CLI that the pages use, and the options each is given there. */
export const pulumiOptions: Readonly<Record<string, readonly string[]>> = {
  "": ["--cwd"],
  cancel: [],
  "config set": ["--secret"],
  destroy: [],
  login: ["--local"],
  logout: [],
  preview: ["--diff", "--json", "--save-plan", "--policy-pack", "--policy-pack-config"],
  refresh: ["--preview-only"],
  "stack export": ["--file", "--show-secrets"],
  "stack init": [],
  "stack rm": [],
  up: ["--plan", "--policy-pack", "--policy-pack-config"],
};

function pulumiProblem(args: readonly string[]): string | undefined {
  const plain = args.filter((arg) => !arg.startsWith("-"));
  const subcommand = [plain.slice(0, 2).join(" "), plain[0] ?? ""].find((name) => name in pulumiOptions);
  if (subcommand === undefined) return `no test knows pulumi ${plain[0]}`;
  const known = pulumiOptions[subcommand] ?? [];
  const options = args.filter((arg) => arg.startsWith("-")).map((arg) => arg.split("=")[0] ?? "");
  const other = options.find((option) => !known.includes(option));
  return other === undefined ? undefined : `no test knows pulumi ${subcommand} ${other}`;
}

function words(line: string): string[] {
  return (line.match(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g) ?? []).map((word) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, "$1$2"),
  );
}
