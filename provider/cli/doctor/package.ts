import { existsSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { type Manifest, manifestIn, packageManifest } from "../packageManifest";
import { bad, good, type Verdict, warning } from "./verdict";

const OWN = "pulumi-hologram";
const SDK = "@pulumi/pulumi";

/**
 * The package as the program's folder sees it: that is where Pulumi's provider process looks for it. And its versions: a
 * package of the same workspace may bring another, and then program and provider do not understand each other.
 */
export function checkPackage(start: string): readonly Verdict[] {
  const folder = projectAbove(resolve(start));
  if (folder === undefined) {
    return [
      warning(
        "package",
        `there is no package.json in ${start} or above it`,
        "Run doctor in the folder of the Pulumi program, or name it with --program",
      ),
    ];
  }
  return [ownVerdict(folder), ...sdkVerdict(folder)];
}

function ownVerdict(folder: string): Verdict {
  const seen = find(folder, OWN);
  const others = broughtBy(folder);
  const own = packageManifest().version;
  if (seen === undefined) {
    const [other] = others;
    const through = other === undefined ? "" : `; ${other.by} has it, and Pulumi does not look there`;
    const wanted = other === undefined ? OWN : `${OWN}@${other.version}`;
    return bad(
      "package",
      `${OWN} cannot be found from ${folder}${through}`,
      `Run npm install ${wanted} there`,
    );
  }
  const different = others.filter(({ path }) => path !== seen.path);
  if (different.length > 0) {
    return bad(
      "package",
      `${OWN} is there more than once, and program and provider may not understand each other`,
      `Have one version in ${folder} and in what it depends on`,
      [
        `${seen.version} in ${seen.path}`,
        ...different.map(({ version, path, by }) => `${version} in ${path}, for ${by}`),
      ],
    );
  }
  if (seen.version !== own) {
    return warning(
      "package",
      `${folder} has ${seen.version}, and this is ${own}`,
      `Run npx ${OWN} in ${folder}, or install ${own} there`,
    );
  }
  return good("package", `${seen.version}, seen from ${folder}`);
}

function sdkVerdict(folder: string): readonly Verdict[] {
  const seen = find(folder, SDK);
  const wanted = packageManifest().peerDependencies[SDK] ?? "";
  if (seen === undefined) {
    return [bad("Pulumi SDK", `${SDK} cannot be found from ${folder}`, `Run npm install ${SDK} there`)];
  }
  if (!isFrom(wanted, seen.version)) {
    return [
      bad("Pulumi SDK", `${SDK} is ${seen.version}; it takes ${wanted}`, `Run npm install ${SDK}@latest`),
    ];
  }
  return [good("Pulumi SDK", seen.version)];
}

interface Installed {
  readonly path: string;
  readonly version: string;
}

/** As Node finds it from a folder, symbolic links followed. */
function find(folder: string, name: string): Installed | undefined {
  try {
    const manifest = createRequire(join(folder, "package.json")).resolve(`${name}/package.json`);
    const path = realpathSync(dirname(manifest));
    return { path, version: manifestIn(path)?.version ?? "" };
  } catch {
    return undefined;
  }
}

/** Where the packages that a program depends on find this one, followed through those that depend on it themselves. */
function broughtBy(folder: string): (Installed & { readonly by: string })[] {
  const found: (Installed & { readonly by: string })[] = [];
  const seen = new Set([realpathSync(folder)]);
  const follow = (from: string, manifest: Manifest | undefined): void => {
    for (const name of Object.keys({ ...manifest?.dependencies, ...manifest?.devDependencies })) {
      const dependency = name === OWN ? undefined : find(from, name);
      if (dependency === undefined || seen.has(dependency.path)) continue;
      seen.add(dependency.path);
      const its = manifestIn(dependency.path);
      if (its?.dependencies[OWN] === undefined && its?.peerDependencies[OWN] === undefined) continue;
      const brought = find(dependency.path, OWN);
      if (brought !== undefined) found.push({ ...brought, by: name });
      follow(dependency.path, { ...its, devDependencies: {} });
    }
  };
  follow(folder, manifestIn(folder));
  return found;
}

function projectAbove(folder: string): string | undefined {
  if (existsSync(join(folder, "package.json"))) return folder;
  const above = dirname(folder);
  return above === folder ? undefined : projectAbove(above);
}

/** Whether a version is in a caret range, which is all that this package's manifest has. */
function isFrom(range: string, version: string): boolean {
  const [wanted, had] = [range.replace(/^\^/, ""), version].map((text) => text.split(".").map(Number));
  const [[major = 0, minor = 0, patch = 0], [hasMajor = 0, hasMinor = 0, hasPatch = 0]] = [
    wanted ?? [],
    had ?? [],
  ];
  if (hasMajor !== major) return false;
  return hasMinor > minor || (hasMinor === minor && hasPatch >= patch);
}
