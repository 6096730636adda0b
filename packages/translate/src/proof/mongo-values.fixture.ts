import { compareStrings } from '@drops/ir';

/** A document. Missing is undefined. */
export type MongoDocument = Readonly<Record<string, unknown>>;

export function isDocument(value: unknown): value is MongoDocument {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function rankOf(value: unknown): number {
  if (value === undefined) return 0;
  if (value === null) return 1;
  if (typeof value === 'number') return 2;
  if (typeof value === 'string') return 3;
  if (isDocument(value)) return 4;
  if (Array.isArray(value)) return 5;
  return typeof value === 'boolean' ? 8 : 9;
}

/**
 * The comparison order of MongoDB's manual (Comparison/Sort Order, and how objects compare): by type, numbers by value,
 * texts byte by byte, arrays by element, objects member by member as they stand: type, name, value.
 */
export function compareMongo(a: unknown, b: unknown): number {
  const ranks = rankOf(a) - rankOf(b);
  if (ranks !== 0) return ranks;
  if (typeof a === 'number' && typeof b === 'number') return a === b ? 0 : a < b ? -1 : 1;
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (Array.isArray(a) && Array.isArray(b)) {
    const at = a.findIndex((v, i) => i >= b.length || compareMongo(v, b[i]) !== 0);
    return at === -1 ? a.length - b.length : at >= b.length ? 1 : compareMongo(a[at], b[at]);
  }
  if (isDocument(a) && isDocument(b)) return compareMembers(Object.entries(a), Object.entries(b));
  return 0;
}

type Members = readonly (readonly [string, unknown])[];

function compareMembers(a: Members, b: Members): number {
  for (const [i, [name, value]] of a.entries()) {
    const other = b[i];
    if (!other) return 1;
    const order =
      rankOf(value) - rankOf(other[1]) || compareStrings(name, other[0]) || compareMongo(value, other[1]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** The value at a dotted path of a `$sort`: through documents alone, which is all that our sorts do. */
export function valueAtPath(document: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, name) => (isDocument(value) ? value[name] : undefined), document);
}
