import { setProperty, type Json, type MutableObject } from '@drops/ir';
import type { CountSource, RowCount } from '@drops/store';
import type { Holder } from '../budget.js';
import type { Pacer } from '../pacer.js';
import type { Row } from '../row.js';
import { bytesOfCell, bytesOfGroup } from './group.js';
import { drain, lateSource, type Source } from './source.js';

export interface CountColumns {
  /** Names of the values counted by, and of the counts. */
  readonly by: readonly string[];
  readonly counts: readonly string[];
}

const sameValues = (a: readonly Json[], b: readonly Json[]): boolean => a.every((value, i) => value === b[i]);

/** Adds counts, those of the same values to each other, until the source ends (true), does not tell (false), or it is the others' turn. */
function sumUp(sum: RowCount[], source: CountSource, pacer: Pacer, held: Holder): boolean | Promise<void> {
  for (;;) {
    const pause = pacer.tick();
    if (pause) return pause;
    const counts = source.next();
    if (!counts) return counts === null;
    for (const { values, count } of counts) {
      const last = sum.at(-1);
      if (last && sameValues(last.values, values))
        sum[sum.length - 1] = { values, count: last.count + count };
      else {
        held.add(bytesOfGroup + bytesOfCell * (values.length + 1));
        held.addValue(values);
        sum.push({ values, count });
      }
    }
  }
}

/** The same to its end. */
async function sumLater(sum: RowCount[], source: CountSource, pacer: Pacer, held: Holder): Promise<boolean> {
  for (;;) {
    const done = sumUp(sum, source, pacer, held);
    if (typeof done === 'boolean') return done;
    await done;
  }
}

function rowOf({ values, count }: RowCount, { by, counts }: CountColumns): Row {
  const columns: MutableObject = {};
  for (const [i, name] of by.entries()) setProperty(columns, name, values[i] ?? null);
  for (const name of counts) setProperty(columns, name, count);
  return { drop: null, columns, right: null, from: values };
}

/** One row a group that has rows; one row in all when nothing is counted by. Where the counts do not tell, the rows of `instead`. */
export function countRows(
  counts: CountSource | undefined,
  pacer: Pacer,
  names: CountColumns & { readonly grouped: boolean; readonly held: Holder },
  instead: () => Source,
): Source {
  let other: Source | undefined;
  const counted = (sum: readonly RowCount[]): readonly Row[] => {
    const groups = sum.filter(({ count }) => count > 0);
    const rows = groups.length === 0 && !names.grouped ? [{ values: [], count: 0 }] : groups;
    return rows.map((row) => rowOf(row, names));
  };
  const readOther = (): readonly Row[] | Promise<readonly Row[]> => {
    const rows: Row[] = [];
    other = instead();
    const done = drain(other, pacer, (batch) => {
      for (const row of batch) rows.push(row);
    });
    return done instanceof Promise ? done.then(() => rows) : rows;
  };
  const closing: Source = { next: () => null, close: () => other?.close() };
  return lateSource(closing, () => {
    const sum: RowCount[] = [];
    const finish = (told: boolean) => (told ? counted(sum) : readOther());
    if (!counts) return readOther();
    const told = sumUp(sum, counts, pacer, names.held);
    if (typeof told === 'boolean') return finish(told);
    return told.then(() => sumLater(sum, counts, pacer, names.held)).then(finish);
  });
}
