import { SerialByKey } from "../../util/concurrency";

/**
 * What this process knows of the program's tags. A rename of the resource, a new parent and a replace create first and
 * delete after (seen on the real engine), and what they create is the tag that is there: the delete must spare it.
 */
export class DeclaredTags {
  private readonly names = new Set<string>();
  private readonly made = new Set<number>();
  private readonly creates = new SerialByKey<number>();

  /** Notes that the program declares a tag of this name. Checks do; nothing else runs for living resources alone. */
  declare(orgId: number, name: string): void {
    this.names.add(`${orgId} ${name}`);
  }

  /** Whether the program declares a tag of this name, so that the tag must stay. */
  declares(orgId: number, name: string): boolean {
    return this.names.has(`${orgId} ${name}`);
  }

  /** Notes a tag that a resource of this stack made. */
  recordMade(tagId: number): void {
    this.made.add(tagId);
  }

  /** Whether a resource of this stack made the tag, as far as this process has seen. */
  isMade(tagId: number): boolean {
    return this.made.has(tagId);
  }

  /** Runs `create` when no other of the organization is under way: two that look first and create after make two tags. */
  oneAtATime<T>(orgId: number, create: () => Promise<T>): Promise<T> {
    return this.creates.run(orgId, create);
  }
}
