import type { NodeActuals } from '@drops/planner';
import type { Batch } from '../row.js';
import type { Source } from './source.js';

/** Rows and time of a source so far; time includes that of its inputs. */
export interface Meter {
  rows: number;
  ms: number;
}

/** Counts what passes. */
export function meteredSource(input: Source, meter: Meter): Source {
  const count = (batch: Batch | null): Batch | null => {
    meter.rows += batch?.length ?? 0;
    return batch;
  };
  return {
    next() {
      const started = performance.now();
      const pulled = input.next();
      if (!(pulled instanceof Promise)) {
        meter.ms += performance.now() - started;
        return count(pulled);
      }
      return pulled.then((batch) => {
        meter.ms += performance.now() - started;
        return count(batch);
      });
    },
    close: () => input.close(),
  };
}

/** What a meter shows: time to a microsecond. */
export function readMeter(meter: Meter): NodeActuals {
  return { rows: meter.rows, ms: Math.round(meter.ms * 1000) / 1000 };
}
