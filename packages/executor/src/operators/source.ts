import type { Pacer } from '../pacer.js';
import { batchSize, type Batch, type Row } from '../row.js';

export type Pulled = Batch | null | Promise<Batch | null>;

/** Rows in batches: null at the end. Synchronous unless the store or the pacer makes it wait. */
export interface Source {
  next(): Pulled;
  /** Frees what the source holds; safe to call twice and before the end. */
  close(): void;
}

/** No rows. */
export const emptySource: Source = { next: () => null, close: () => undefined };

/** Each batch mapped to another one; empty ones are not passed on. */
export function mapBatches(input: Source, pacer: Pacer, map: (batch: Batch) => Batch): Source {
  const next = (): Pulled => {
    for (;;) {
      const pause = pacer.tick();
      if (pause) return pause.then(next);
      const pulled = input.next();
      if (pulled instanceof Promise) return pulled.then((batch) => (batch === null ? null : mapLater(batch)));
      if (pulled === null) return null;
      const batch = map(pulled);
      if (batch.length > 0) return batch;
    }
  };
  const mapLater = (pulled: Batch): Pulled => {
    const batch = map(pulled);
    return batch.length > 0 ? batch : next();
  };
  return { next, close: () => input.close() };
}

/** Gives every batch to `take`, to the end. */
export function drain(input: Source, pacer: Pacer, take: (batch: Batch) => void): void | Promise<void> {
  for (;;) {
    const pause = pacer.tick();
    if (pause) return pause.then(() => drain(input, pacer, take));
    const pulled = input.next();
    if (pulled instanceof Promise) {
      return pulled.then((batch) => {
        if (batch === null) return undefined;
        take(batch);
        return drain(input, pacer, take);
      });
    }
    if (pulled === null) return undefined;
    take(pulled);
  }
}

/** Rows that are known only when all input was seen: `make` is called at the first pull. */
export function lateSource(input: Source, make: () => readonly Row[] | Promise<readonly Row[]>): Source {
  let rows: readonly Row[] | undefined;
  let at = 0;
  const give = (all: readonly Row[]): Batch | null => {
    rows = all;
    if (at >= all.length) return null;
    const batch = all.slice(at, at + batchSize);
    at += batchSize;
    return batch;
  };
  return {
    next() {
      if (rows) return give(rows);
      const made = make();
      return made instanceof Promise ? made.then(give) : give(made);
    },
    close: () => input.close(),
  };
}
