import type { Batch, Row } from '../row.js';
import { sliceRows } from './slice.js';
import type { Pulled, Source } from './source.js';

/** What a page tells about itself once it was read to its end. */
export interface PageState {
  hasMore: boolean;
  /** The last row given; null when there was none. */
  last: Row | null;
}

/** A slice that reads one row further, to know whether another one exists. */
export function pageRows(input: Source, offset: number, limit: number, state: PageState): Source {
  const further = sliceRows(input, offset, limit + 1);
  let given = 0;
  const give = (batch: Batch | null): Batch | null => {
    if (batch === null) return null;
    const fits = limit - given;
    given += batch.length;
    if (given > limit) state.hasMore = true;
    const rows = given > limit ? batch.slice(0, fits) : batch;
    state.last = rows.at(-1) ?? state.last;
    return rows;
  };
  return {
    next(): Pulled {
      const pulled = further.next();
      return pulled instanceof Promise ? pulled.then(give) : give(pulled);
    },
    close: () => further.close(),
  };
}
