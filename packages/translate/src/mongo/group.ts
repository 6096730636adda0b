import type { AggregateColumn, Expression, Group } from '@drops/ir';
import { tieKeys, typeRank } from './order.js';
import { under, type GroupedColumn, type MongoRow } from './rows.js';
import { choose, type MongoObject, type MongoValue } from './script.js';
import { isOfKind, present, withName, type MongoWriter } from './writer.js';

/** A column of `$group` and how it is read after. */
interface Accumulated {
  readonly stage: MongoValue;
  /** What the group of no rows has. */
  readonly empty: MongoValue;
  readonly kind: GroupedColumn['kind'];
  readonly composite: boolean;
  finish(stored: MongoValue): MongoValue;
}

const orNull = (value: MongoValue): MongoValue => ({ $ifNull: [value, null] });
const asStored = (stored: MongoValue): MongoValue => stored;

/** `$group` and what its documents stand for. */
export function groupStages(
  group: Group,
  writer: MongoWriter,
): { readonly stages: readonly MongoObject[]; readonly row: MongoRow } {
  const columns = new Map<string, GroupedColumn>();
  const id: Record<string, MongoValue> = {};
  (group.by ?? []).forEach(({ as, expression }, i) => {
    const composite = writer.isComposite(expression);
    if (composite) writer.context.fidelity.schema('objects group by the order of their members too');
    id[`g${i}`] = orNull(writer.value(expression));
    columns.set(as, { path: `_id.g${i}`, kind: writer.kindOf(expression), composite, finish: asStored });
  });
  const accumulators: Record<string, MongoValue> = {};
  const empty: Record<string, MongoValue> = {};
  group.aggregates.forEach((aggregate, i) => {
    const made = accumulate(aggregate, writer);
    accumulators[`a${i}`] = made.stage;
    empty[`a${i}`] = made.empty;
    columns.set(aggregate.as, {
      path: `a${i}`,
      kind: made.kind,
      composite: made.composite,
      finish: made.finish,
    });
  });
  const row: MongoRow = { kind: 'group', columns, keys: (group.by ?? []).map((c) => c.as) };
  if (group.by !== null) return { stages: [{ $group: { _id: id, ...accumulators } }], row };
  // A group over nothing is one row all the same: `$facet` gives one document whatever comes.
  return {
    stages: [
      { $facet: { all: [{ $group: { _id: null, ...accumulators } }] } },
      { $replaceWith: { $ifNull: [{ $arrayElemAt: ['$all', 0] }, empty] } },
    ],
    row,
  };
}

function accumulate(aggregate: AggregateColumn, writer: MongoWriter): Accumulated {
  const { argument, fn } = aggregate;
  if (fn === 'count' || !argument) {
    return { stage: { $sum: 1 }, empty: 0, kind: 'number', composite: false, finish: asStored };
  }
  const kind = writer.kindOf(argument);
  const composite = writer.isComposite(argument);
  const value = writer.value(argument);
  switch (fn) {
    case 'sum':
      return {
        stage: { $sum: numbers(value, writer) },
        empty: 0,
        kind: 'number',
        composite: false,
        finish: asStored,
      };
    case 'avg':
      return {
        stage: { $avg: numbers(value, writer) },
        empty: null,
        kind: 'number',
        composite: false,
        finish: asStored,
      };
    case 'min':
    case 'max':
      if (composite) admitOrder(writer);
      return {
        stage: { [fn === 'min' ? '$min' : '$max']: ranked(value, writer) },
        empty: null,
        kind,
        composite,
        finish: shown,
      };
    case 'first':
    case 'last':
      return {
        stage: { [fn === 'first' ? '$min' : '$max']: inTime(aggregate, value, writer) },
        empty: null,
        kind,
        composite,
        finish: shown,
      };
    case 'distinct':
      if (composite) admitOrder(writer);
      return {
        stage: { $addToSet: ranked(value, writer) },
        empty: [],
        kind: 'json',
        composite: true,
        finish: (stored) => ({
          $map: {
            input: { $sortArray: { input: { $setDifference: [stored, [null]] }, sortBy: 1 } },
            in: '$$this.v',
          },
        }),
      };
  }
}

function admitOrder(writer: MongoWriter): void {
  writer.context.fidelity.schema('arrays and objects are ordered and told apart by the rules of MongoDB');
}

/** The value that was kept beside what it was chosen by. */
function shown(stored: MongoValue): MongoValue {
  return typeof stored === 'string'
    ? orNull(`${stored}.v`)
    : orNull({ $getField: { field: 'v', input: stored } });
}

/** What is no number does not count. */
function numbers(value: MongoValue, writer: MongoWriter): MongoValue {
  writer.context.fidelity.schema('sums of fractions may differ in their last digits');
  return withName(writer, value, (v) => choose(isOfKind(v, 'number'), { $toDouble: v }, null));
}

/** A value behind the rank of its type, so that documents order as values do; null is left out. */
function ranked(value: MongoValue, writer: MongoWriter): MongoValue {
  return withName(writer, value, (v) => choose(present(v), { r: typeRank(v), v }, null));
}

/** A value behind what tells first and last: created_at, key, insertion. */
function inTime(aggregate: AggregateColumn, value: MongoValue, writer: MongoWriter): MongoValue {
  if (isGrouped(writer.row)) {
    return writer.context.refuse(aggregate.fn, 'rows that were grouped have no time', aggregate.span);
  }
  const members: Record<string, MongoValue> = {};
  tieKeys(writer).forEach((key, i) => {
    // Documents compare upwards only: what counts down is true or false here, and turned round.
    const of = key.kind === 'field' ? orNull(`$${key.path}`) : key.value;
    members[`k${i}`] = key.descending ? { $not: [of] } : of;
  });
  return withName(writer, value, (v) => choose(present(v), { ...members, v }, null));
}

function isGrouped(row: MongoRow): boolean {
  if (row.kind === 'flat') return isGrouped(row.below);
  return row.kind === 'group' || (row.kind === 'joined' && isGrouped(row.left));
}

/** The flat row of the columns as one document. */
export function flatDocument(
  names: readonly (readonly [string, Expression | GroupedColumn])[],
  writer: MongoWriter,
): MongoValue {
  const plain: Record<string, MongoValue> = {};
  const odd: MongoValue[] = [];
  for (const [name, column] of names) {
    const value =
      'finish' in column
        ? column.finish(`$${under(writer.base, column.path)}`)
        : column.kind === 'Field' || column.kind === 'Param'
          ? orNull(writer.value(column))
          : writer.value(column);
    if (/^[^.$\0][^.\0]*$/.test(name) && name !== '__proto__') plain[name] = value;
    else odd.push({ $setField: { field: { $literal: name }, input: {}, value } });
  }
  if (odd.length === 0) return plain;
  return { $mergeObjects: [plain, ...odd] };
}
