import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";

/** The `pulumi` process that this one works for. */
export interface CliProcess {
  /** The same in every process of one command, and in no other command: a process id and when it began. */
  readonly name: string;
  /** About when it began; undefined where that cannot be read. */
  readonly startedAtMs: number | undefined;
}

/** What the system tells of a process. */
export interface ProcessFacts {
  readonly parent: number;
  readonly program: string;
  /** When it began, in whatever form: only the same process has the same. */
  readonly start: string;
  readonly startedAtMs: number;
}

/**
 * The nearest `pulumi` above this process; a launcher or the language host stands between (seen with Pulumi 3.255). Undefined
 * where there is none (the embedded engine, a program of the Automation API), and on Windows, where nothing cheap tells the
 * parent of another process.
 */
export function cliProcess(): CliProcess | undefined {
  known ??= { cli: findCli(process.ppid, factsBySystem()) };
  return known.cli;
}

let known: { readonly cli: CliProcess | undefined } | undefined;

export function findCli(
  from: number,
  factsOf: (pid: number) => ProcessFacts | undefined,
): CliProcess | undefined {
  let pid = from;
  for (let steps = 0; steps < MOST_STEPS && pid > 0; steps++) {
    const facts = factsOf(pid);
    if (facts === undefined) return undefined;
    const { parent, program, start, startedAtMs } = facts;
    if (CLI.test(program)) {
      return {
        name: `cli ${pid} ${start}`,
        startedAtMs: Number.isFinite(startedAtMs) ? startedAtMs : undefined,
      };
    }
    pid = parent;
  }
  return undefined;
}

/** As it is called everywhere, and inside the wrapper of nixpkgs. */
const CLI = /^\.?pulumi(-wrapped)?$/;

/** More than any real chain: process ids that come back could make a circle. */
const MOST_STEPS = 64;

function factsBySystem(): (pid: number) => ProcessFacts | undefined {
  if (process.platform === "win32") return () => undefined;
  return existsSync("/proc/self/stat") ? factsInProc() : factsFromPs();
}

/** Linux: a file for each process, and no process is started. */
export function factsInProc(): (pid: number) => ProcessFacts | undefined {
  const boot = textOf("/proc/sys/kernel/random/boot_id")?.trim() ?? "";
  const ownTicks = statOf("self")?.ticks ?? Number.NaN;
  return (pid) => {
    const stat = statOf(`${pid}`);
    if (stat === undefined) return undefined;
    const { parent, program, ticks } = stat;
    // Counted from this process: in a container the time since the machine began may be told otherwise.
    const startedAtMs = performance.timeOrigin - (ownTicks - ticks) * MS_PER_TICK;
    return { parent, program, start: `${ticks} ${boot}`, startedAtMs };
  };
}

/** USER_HZ, which is 100 on every architecture that Node runs on. */
const MS_PER_TICK = 10;

/** proc(5): the name stands in brackets, and may hold some; the parent comes second after it, the start twentieth. */
function statOf(pid: string): { parent: number; program: string; ticks: number } | undefined {
  const text = textOf(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  const end = text.lastIndexOf(")");
  const fields = text.slice(end + 2).split(" ");
  return {
    parent: Number(fields[1]),
    program: text.slice(text.indexOf("(") + 1, end),
    ticks: Number(fields[19]),
  };
}

/** macOS and the BSDs: one call tells all processes. */
export function factsFromPs(): (pid: number) => ProcessFacts | undefined {
  const all = new Map<number, ProcessFacts>();
  for (const line of psLines()) {
    const [, pid, parent, start = "", path = ""] =
      /^\s*(\d+)\s+(\d+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*)$/.exec(line) ?? [];
    const facts = { parent: Number(parent), program: basename(path.trim()), start };
    all.set(Number(pid), { ...facts, startedAtMs: Date.parse(`${start} UTC`) });
  }
  return (pid) => all.get(pid);
}

function psLines(): string[] {
  const env = { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" };
  try {
    const args = ["-A", "-o", "pid=,ppid=,lstart=,comm="];
    const text = execFileSync("ps", args, { env, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return text.split("\n");
  } catch {
    return [];
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
