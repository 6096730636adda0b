import type { Pacer } from '../pacer.js';
import { batchSize, type Batch, type Row } from '../row.js';
import type { Pulled, Source } from './source.js';

/** Each row becomes the rows `expand` gives for it, in batches no larger than usual. */
export function expandRows(input: Source, pacer: Pacer, expand: (row: Row) => readonly Row[]): Source {
  let batch: Batch = [];
  let at = 0;
  let rest: readonly Row[] = [];
  let restAt = 0;
  /** Fills a batch from what is at hand. */
  const fill = (): Batch => {
    const rows: Row[] = [];
    while (rows.length < batchSize) {
      const pending = rest[restAt];
      if (pending) {
        rows.push(pending);
        restAt += 1;
        continue;
      }
      const row = batch[at];
      if (!row) break;
      at += 1;
      rest = expand(row);
      restAt = 0;
    }
    return rows;
  };
  const take = (pulled: Batch | null): Pulled => {
    if (pulled === null) return null;
    batch = pulled;
    at = 0;
    return next();
  };
  const next = (): Pulled => {
    const pause = pacer.tick();
    if (pause) return pause.then(next);
    const rows = fill();
    if (rows.length > 0) return rows;
    const pulled = input.next();
    return pulled instanceof Promise ? pulled.then(take) : take(pulled);
  };
  return { next, close: () => input.close() };
}
