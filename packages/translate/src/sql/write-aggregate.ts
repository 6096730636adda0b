import type { AggregateColumn, Expression } from '@drops/ir';
import { atom, bare, join, type Fragment } from './fragment.js';
import { identifier } from './context.js';
import type { ScalarKind } from './dialect.js';
import { jsonPlace, type Names } from './names.js';
import type { ValueKind, Writer } from './writer.js';

const readings: readonly ScalarKind[] = ['boolean', 'number', 'text'];

/** An aggregate over the rows of a group. NULL is skipped; the sum of nothing is 0. */
export function writeAggregate(aggregate: AggregateColumn, writer: Writer): Fragment {
  const { argument, fn } = aggregate;
  if (fn === 'count' || !argument) return atom`COUNT(*)`;
  const { dialect } = writer.context;
  const kind = writer.kindOf(argument);
  writer.context.fidelity.schema();
  switch (fn) {
    case 'sum':
      return atom`COALESCE(SUM(${numbers(argument, kind, writer)}), 0)`;
    case 'avg':
      return dialect.average(numbers(argument, kind, writer));
    case 'min':
    case 'max':
      return extreme(fn, argument, kind, writer);
    case 'first':
    case 'last':
      return edge(fn, aggregate, argument, writer);
    case 'distinct':
      return distinct(aggregate, argument, kind, writer);
  }
}

/** What is no number does not count. */
function numbers(argument: Expression, kind: ValueKind, writer: Writer): Fragment {
  return kind === 'number' || kind === 'unknown' ? writer.value(argument, 'number') : atom`NULL`;
}

/** True for a value read out of a JSON column whose type nothing tells. */
function isOpen(argument: Expression, kind: ValueKind, writer: Writer): boolean {
  if (kind !== 'unknown' || argument.kind !== 'Field') return false;
  return jsonPlace(writer.place(argument)) !== undefined;
}

/** Mixed types order boolean, number, text: the lowest of the first type there is, the highest of the last. */
function extreme(fn: 'min' | 'max', argument: Expression, kind: ValueKind, writer: Writer): Fragment {
  const { dialect } = writer.context;
  if (!isOpen(argument, kind, writer)) {
    const known = kind === 'boolean' || kind === 'number' || kind === 'text' ? kind : 'other';
    return dialect.extreme(fn, writer.value(argument, kind), known);
  }
  const kinds = fn === 'min' ? readings : [...readings].reverse();
  const each = kinds.map((k) => dialect.json.from(dialect.extreme(fn, writer.value(argument, k), k), k));
  return atom`COALESCE(${join(each, ', ')})`;
}

/** `_created_at` and `_key`, by which first and last are told. */
function orderColumns(names: Names, aggregate: AggregateColumn, writer: Writer): readonly Fragment[] {
  const { span } = aggregate;
  const table = names.kind === 'drop' ? names.table : names.kind === 'joined' ? names.left : undefined;
  if (!table)
    return writer.context.refuse(aggregate.fn, 'rows that were picked or grouped have no time', span);
  const prefix = writer.scope.qualified ? atom`${identifier(writer.context, table.name, span)}.` : atom``;
  return ['_created_at', '_key'].map((c) => bare(atom`${prefix}${identifier(writer.context, c, span)}`));
}

function edge(
  fn: 'first' | 'last',
  aggregate: AggregateColumn,
  argument: Expression,
  writer: Writer,
): Fragment {
  const { context } = writer;
  if (!context.dialect.edge) {
    return context.refuse(
      `the aggregate ${fn}`,
      'it has no aggregate that takes one row by its order',
      aggregate.span,
    );
  }
  const keys = orderColumns(writer.scope.names, aggregate, writer);
  const kind = writer.kindOf(argument);
  const of = isOpen(argument, kind, writer) ? groupedValue(argument, writer) : writer.value(argument, kind);
  return context.dialect.edge(fn, of, keys);
}

function distinct(
  aggregate: AggregateColumn,
  argument: Expression,
  kind: ValueKind,
  writer: Writer,
): Fragment {
  const { context } = writer;
  if (!context.dialect.distinct) {
    return context.refuse(
      'the aggregate distinct',
      'it has no aggregate that lists each value once',
      aggregate.span,
    );
  }
  const open = isOpen(argument, kind, writer);
  if (open) context.fidelity.approximate('values of mixed types come in the order of the database');
  return context.dialect.distinct(open ? groupedValue(argument, writer) : writer.value(argument, kind));
}

/** A value as a group shows it: null and missing are one. */
export function groupedValue(expression: Expression, writer: Writer): Fragment {
  const kind = writer.kindOf(expression);
  if (!isOpen(expression, kind, writer) || expression.kind !== 'Field') return writer.value(expression, kind);
  const place = writer.place(expression);
  if (place.kind !== 'columns') return writer.value(expression, kind);
  const { json } = writer.context.dialect;
  const read = place.columns.map((c) => json.grouped(c, place.path));
  const [only] = read;
  return only && read.length === 1 ? only : atom`COALESCE(${join(read, ', ')})`;
}
