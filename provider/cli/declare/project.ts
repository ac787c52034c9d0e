import { mkdir, readdir, writeFile } from "node:fs/promises";
import { basename, join, relative, resolve, sep } from "node:path";
import { messageOf } from "../../fleet/model/fleetErrors";
import { CommandError } from "../command";
import { manifestIn, packageManifest } from "../packageManifest";
import { slug } from "./names";

/**
 * Writes a project that runs: `Pulumi.yaml`, `package.json`, `tsconfig.json` and `index.ts`. Nothing is overwritten: a
 * folder that holds anything is a `CommandError`.
 */
export async function writeProject(folder: string, program: string): Promise<void> {
  const name = slug(basename(resolve(folder))) || "fleets";
  const files = {
    "Pulumi.yaml": pulumiYaml(name),
    "package.json": manifest(name, folder),
    "tsconfig.json": TSCONFIG,
  };
  try {
    await mkdir(folder, { recursive: true });
    if ((await readdir(folder)).length > 0)
      throw new CommandError(`${folder} is not empty, and nothing in it was changed: name a new folder.`);
    for (const [file, text] of Object.entries({ ...files, "index.ts": program, ".gitignore": GITIGNORE }))
      await writeFile(join(folder, file), text, { flag: "wx" });
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${folder} cannot be written: ${messageOf(error)}.`);
  }
}

/** What to do in the new folder. */
export function nextSteps(folder: string): string {
  return `Written to ${folder}. Next:
  cd ${folder}
  npm install
  pulumi stack init production
  pulumi preview`;
}

function pulumiYaml(name: string): string {
  return `name: ${JSON.stringify(name)}
description: SIMs that were active already
runtime: nodejs
`;
}

function manifest(name: string, folder: string): string {
  const { peerDependencies } = packageManifest();
  const packages = {
    "@pulumi/pulumi": peerDependencies["@pulumi/pulumi"],
    "pulumi-hologram": ownSpecifier(folder),
  };
  const development = { "@types/node": "^24.0.0", typescript: "^5.9.0" };
  return json({
    name: /^[\x21-\x7e]+$/.test(name) ? name : "fleets",
    private: true,
    main: "index.ts",
    dependencies: packages,
    devDependencies: development,
  });
}

/** Where the new project gets this package: as the project here does, which may have it from a file. */
function ownSpecifier(folder: string): string {
  const { dependencies = {}, devDependencies = {} } = manifestIn(".") ?? {};
  const here = dependencies["pulumi-hologram"] ?? devDependencies["pulumi-hologram"];
  if (here === undefined) return `^${packageManifest().version}`;
  const [, file] = /^file:(.*)$/.exec(here) ?? [];
  return file === undefined ? here : `file:${relative(resolve(folder), resolve(file)).replaceAll(sep, "/")}`;
}

/** As Pulumi's own template for TypeScript has it. */
const TSCONFIG = json({
  compilerOptions: {
    strict: true,
    target: "es2022",
    module: "nodenext",
    moduleResolution: "nodenext",
    skipLibCheck: true,
    noEmit: true,
  },
  files: ["index.ts"],
});

const GITIGNORE = "/node_modules/\n";

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
