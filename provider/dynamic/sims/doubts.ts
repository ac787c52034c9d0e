import { Selection } from "../../fleet/numbers/selection";

/** SIMs of one record whose claim may still be landing. */
export interface Doubt {
  readonly selection: Selection;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/**
 * Doubt is on record with the resource that claimed. When a program is split, or a resource replaced, another one
 * declares the same SIMs and knows nothing of it; within one process it is told. A resource that is renamed without an
 * alias is out of sight: its old record is not read before the new one is created.
 */
export class Doubts {
  /** What each resource declared before, by URN: outputs do not repeat a list. */
  private readonly declared = new Map<string, Selection>();
  private readonly byInstance = new Map<string, Doubt>();

  /** `check` sees the former inputs and no outputs. */
  remember(urn: unknown, selection: Selection | undefined): void {
    if (typeof urn === "string" && selection !== undefined) this.declared.set(urn, selection);
  }

  /** `diff` sees the outputs: what of the former declaration is not held may be on its way. */
  found(urn: unknown, instance: string, held: Selection, until: number): void {
    const declared = (typeof urn === "string" ? this.declared.get(urn) : undefined) ?? Selection.empty;
    this.byInstance.set(instance, { selection: declared.minus(held), until });
  }

  /** What others may have claimed a moment ago. */
  othersThan(instance: string, now: number): Doubt[] {
    return [...this.byInstance].flatMap(([owner, doubt]) =>
      owner === instance || doubt.until <= now || doubt.selection.isEmpty ? [] : [doubt],
    );
  }
}
