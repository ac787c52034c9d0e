/** The package as it would be published, packed from this checkout as it is built. */
import assert from "node:assert/strict";
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { z } from "zod";

export const root = resolve(__dirname, "../../..");

export interface Tarball {
  readonly path: string;
  /** Paths inside the package, ascending. */
  readonly files: readonly string[];
  /** Bytes of the tarball, and of what is in it. */
  readonly size: number;
  readonly unpackedSize: number;
}

/** Packs into `directory`. Nothing is built: the tests are part of the same build. */
export function pack(directory: string): Tarball {
  const { status, stdout, stderr } = npm(root, [
    ...["pack", "--json", "--ignore-scripts"],
    ...["--pack-destination", directory],
  ]);
  assert.equal(status, 0, stderr);
  const [told] = answer.parse(JSON.parse(stdout));
  const { filename, files, size, unpackedSize } = told;
  const paths = files.map(({ path }) => path).sort();
  return { path: join(directory, filename), files: paths, size, unpackedSize };
}

function npm(
  cwd: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): SpawnSyncReturns<string> {
  // On Windows npm is a script of the shell.
  const options = {
    cwd,
    env,
    encoding: "utf8",
    shell: process.platform === "win32",
    timeout: 300_000,
  } as const;
  return spawnSync("npm", args, options);
}

const packed = z.object({
  filename: z.string(),
  size: z.number(),
  unpackedSize: z.number(),
  files: z.array(z.object({ path: z.string() })),
});
const answer = z.tuple([packed]);
