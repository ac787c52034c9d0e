import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** A copy of this package: where it is, and in which version. */
export interface PackageCopy {
  readonly folder: string;
  readonly version: string;
}

/**
 * The copy that the provider process will load: it looks from the program's folder, which in a workspace is another
 * place than that of the shared package that imports this one. Undefined where it will find none.
 */
export function packageSeenFrom(folder: string): PackageCopy | undefined {
  try {
    const { resolve } = createRequire(join(folder, "package.json"));
    resolve(`${NAME}/dynamic`);
    return copyAt(dirname(resolve(`${NAME}/package.json`)));
  } catch {
    return undefined;
  }
}

/** The copy that this file belongs to; undefined in a bundle, where it stands in no package of its own. */
export function ownPackage(): PackageCopy | undefined {
  try {
    return copyAt(join(__dirname, "..", "..", ".."));
  } catch {
    return undefined;
  }
}

/**
 * Why the provider process cannot load the package from the program's folder, and what to do about it; undefined where it
 * can. `warning`: it loads another version than the program does, which may not know an input of it.
 */
export function packageProblem(
  folder: string,
  { own, seen }: { readonly own: PackageCopy | undefined; readonly seen: PackageCopy | undefined } = {
    own: ownPackage(),
    seen: packageSeenFrom(folder),
  },
): { readonly error: string } | { readonly warning: string } | undefined {
  const version = own === undefined ? "" : `@${own.version}`;
  if (seen === undefined) {
    const loaded = own === undefined ? "is part of a bundle" : `is loaded from ${own.folder}`;
    return {
      error:
        `Pulumi's provider process looks for ${NAME} from the program's folder, ${folder}, and does not find it there: ` +
        `the program's own copy ${loaded}. Make ${NAME}${version} a dependency of ${join(folder, "package.json")} and ` +
        "install it. Nothing was sent.",
    };
  }
  if (own === undefined || own.version === seen.version) return undefined;
  return {
    warning:
      `two versions of ${NAME}: the program loads ${own.version} from ${own.folder}, and Pulumi's provider process ` +
      `${seen.version} from ${seen.folder}. Inputs that only one of them knows are refused; install one version`,
  };
}

const NAME = "pulumi-hologram";

function copyAt(folder: string): PackageCopy | undefined {
  const text: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  if (typeof text !== "object" || text === null || !("name" in text) || text.name !== NAME) return undefined;
  return "version" in text && typeof text.version === "string"
    ? { folder, version: text.version }
    : undefined;
}
