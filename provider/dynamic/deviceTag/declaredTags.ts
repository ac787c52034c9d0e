import { SerialByKey } from "../../util/concurrency";

/**
 * What this process knows about the program's tags. A rename of the resource, a new parent and a replacement create
 * first and delete afterwards (seen on the real engine). The create takes over the existing tag, so the delete must spare
 * it.
 */
export class DeclaredTags {
  readonly #names = new Set<string>();
  readonly #made = new Set<number>();
  readonly #creates = new SerialByKey<number>();

  /** Notes that the program declares a tag of this name. Called by checks, which run only for resources in the program. */
  declare(orgId: number, name: string): void {
    this.#names.add(`${orgId} ${name}`);
  }

  /** Whether the program declares a tag of this name, so the tag must stay. */
  declares(orgId: number, name: string): boolean {
    return this.#names.has(`${orgId} ${name}`);
  }

  /** Notes a tag that a resource of this stack created. */
  recordMade(tagId: number): void {
    this.#made.add(tagId);
  }

  /** Whether a resource of this stack created the tag and this process knows of it. */
  isMade(tagId: number): boolean {
    return this.#made.has(tagId);
  }

  /** Runs creates of one organization one at a time: two that look first and create afterwards would make two tags. */
  oneAtATime<T>(orgId: number, create: () => Promise<T>): Promise<T> {
    return this.#creates.run(orgId, create);
  }
}
