/** Finds and kills a process with everything it started: Pulumi puts its plugins into process groups of their own. */
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Ids of all processes that descend from `root`, as far as this machine tells. */
export function descendantsOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const entry of existsSync("/proc") ? readdirSync("/proc") : []) {
    const parent = /^\d+$/.test(entry) ? parentOf(entry) : undefined;
    if (parent !== undefined) {
      children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
    }
  }
  const below = (id: number): number[] =>
    (children.get(id) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(root);
}

/** Those of its descendants that are dynamic-provider processes. */
export function providersBelow(root: number): number[] {
  return descendantsOf(root).filter((id) => /^\S*node\0\S*dynamic-provider/.test(commandLine(id)));
}

/** Arguments, each ended by a zero character; empty where the process is gone. */
export function commandLine(id: number): string {
  try {
    return readFileSync(`/proc/${id}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

function parentOf(id: string): number | undefined {
  try {
    // The name in parentheses may hold anything; the parent is the second field after it.
    const fields = readFileSync(`/proc/${id}/stat`, "utf8").split(") ").at(-1)?.split(" ");
    return Number(fields?.[1]);
  } catch {
    return undefined;
  }
}

/** Kills a process, its group and its descendants at once. */
export function killTree(root: number): void {
  killAll([-root, root, ...descendantsOf(root)]);
}

/** Kills these processes, or groups. Those that are gone already do not matter. */
export function killAll(ids: readonly number[]): void {
  for (const id of ids) {
    try {
      process.kill(id, "SIGKILL");
    } catch {
      // Gone already.
    }
  }
}
