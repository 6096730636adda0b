import { assertNever } from '@drops/diagnostics';
import type { AggregateColumn, Expression, Group } from '@drops/ir';
import { anyOf, atom, clause, join, predicate, type Fragment } from '../sql/fragment.js';
import { groupedValue } from '../sql/write-aggregate.js';
import { nestedPlace } from '../sql/write-comparison.js';
import type { Writer } from '../sql/writer.js';
import { leave } from './stored-context.js';
import { routeOrder } from './stored-order.js';

/** An aggregate, and where it would not be ours: lists and objects have another order there. */
interface StoredAggregate {
  readonly value: Fragment;
  readonly unlike?: Fragment;
}

/** Numbers in the order of the route: fractions are added as the engine adds them, so sums are the same to the last bit. */
function sumOf(argument: Expression, writer: Writer): { readonly sum: Fragment; readonly count: Fragment } {
  const kind = writer.kindOf(argument);
  if (kind !== 'number' && kind !== 'unknown') return leave('a sum of what is no number', argument);
  const of = writer.value(argument, 'number');
  return { sum: atom`SUM(${of} ORDER BY ${routeOrder})`, count: atom`COUNT(${of})` };
}

function extreme(fn: 'MIN' | 'MAX', argument: Expression, writer: Writer): StoredAggregate {
  const { json, extreme: of } = writer.context.dialect;
  const place = nestedPlace(argument, writer);
  const [column] = place?.columns ?? [];
  if (!place || !column) return { value: atom`${fn}(${writer.value(argument, writer.kindOf(argument))})` };
  const name = fn === 'MIN' ? 'min' : 'max';
  // The lowest of the first type there is, the highest of the last.
  const kinds = ['boolean', 'number', 'text'] as const;
  const each = kinds.map((kind) => json.from(of(name, json.typed(column, place.path, kind), kind), kind));
  return {
    value: atom`COALESCE(${join(name === 'min' ? each : each.toReversed(), ', ')})`,
    unlike: atom`BOOL_OR(jsonb_typeof(${json.raw(column, place.path)}) IN ('array', 'object'))`,
  };
}

/** The value of the first or last row by created_at, key and tx, null skipped. */
function edge(fn: 'first' | 'last', argument: Expression, writer: Writer): Fragment {
  const of = groupedValue(argument, writer);
  const order =
    fn === 'first'
      ? '"_created_at", "_key" NULLS LAST, "tx"'
      : '"_created_at" DESC, "_key" DESC NULLS FIRST, "tx" DESC';
  return atom`(ARRAY_AGG(${of} ORDER BY ${order}) FILTER (WHERE ${of} IS NOT NULL))[1]`;
}

/** Each value once, in any order. */
function distinct(argument: Expression, writer: Writer): Fragment {
  if (writer.kindOf(argument) === 'time') return leave('a list of times', argument);
  const of = groupedValue(argument, writer);
  return atom`COALESCE(JSONB_AGG(DISTINCT ${of}) FILTER (WHERE ${of} IS NOT NULL), '[]')`;
}

function storedAggregate({ fn, argument, span }: AggregateColumn, writer: Writer): StoredAggregate {
  if (fn === 'count' && argument === undefined) return { value: atom`COUNT(*)` };
  if (argument === undefined) return leave(fn, { span });
  switch (fn) {
    case 'count':
      return leave('a count of values', argument);
    case 'sum':
      // Zero has no sign.
      return { value: atom`COALESCE(${sumOf(argument, writer).sum}, 0) + 0` };
    case 'avg': {
      const { sum, count } = sumOf(argument, writer);
      return { value: atom`CAST(${sum} AS DOUBLE PRECISION) / NULLIF(${count}, 0) + 0` };
    }
    case 'min':
      return extreme('MIN', argument, writer);
    case 'max':
      return extreme('MAX', argument, writer);
    case 'first':
    case 'last':
      return { value: edge(fn, argument, writer) };
    case 'distinct':
      return { value: distinct(argument, writer) };
    default:
      return assertNever(fn);
  }
}

/**
 * `SELECT` of groups: their values, their aggregates, and whether the answer of any is not ours. `source`: FROM and WHERE.
 */
export function selectGroups({ by, aggregates, span }: Group, source: Fragment, writer: Writer): Fragment {
  // Groups by nothing at all have no row over nothing, which SQL does not know.
  if (by && by.length === 0) return leave('groups by nothing', { span });
  const values = (by ?? []).map(({ expression }) =>
    expression.kind === 'Field' ? groupedValue(expression, writer) : leave('this group', expression),
  );
  const made = aggregates.map((aggregate) => storedAggregate(aggregate, writer));
  const unlike = made.flatMap((one) => (one.unlike ? [predicate`${one.unlike} IS TRUE`] : []));
  const cells = [
    ...values,
    ...made.map(({ value }) => value),
    unlike.length > 0 ? anyOf(unlike) : atom`FALSE`,
  ];
  const grouped = values.length > 0 ? clause` GROUP BY ${join(values, ', ')}` : clause``;
  return clause`SELECT ${join(cells, ', ')}${source}${grouped}`;
}
