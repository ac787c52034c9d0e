/** Peak memory of the processes that an engine starts, read from `/proc`; nothing on machines without it. */
import { readFileSync } from "node:fs";
import { commandLine, descendantsOf } from "../harness/engine/descendants";

/** Largest resident memory in bytes, by what the process is. */
export interface Peak {
  readonly provider?: number;
  readonly engine?: number;
}

const LOOK_FOR_PROCESSES = 150;
const READ = 25;

/** Watches everything below `root` until `stop`. The kernel keeps the peak itself, so the last look of each process counts. */
export class MemoryWatch {
  private readonly kinds = new Map<number, keyof Peak>();
  private readonly peaks = new Map<keyof Peak, number>();
  private readonly timers: NodeJS.Timeout[];

  constructor(private readonly root: number) {
    this.timers = [setInterval(() => this.find(), LOOK_FOR_PROCESSES), setInterval(() => this.read(), READ)];
  }

  stop(): Peak {
    for (const timer of this.timers) clearInterval(timer);
    return Object.fromEntries(this.peaks);
  }

  private find(): void {
    for (const id of [this.root, ...descendantsOf(this.root)]) {
      const kind = this.kinds.has(id) ? undefined : kindOf(commandLine(id));
      if (kind !== undefined) this.kinds.set(id, kind);
    }
  }

  private read(): void {
    for (const [id, kind] of this.kinds) {
      const peak = peakOf(id);
      if (peak === undefined) this.kinds.delete(id);
      else this.peaks.set(kind, Math.max(peak, this.peaks.get(kind) ?? 0));
    }
  }
}

function kindOf(command: string): keyof Peak | undefined {
  if (/^\S*node\0\S*dynamic-provider/.test(command)) return "provider";
  return /^\S*\/pulumi\0/.test(command) ? "engine" : undefined;
}

/** The kernel's own high-water mark of a process, in bytes. */
export function peakOf(id: number | "self"): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
