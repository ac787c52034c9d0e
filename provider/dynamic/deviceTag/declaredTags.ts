/**
 * What this process knows of the program's tags. A rename of the resource, a new parent and a replace create first and
 * delete after (seen on the real engine), and what they create is the tag that is there: the delete must spare it. The
 * same idea as `CheckedSelections`, with names for selections.
 */
export class DeclaredTags {
  private readonly names = new Set<string>();
  private readonly own = new Set<number>();
  private readonly queues = new Map<number, Promise<unknown>>();

  /** Notes that the program declares a tag of this name. Checks do; nothing else runs for living resources alone. */
  declare(orgId: number, name: string): void {
    this.names.add(`${orgId} ${name}`);
  }

  /** Whether the program declares a tag of this name, so that the tag must stay. */
  declares(orgId: number, name: string): boolean {
    return this.names.has(`${orgId} ${name}`);
  }

  /** Notes a tag that a resource of this stack made. */
  isOwn(tagId: number): void {
    this.own.add(tagId);
  }

  /** Whether a resource of this stack made the tag, as far as this process has seen. */
  made(tagId: number): boolean {
    return this.own.has(tagId);
  }

  /** Runs `work` when no other of the organization is under way: two that look first and create after make two tags. */
  async oneAtATime<T>(orgId: number, work: () => Promise<T>): Promise<T> {
    const before = this.queues.get(orgId) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.queues.set(orgId, mine);
    return mine;
  }
}
