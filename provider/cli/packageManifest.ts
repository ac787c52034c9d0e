import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isRecord } from "../hologram/envelope";
import { CommandError } from "./command";

/** The folder of the installed package, or of the checkout. */
const PACKAGE_FOLDER = join(__dirname, "../../..");

/** What a package's manifest says, as far as commands ask for it. */
export interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** The manifest of the package that this command belongs to. */
export function packageManifest(): Manifest {
  const manifest = manifestIn(PACKAGE_FOLDER);
  if (manifest === undefined) throw new CommandError(`${PACKAGE_FOLDER} holds no package.json.`);
  return manifest;
}

/** The manifest in a folder; undefined where there is none, or it cannot be read. */
export function manifestIn(folder: string): Manifest | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    if (!isRecord(manifest)) return undefined;
    return {
      version: typeof manifest.version === "string" ? manifest.version : "",
      dependencies: textsIn(manifest.dependencies),
      peerDependencies: textsIn(manifest.peerDependencies),
      devDependencies: textsIn(manifest.devDependencies),
    };
  } catch {
    return undefined;
  }
}

function textsIn(value: unknown): Readonly<Record<string, string>> {
  const entries = isRecord(value) ? Object.entries(value) : [];
  return Object.fromEntries(
    entries.flatMap(([name, text]) => (typeof text === "string" ? [[name, text] as const] : [])),
  );
}
