import { assertNever } from '@drops/diagnostics';
import { compareValues, type AggregateFunction, type Json } from '@drops/ir';
import { finiteNumber } from '@drops/planner';
import { unheld, type Holder } from '../budget.js';
import { compareTies } from '../order.js';
import type { Row } from '../row.js';
import { canonicalText } from './canonical-text.js';

/** One aggregate of one group: takes the value of each row, gives the result at the end. */
export interface Accumulator {
  add(value: Json | undefined, row: Row): void;
  result(): Json;
}

type Present = Exclude<Json, null>;

/** Aggregates skip null and missing. */
function overValues(add: (value: Present, row: Row) => void, result: () => Json): Accumulator {
  return {
    add(value, row) {
      if (value !== null && value !== undefined) add(value, row);
    },
    result,
  };
}

function counting(): Accumulator {
  let count = 0;
  return {
    add() {
      count += 1;
    },
    result: () => count,
  };
}

function summing(finish: (sum: number, count: number) => number | null): Accumulator {
  let sum = 0;
  let count = 0;
  return {
    add(value) {
      if (typeof value !== 'number') return;
      sum += value;
      count += 1;
    },
    result: () => finish(sum, count),
  };
}

/** Keeps the value that `isBetter` than the one kept. */
function keeping(isBetter: (value: Present, row: Row, kept: Present, keptRow: Row) => boolean): Accumulator {
  let kept: { readonly value: Present; readonly row: Row } | undefined;
  return overValues(
    (value, row) => {
      if (!kept || isBetter(value, row, kept.value, kept.row)) kept = { value, row };
    },
    () => kept?.value ?? null,
  );
}

/** A place in a set. */
const bytesOfMember = 32;

function distinct(held: Holder): Accumulator {
  const scalars = new Set<Present>();
  const others = new Map<string, Present>();
  return overValues(
    (value) => {
      if (typeof value !== 'object') {
        if (scalars.has(value)) return;
        scalars.add(value);
      } else {
        const text = canonicalText(value);
        if (others.has(text)) return;
        others.set(text, value);
        held.add(2 * text.length);
      }
      held.addValue(value);
      held.add(bytesOfMember);
    },
    () => [...scalars, ...others.values()].sort(compareValues),
  );
}

/** A fresh accumulator of an aggregate function; `held` counts what `distinct` gathers. */
export function accumulatorOf(fn: AggregateFunction, held: Holder = unheld): Accumulator {
  switch (fn) {
    case 'count':
      return counting();
    case 'sum':
      return summing((sum) => finiteNumber(sum));
    case 'avg':
      return summing((sum, count) => (count === 0 ? null : finiteNumber(sum / count)));
    case 'min':
      return keeping((value, _row, kept) => compareValues(value, kept) < 0);
    case 'max':
      return keeping((value, _row, kept) => compareValues(value, kept) > 0);
    case 'first':
      return keeping((_value, row, _kept, keptRow) => compareTies(row, keptRow) < 0);
    case 'last':
      return keeping((_value, row, _kept, keptRow) => compareTies(row, keptRow) >= 0);
    case 'distinct':
      return distinct(held);
    default:
      return assertNever(fn);
  }
}
