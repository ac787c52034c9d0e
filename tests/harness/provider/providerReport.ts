import assert from "node:assert/strict";
import type { SeenRequest } from "../../../provider/testing/emulator";
import type { Diagnostic } from "../../../provider/testing/engine/engineContract";

export type Values = Readonly<Record<string, unknown>>;
type Op = "same" | "create" | "update" | "replace" | "delete" | "read";

/** What became of one resource in an operation. */
export interface Step {
  readonly name: string;
  readonly op: Op;
}

/** What one operation did and said, and what the account saw of it. */
export class Report {
  readonly steps: Step[] = [];
  /** Reasons of `check` failures. */
  readonly failures: string[] = [];
  /** Messages of operations that failed altogether. */
  readonly errors: string[] = [];
  /** Reasons of operations that ended part-way, by resource. */
  readonly reasons: string[] = [];
  /** Bytes of the payloads with which operations ended part-way. */
  readonly payloads: number[] = [];
  /** What `check` made of the inputs, by resource. */
  readonly checked: Record<string, Values> = {};
  requests: readonly SeenRequest[] = [];
  lines: readonly Diagnostic[] = [];

  /** Claims that charge. */
  get claims(): readonly SeenRequest[] {
    return this.requests.filter((seen) => seen.path === CLAIM && seen.query.preview === undefined);
  }

  get previews(): readonly SeenRequest[] {
    return this.requests.filter((seen) => seen.path === CLAIM && seen.query.preview !== undefined);
  }

  /** Requests that change something. */
  get writes(): readonly SeenRequest[] {
    return this.requests.filter((seen) => seen.method !== "GET" && seen.query.preview === undefined);
  }

  /** `create fleet, delete other`; what stays the same is left out. */
  get changes(): string {
    const changes = this.steps.filter(({ op }) => op !== "same");
    return changes.map(({ op, name }) => `${op} ${name}`).join(", ");
  }

  /** Everything that a user reads of it. */
  get text(): string {
    const said = this.lines.map(({ message }) => message);
    return [...said, ...this.failures, ...this.errors, ...this.reasons].join("\n");
  }

  get succeeded(): boolean {
    return this.failures.length + this.errors.length + this.reasons.length === 0;
  }

  /** Fails the test with what went wrong. Returns itself. */
  clean(): this {
    assert.deepEqual([...this.failures, ...this.errors, ...this.reasons], []);
    return this;
  }

  /** The `preview` that `check` wrote. */
  preview(name = "fleet"): Values {
    const preview = this.checked[name]?.preview;
    assert(typeof preview === "object" && preview !== null, `check wrote no preview for ${name}`);
    return { ...preview };
  }
}

/** The SIMs that a claim or a preview names in a list. */
export function simsOf(seen: SeenRequest | undefined): string[] {
  const { body } = seen ?? {};
  const sims = typeof body === "object" && body !== null && "sims" in body ? body.sims : [];
  return Array.isArray(sims) ? sims.map(String) : [];
}

const CLAIM = "/links/cellular/bulkclaim";
