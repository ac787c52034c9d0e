/**
 * Defines tests of one group, two of which run at a time: most of an operation is waiting for processes to start. Each
 * test begins the next one as well, so that any of them can also run alone.
 */
export function sideBySide(): (title: string, work: () => Promise<void>) => void {
  const begun: (() => Promise<void>)[] = [];
  return (title, work) => {
    const begin = once(work);
    const next = begun.push(begin);
    it(title, async () => {
      const mine = begin();
      // Its own test tells how it ends.
      begun[next]?.().catch(() => undefined);
      await mine;
    });
  };
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= work();
    return running;
  };
}
