import type { Batch } from '../row.js';
import type { Pulled, Source } from './source.js';

/** The rows from `offset`, `limit` of them; the input is closed as soon as enough are there. */
export function sliceRows(input: Source, offset: number, limit: number | undefined): Source {
  let skip = offset;
  let left = limit ?? Infinity;
  const cut = (batch: Batch | null): Batch | null => {
    if (batch === null) return null;
    if (skip === 0 && batch.length <= left) {
      left -= batch.length;
      return batch;
    }
    const rows = batch.slice(skip, skip + left);
    skip = Math.max(0, skip - batch.length);
    left -= rows.length;
    return rows;
  };
  return {
    next(): Pulled {
      if (left <= 0) {
        input.close();
        return null;
      }
      const pulled = input.next();
      return pulled instanceof Promise ? pulled.then(cut) : cut(pulled);
    },
    close: () => input.close(),
  };
}
