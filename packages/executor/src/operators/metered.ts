import type { NodeActuals } from '@drops/planner';
import type { ReadCounts } from '@drops/store';
import type { Batch } from '../row.js';
import type { Source } from './source.js';

/** Rows of a source so far, and what it took: time, keys and bytes, those of its inputs included. */
export interface Meter {
  rows: number;
  ms: number;
  keys: number;
  bytes: number;
}

/** A meter that nothing has passed yet. */
export const freshMeter = (): Meter => ({ rows: 0, ms: 0, keys: 0, bytes: 0 });

/** Counts what passes. */
export function meteredSource(input: Source, meter: Meter, reads: ReadCounts): Source {
  const count = (batch: Batch | null): Batch | null => {
    meter.rows += batch?.length ?? 0;
    return batch;
  };
  return {
    next() {
      const started = performance.now();
      const { keys, bytes } = reads;
      const note = (batch: Batch | null): Batch | null => {
        meter.ms += performance.now() - started;
        meter.keys += reads.keys - keys;
        meter.bytes += reads.bytes - bytes;
        return count(batch);
      };
      const pulled = input.next();
      return pulled instanceof Promise ? pulled.then(note) : note(pulled);
    },
    close: () => input.close(),
  };
}

/** What a meter shows: time to a microsecond. */
export function readMeter(meter: Meter): NodeActuals {
  const { rows, keys, bytes } = meter;
  return { rows, keys, bytes, ms: Math.round(meter.ms * 1000) / 1000 };
}
