import {
  compareForSort,
  setProperty,
  type AggregateFunction,
  type Json,
  type MutableObject,
} from '@drops/ir';
import { unheld, type Holder } from '../budget.js';
import type { Reader } from '../expressions/read-field.js';
import type { Pacer } from '../pacer.js';
import type { Batch, Row } from '../row.js';
import { accumulatorOf, type Accumulator } from './aggregate.js';
import { canonicalText } from './canonical-text.js';
import { drain, lateSource, mapBatches, type Source } from './source.js';

/** A group in its table, and the row that it becomes. */
export const bytesOfGroup = 200;
/** A value or aggregate of a group, in its accumulator and in its row. */
export const bytesOfCell = 100;

export interface GroupKey {
  readonly as: string;
  readonly value: Reader;
}
export interface GroupAggregate {
  readonly as: string;
  readonly fn: AggregateFunction;
  readonly value: Reader | undefined;
}

interface Group {
  readonly values: readonly Json[];
  readonly accumulators: readonly Accumulator[];
}

const nothing: Reader = () => null;

/** Finds the group of a row. One scalar value is its own key; anything else is told apart by its text. */
function groupTable(keys: readonly GroupKey[], fresh: () => readonly Accumulator[], held: Holder) {
  const byScalar = new Map<Json, Group>();
  const byText = new Map<string, Group>();
  const only = keys.length === 1 ? keys[0]?.value : undefined;
  const found = <K>(table: Map<K, Group>, key: K, values: () => readonly Json[]): Group => {
    let group = table.get(key);
    if (!group) {
      const own = values();
      held.addValue(own);
      group = { values: own, accumulators: fresh() };
      table.set(key, group);
    }
    return group;
  };
  return {
    groupOf(row: Row): Group {
      if (only) {
        const value = only(row) ?? null;
        if (typeof value !== 'object' || value === null) return found(byScalar, value, () => [value]);
        return found(byText, canonicalText(value), () => [value]);
      }
      const values = keys.map((key) => key.value(row) ?? null);
      return found(byText, canonicalText(values), () => values);
    },
    groups: () => [...byScalar.values(), ...byText.values()],
  };
}

/** Groups are given in the order of their values, null last. */
export function compareGroups(a: readonly Json[], b: readonly Json[]): number {
  for (let i = 0; i < a.length; i += 1) {
    const order = compareForSort(a[i], b[i], false);
    if (order !== 0) return order;
  }
  return 0;
}

/** The row of a group: its values, then its aggregates, under their names. */
export function groupRow(
  names: readonly string[],
  values: readonly Json[],
  aggregates: readonly Json[],
): Row {
  const cells = [...values, ...aggregates];
  const columns: MutableObject = {};
  names.forEach((name, i) => setProperty(columns, name, cells[i] ?? null));
  return { drop: null, columns, right: null, from: values };
}

/** What groups are made of: fresh accumulators, how they take a row, and the row that a group becomes. */
function groupMaker(by: readonly GroupKey[] | null, aggregates: readonly GroupAggregate[], held: Holder) {
  const names = [...(by ?? []).map((key) => key.as), ...aggregates.map((a) => a.as)];
  const values = aggregates.map((a) => a.value ?? nothing);
  return {
    fresh(): readonly Accumulator[] {
      held.add(bytesOfGroup + bytesOfCell * names.length);
      return aggregates.map((a) => accumulatorOf(a.fn, held));
    },
    add({ accumulators }: Group, row: Row): void {
      for (let i = 0; i < accumulators.length; i += 1) accumulators[i]?.add(values[i]?.(row), row);
    },
    rowOf: (group: Group): Row =>
      groupRow(
        names,
        group.values,
        group.accumulators.map((a) => a.result()),
      ),
  };
}

/** One row a group, in the order of the group values, null last; without `by` one row, even over nothing. */
export function groupRows(
  input: Source,
  pacer: Pacer,
  by: readonly GroupKey[] | null,
  aggregates: readonly GroupAggregate[],
  held: Holder = unheld,
): Source {
  const { fresh, add, rowOf } = groupMaker(by, aggregates, held);
  return lateSource(input, () => {
    const whole: Group = { values: [], accumulators: fresh() };
    const table = groupTable(by ?? [], fresh, held);
    const finish = () =>
      (by === null ? [whole] : table.groups().sort((a, b) => compareGroups(a.values, b.values))).map(rowOf);
    const done = drain(input, pacer, (batch) => {
      for (const row of batch) add(by === null ? whole : table.groupOf(row), row);
    });
    return done instanceof Promise ? done.then(finish) : finish();
  });
}

/** The same over rows that come group by group, in the order of the groups: one group is held at a time, and given when it has ended. */
export function streamGroups(
  input: Source,
  pacer: Pacer,
  by: readonly GroupKey[],
  aggregates: readonly GroupAggregate[],
  held: Holder = unheld,
): Source {
  const { fresh, add, rowOf } = groupMaker(by, aggregates, held);
  let current: Group | undefined;

  const end = (): readonly Row[] => {
    if (!current) return [];
    const row = rowOf(current);
    current = undefined;
    held.keep(0);
    return [row];
  };
  const ended = mapBatches(input, pacer, (batch) => {
    const rows: Row[] = [];
    for (const row of batch) {
      const values = by.map((key) => key.value(row) ?? null);
      if (!current || compareGroups(current.values, values) !== 0) {
        rows.push(...end());
        held.addValue(values);
        current = { values, accumulators: fresh() };
      }
      add(current, row);
    }
    return rows;
  });
  const orLast = (batch: Batch | null): Batch | null => {
    if (batch !== null) return batch;
    const last = end();
    return last.length > 0 ? last : null;
  };
  return {
    next() {
      const pulled = ended.next();
      return pulled instanceof Promise ? pulled.then(orLast) : orLast(pulled);
    },
    close: () => input.close(),
  };
}
