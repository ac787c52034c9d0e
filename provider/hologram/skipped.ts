import type { Place } from "./errors";

/** Items of one list that cannot be read and are passed over: a single bad one must not make every read fail. */
export class Skipped {
  count = 0;
  /** What is wrong with the first of them. */
  problem = "";

  note(problem: string): void {
    if (this.count++ === 0) this.problem = problem;
  }

  /** For a warning. Never the content of an item. */
  sentence({ method, path }: Place): string {
    const [items, were, them] = this.count === 1 ? ["item", "was", "it"] : ["items", "were", "them"];
    return (
      `${this.count} ${items} of Hologram's answer to ${method} ${path} cannot be read and ${were} passed over ` +
      `(${this.problem}); as far as can be told, nothing that was asked for is among ${them}`
    );
  }
}
