import { assertNever } from '@drops/diagnostics';
import type { SortKey } from '@drops/ir';
import { under } from './rows.js';
import type { MongoObject, MongoValue } from './script.js';
import { typeName, withName, type MongoWriter } from './writer.js';

/** What documents are sorted by: a field of theirs, or a value that is computed for it. */
export type OrderKey =
  | { readonly kind: 'field'; readonly path: string; readonly descending: boolean }
  | { readonly kind: 'value'; readonly value: MongoValue; readonly descending: boolean };

const ascendingTypes = ['bool', 'number', 'string', 'array', 'object'];
const descendingTypes = ascendingTypes.toReversed();

/** The place of a value's type among the types; null and missing have -1. */
export function typeRank(value: MongoValue): MongoValue {
  return { $indexOfArray: [ascendingTypes, typeName(value)] };
}

/** Two keys for a value of any type: its type, null last in both directions, and the value in a shell that hides arrays. */
function mixedKeys(writer: MongoWriter, value: MongoValue, descending: boolean): readonly OrderKey[] {
  const types = descending ? ascendingTypes : descendingTypes;
  const rank = withName(writer, value, (v) => ({ $indexOfArray: [types, typeName(v)] }));
  return [
    { kind: 'value', value: rank, descending: true },
    { kind: 'value', value: { v: { $ifNull: [value, null] } }, descending },
  ];
}

function keysOf(writer: MongoWriter, key: SortKey): readonly OrderKey[] {
  const { descending, expression } = key;
  const value = writer.value(expression);
  const kind = writer.kindOf(expression);
  if (kind === 'unknown' || kind === 'json') {
    if (writer.isComposite(expression)) {
      writer.context.fidelity.schema('arrays and objects are ordered by the rules of MongoDB');
    }
    return mixedKeys(writer, value, descending);
  }
  // Null stands below everything, so only an ascending order has to move it.
  const known: OrderKey = { kind: 'value', value: { $ifNull: [value, null] }, descending };
  if (descending) return [known];
  return [{ kind: 'value', value: { $eq: [{ $ifNull: [value, null] }, null] }, descending: false }, known];
}

/** By key, what has none after that in the order of insertion; groups by their values. */
export function naturalKeys(writer: MongoWriter): readonly OrderKey[] {
  const { base, row } = writer;
  switch (row.kind) {
    case 'drop': {
      const hasKey: MongoValue = { $eq: [{ $type: `$${under(base, '_key')}` }, 'string'] };
      return [
        { kind: 'value', value: hasKey, descending: true },
        { kind: 'field', path: under(base, '_key'), descending: false },
        { kind: 'field', path: under(base, '_id'), descending: false },
      ];
    }
    case 'joined':
      return [
        ...naturalKeys(writer.among(row.left, under(base, 'l'))),
        ...naturalKeys(writer.among(row.right, under(base, 'r'))),
      ];
    case 'flat':
      return naturalKeys(writer.among(row.below, base));
    case 'group':
      return row.keys.flatMap((name) => {
        const column = row.columns.get(name);
        if (!column) return [];
        if (column.composite) {
          writer.context.fidelity.schema('arrays and objects are ordered by the rules of MongoDB');
        }
        return mixedKeys(writer, column.finish(`$${under(base, column.path)}`), false);
      });
    default:
      return assertNever(row);
  }
}

/** What settles rows that tie in a sort: created_at, then the order without a sort. */
export function tieKeys(writer: MongoWriter): readonly OrderKey[] {
  const { base, row } = writer;
  switch (row.kind) {
    case 'drop':
      return [{ kind: 'field', path: under(base, '_created_at'), descending: false }, ...naturalKeys(writer)];
    case 'joined':
      return [
        ...tieKeys(writer.among(row.left, under(base, 'l'))),
        ...naturalKeys(writer.among(row.right, under(base, 'r'))),
      ];
    case 'flat':
      return tieKeys(writer.among(row.below, base));
    case 'group':
      return naturalKeys(writer);
    default:
      return assertNever(row);
  }
}

/** Stages that sort: the document goes beside its computed keys, and comes back after. */
export function orderStages(keys: readonly OrderKey[]): readonly MongoObject[] {
  const computed: Record<string, MongoValue> = {};
  const sort: Record<string, MongoValue> = {};
  keys.forEach((key, i) => {
    const direction = key.descending ? -1 : 1;
    if (key.kind === 'field') sort[`row.${key.path}`] ??= direction;
    else {
      computed[`k${i}`] = key.value;
      sort[`by.k${i}`] = direction;
    }
  });
  return [{ $replaceWith: { row: '$$ROOT', by: computed } }, { $sort: sort }, { $replaceWith: '$row' }];
}

export function sortStages(writer: MongoWriter, keys: readonly SortKey[]): readonly MongoObject[] {
  return orderStages([...keys.flatMap((k) => keysOf(writer, k)), ...tieKeys(writer)]);
}

export function naturalStages(writer: MongoWriter): readonly MongoObject[] {
  return orderStages(naturalKeys(writer));
}
