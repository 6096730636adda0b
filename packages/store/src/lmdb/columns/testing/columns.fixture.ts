import fc from 'fast-check';
import { payloadValue, type Json, type StoredDrop } from '@drops/ir';
import { expect } from 'vitest';
import { cellKind, type Column, type ColumnName, type RouteColumns } from '../../../columns.js';
import type { Operation, Snapshot } from '../../../store.js';
import { drain, scan } from '../../testing/temporary-store.fixture.js';

/** Fields that `operation` writes, and two that nobody writes. */
export const names: readonly ColumnName[] = [
  { path: ['n'] },
  { path: ['t'] },
  { path: ['o', 'n'] },
  { path: ['o'] },
  { path: ['l', 1] },
  { path: ['payload'] },
  { path: ['payload', 0] },
  { path: ['m'] },
  { system: 'key' },
  { system: 'created_at' },
];

const key = fc.constantFrom('a', 'ab', 'b', 'é', '😀', 'b\0', '\uffff', '_access');
const text = fc.constantFrom('x', 'y', 'ü', '"', 'a\\b', '', 'y'.repeat(2100));
const small = fc.integer({ min: -3, max: 3 });
const scalar = fc.oneof(small, text, fc.constantFrom(null, true, false, 0.5, 1e300, 2 ** 52));
const fields = {
  n: scalar,
  t: scalar,
  m: small,
  o: fc.oneof(scalar, fc.record({ n: scalar }, { requiredKeys: [], noNullPrototype: true })),
  l: fc.oneof(scalar, fc.array(scalar, { maxLength: 3 })),
  payload: scalar,
};
const object = fc.record(fields, { requiredKeys: [], noNullPrototype: true });
const payload = fc.oneof(
  { weight: 5, arbitrary: object },
  fc.constantFrom<Json>('text', 7, true, [1, 'z'], [[1]]),
);
const ttl = fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined, freq: 3 });

/** What may happen to the route `r`, of few drops. */
export const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .record({ key: fc.option(key, { freq: 3 }), payload, ttl })
      .map(({ ttl: seconds, ...rest }): Operation => ({
        kind: 'put',
        route: 'r',
        ...rest,
        ...(seconds !== undefined && { ttl: seconds }),
      })),
  },
  fc.record({ key, changes: object }).map((rest): Operation => ({ kind: 'merge', route: 'r', ...rest })),
  key.map((k): Operation => ({ kind: 'delete', route: 'r', key: k })),
  fc.integer({ min: 1, max: 40 }).map((tx): Operation => ({ kind: 'hide', route: 'r', tx })),
  fc
    .record({ key, path: fc.constantFrom(['n'], ['m'], ['o', 'n'], ['o', 'k', 'z']), delta: small })
    .map((rest): Operation => ({ kind: 'increment', route: 'r', ...rest })),
  fc.constant<Operation>({ kind: 'put', route: 'other', key: 'k', payload: 1 }),
);

type Cell = { readonly kind: number; readonly value?: number | string };

function cellOf(column: Column, ordinal: number): Cell {
  const kind = column.kinds[ordinal] ?? -1;
  if (column.uniform !== undefined) expect(kind).toBe(column.uniform);
  if (kind === cellKind.number) return { kind, value: column.numbers?.[ordinal] ?? Number.NaN };
  if (kind === cellKind.text) return { kind, value: column.dictionary[column.codes?.[ordinal] ?? -1] ?? '?' };
  return { kind };
}

function cell(value: Json | undefined): Cell {
  if (value === undefined) return { kind: cellKind.missing };
  if (value === null) return { kind: cellKind.null };
  if (typeof value === 'boolean') return { kind: value ? cellKind.true : cellKind.false };
  if (typeof value === 'number') return { kind: cellKind.number, value };
  return typeof value === 'string' ? { kind: cellKind.text, value } : { kind: cellKind.other };
}

const valueOf = (drop: StoredDrop, name: ColumnName): Json | undefined =>
  'system' in name ? drop[name.system] : payloadValue(drop.payload, name.path);

function isExact(columns: RouteColumns, column: Column): boolean {
  const numbers = [...(column.numbers ?? [])].filter((_, i) => column.kinds[i] === cellKind.number);
  const live = numbers.filter((_, i) => columns.live?.[i] !== 0);
  return live.every(Number.isInteger) && live.reduce((sum, n) => sum + Math.abs(n), 0) <= 2 ** 53;
}

/** The columns say what a scan of the same snapshot says, cell by cell. */
export function check(
  snapshot: Snapshot,
  columns: RouteColumns,
  wanted: readonly ColumnName[],
  route = 'r',
): void {
  const drops = drain(snapshot, scan(route));
  const all = Array.from({ length: columns.size }, (_, i) => i);
  const inOrder = columns.order() ?? all.filter((i) => columns.live?.[i] !== 0);
  expect(columns.count).toBe(drops.length);
  expect([...inOrder].map((i) => columns.drop(i))).toEqual(drops);
  expect(inOrder.length).toBe(drops.length);
  const rows = [...inOrder].map((i) => columns.columns.map((column) => cellOf(column, i)));
  expect(rows).toEqual(drops.map((drop) => wanted.map((name) => cell(valueOf(drop, name)))));
  expect([...inOrder].map((i) => columns.entities?.[i] !== 0)).toEqual(
    drops.map((drop) => drop.key !== null),
  );
  for (const column of columns.columns) {
    expect(new Set(column.dictionary).size).toBe(column.dictionary.length);
    expect(column.kinds.length).toBe(columns.size);
    if (column.whole) expect(isExact(columns, column)).toBe(true);
  }
  for (const [i, drop] of drops.entries()) {
    if (drop.key !== null) expect(columns.ordinalOf(drop.key)).toBe(inOrder[i]);
  }
  expect(columns.ordinalOf('never')).toBeUndefined();
}
