/** The machine and the versions that figures were measured with; nothing that names the machine. */
import { createRequire } from "node:module";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { engineName } from "./stack";

const load = createRequire(__filename);

export function setting(): Readonly<Record<string, string>> {
  const processor = cpus()[0]?.model.trim() ?? "unknown";
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${availableParallelism()} cores (${processor}), ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform}`,
    // Above the number of cores other work was in the way, and only ratios tell something.
    load: `${(loadavg()[0] ?? 0).toFixed(1)} processes at the end of the run`,
    engine: engineName(),
    "Node.js": process.version,
    "@pulumi/pulumi": versionOf("@pulumi/pulumi"),
    undici: versionOf("undici"),
    "pulumi-hologram": versionOf("pulumi-hologram"),
  };
}

function versionOf(name: string): string {
  const manifest: { version: string } = load(`${name}/package.json`);
  return manifest.version;
}
