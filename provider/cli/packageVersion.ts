import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isRecord } from "../hologram/envelope";
import { CommandError } from "./command";

/** The folder of the installed package, or of the checkout. */
export const PACKAGE_FOLDER = join(__dirname, "../../..");

/** The version of the package that this command belongs to. */
export function packageVersion(): string {
  const version = versionIn(PACKAGE_FOLDER);
  if (version === undefined)
    throw new CommandError(`${PACKAGE_FOLDER} holds no package.json with a version.`);
  return version;
}

/** The version that a folder's package.json names; undefined where there is none, or it cannot be read. */
export function versionIn(folder: string): string | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return isRecord(manifest) && typeof manifest.version === "string" ? manifest.version : undefined;
  } catch {
    return undefined;
  }
}
