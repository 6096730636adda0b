/**
 * What an application does whose store syncs once a commit: writes that arrive in one turn of the event loop are
 * committed together, and all are answered after the sync.
 */
export function batching<T>(commit: (items: readonly T[]) => void): (item: T) => Promise<void> {
  let waiting: T[] = [];
  let settle: { resolve: () => void; reject: (reason: unknown) => void }[] = [];
  const flush = (): void => {
    const [items, answered] = [waiting, settle];
    [waiting, settle] = [[], []];
    try {
      commit(items);
      for (const { resolve } of answered) resolve();
    } catch (thrown) {
      for (const { reject } of answered) reject(thrown);
    }
  };
  return (item) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push(item);
      settle.push({ resolve, reject });
    });
}
