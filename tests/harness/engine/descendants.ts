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

/** When a process started: numbers of processes come again. Undefined where it is gone, or the machine does not tell. */
export function startOf(id: number): number | undefined {
  return fieldOf(id, 19);
}

function parentOf(id: string): number | undefined {
  return fieldOf(id, 1);
}

/** A number of the process's status; its name in parentheses may hold anything, and they are counted after it. */
function fieldOf(id: number | string, place: number): number | undefined {
  try {
    const fields = readFileSync(`/proc/${id}/stat`, "utf8").split(") ").at(-1)?.split(" ");
    return Number(fields?.[place]);
  } catch {
    return undefined;
  }
}

/** Kills a process, its group and its descendants at once; also those that are just being started. */
export function killTree(root: number): void {
  const stopped = new Set<number>();
  for (let found = [root]; found.length > 0; ) {
    signalAll(found, "SIGSTOP");
    for (const id of found) stopped.add(id);
    found = descendantsOf(root).filter((id) => !stopped.has(id));
  }
  killAll([-root, ...stopped]);
}

/** Kills a process and leaves those alive that it started; answers who they are. */
export function killAlone(id: number): number[] {
  signalAll([id], "SIGSTOP");
  const left = descendantsOf(id);
  killAll([id]);
  return left;
}

/** Kills these processes, or groups. Those that are gone already do not matter. */
export function killAll(ids: readonly number[]): void {
  signalAll(ids, "SIGKILL");
}

function signalAll(ids: readonly number[], signal: NodeJS.Signals): void {
  for (const id of ids) {
    try {
      process.kill(id, signal);
    } catch {
      // Gone already.
    }
  }
}
