/**
 * Tasks one at a time, one at a time for each key, and a few at a time. Forty lines instead of p-limit, which is an ES
 * module of its own with a dependency and has neither of the first two.
 */

/** Runs tasks strictly one after the other, in the order they came. A failed task does not stop the next. */
export class Serial {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

/** A `Serial` for each key. Tasks of different keys run side by side. Made for a handful of keys, which it keeps. */
export class SerialByKey<Key> {
  readonly #queues = new Map<Key, Serial>();

  run<T>(key: Key, task: () => Promise<T>): Promise<T> {
    const queue = this.#queues.get(key) ?? new Serial();
    this.#queues.set(key, queue);
    return queue.run(task);
  }
}

/** Runs at most `limit` tasks at once, in the order they came. A failed task makes room like any other. */
export class Limit {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(limit: number) {
    this.#free = limit;
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      // The place goes to who waits longest, without being free in between.
      if (next === undefined) this.#free++;
      else next();
    }
  }
}
