import { assertNever } from '@drops/diagnostics';
import type { AggregateColumn, Expression, Group, Relation } from '@drops/ir';
import { anyOf, atom, clause, join, predicate, type Fragment } from '../sql/fragment.js';
import { groupedValue } from '../sql/write-aggregate.js';
import { nestedPlace } from '../sql/in-json.js';
import type { Cell } from '../sql/names.js';
import type { Writer } from '../sql/writer.js';
import { leave } from './stored-context.js';
import { rowOrders, type RowOrders } from './stored-order.js';

/** An aggregate, and where it would not be ours: lists and objects have another order there. */
interface StoredAggregate {
  readonly value: Fragment;
  readonly unlike?: Fragment;
}

/** Numbers in the order of the route: fractions are added as the engine adds them, so sums are the same to the last bit. */
function sumOf(
  argument: Expression,
  writer: Writer,
  { natural }: RowOrders,
): { readonly sum: Fragment; readonly count: Fragment } {
  const kind = writer.kindOf(argument);
  if (kind !== 'number' && kind !== 'unknown') return leave('a sum of what is no number', argument);
  const of = writer.value(argument, 'number');
  return { sum: atom`SUM(${of} ORDER BY ${natural})`, count: atom`COUNT(${of})` };
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
function edge(fn: 'first' | 'last', argument: Expression, writer: Writer, orders: RowOrders): Fragment {
  const of = groupedValue(argument, writer);
  const order = fn === 'first' ? orders.ties : orders.tiesReversed;
  return atom`(ARRAY_AGG(${of} ORDER BY ${order}) FILTER (WHERE ${of} IS NOT NULL))[1]`;
}

/** Each value once, in any order. */
function distinct(argument: Expression, writer: Writer): Fragment {
  if (writer.kindOf(argument) === 'time') return leave('a list of times', argument);
  const of = groupedValue(argument, writer);
  return atom`COALESCE(JSONB_AGG(DISTINCT ${of}) FILTER (WHERE ${of} IS NOT NULL), '[]')`;
}

function storedAggregate(
  { fn, argument, span }: AggregateColumn,
  writer: Writer,
  orders: RowOrders,
): StoredAggregate {
  if (fn === 'count' && argument === undefined) return { value: atom`COUNT(*)` };
  if (argument === undefined) return leave(fn, { span });
  switch (fn) {
    case 'count':
      return leave('a count of values', argument);
    case 'sum':
      // Zero has no sign.
      return { value: atom`COALESCE(${sumOf(argument, writer, orders).sum}, 0) + 0` };
    case 'avg': {
      const { sum, count } = sumOf(argument, writer, orders);
      return { value: atom`CAST(${sum} AS DOUBLE PRECISION) / NULLIF(${count}, 0) + 0` };
    }
    case 'min':
      return extreme('MIN', argument, writer);
    case 'max':
      return extreme('MAX', argument, writer);
    case 'first':
    case 'last':
      return { value: edge(fn, argument, writer, orders) };
    case 'distinct':
      return { value: distinct(argument, writer) };
    default:
      return assertNever(fn);
  }
}

const hasJoin = (relation: Relation): boolean =>
  relation.kind === 'Join' || (relation.kind === 'Filter' && hasJoin(relation.input));

/** What a value or an aggregate of a group is. */
function kindOfCell(of: Expression, writer: Writer): Cell['kind'] {
  const kind = writer.kindOf(of);
  if (nestedPlace(of, writer)) return 'json';
  return kind === 'number' || kind === 'text' || kind === 'time' ? kind : 'list';
}

function kindOfAggregate({ fn, argument }: AggregateColumn, writer: Writer): Cell['kind'] {
  switch (fn) {
    case 'count':
    case 'sum':
    case 'avg':
      return 'number';
    case 'distinct':
      return 'list';
    case 'min':
    case 'max':
    case 'first':
    case 'last':
      return argument ? kindOfCell(argument, writer) : 'list';
    default:
      return assertNever(fn);
  }
}

/** Groups as a SELECT. */
export interface StoredGroups {
  /** Their values, their aggregates, and whether the answer of any is not ours. */
  readonly select: Fragment;
  /** What each value and aggregate is, in their order. */
  readonly kinds: readonly Cell['kind'][];
  /** False: the answers are ours for certain. */
  readonly mayBeUnlike: boolean;
}

/** The groups of some rows. `source`: FROM and WHERE. */
export function storedGroups(
  { by, aggregates, span, input }: Group,
  source: Fragment,
  writer: Writer,
): StoredGroups {
  // Groups by nothing at all have no row over nothing, which SQL does not know.
  if (by && by.length === 0) return leave('groups by nothing', { span });
  const orders = rowOrders(hasJoin(input));
  const values = (by ?? []).map(({ expression }) =>
    expression.kind === 'Field' ? groupedValue(expression, writer) : leave('this group', expression),
  );
  const made = aggregates.map((aggregate) => storedAggregate(aggregate, writer, orders));
  const unlike = made.flatMap((one) => (one.unlike ? [predicate`${one.unlike} IS TRUE`] : []));
  const cells = [
    ...values,
    ...made.map(({ value }) => value),
    unlike.length > 0 ? anyOf(unlike) : atom`FALSE`,
  ];
  const grouped = values.length > 0 ? clause` GROUP BY ${join(values, ', ')}` : clause``;
  return {
    select: clause`SELECT ${join(cells, ', ')}${source}${grouped}`,
    kinds: [
      ...(by ?? []).map(({ expression }) => kindOfCell(expression, writer)),
      ...aggregates.map((aggregate) => kindOfAggregate(aggregate, writer)),
    ],
    mayBeUnlike: unlike.length > 0,
  };
}
