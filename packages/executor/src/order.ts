import { compareForSort, compareStrings, type Json, type SortKey } from '@drops/ir';
import type { Position, RowOrder } from '@drops/planner';
import { compileExpression, type ExpressionContext } from './expressions/compile.js';
import { isRow, type Row } from './row.js';

/** The row that still carries a drop or group values: projections are looked through. */
function originOf(row: Row): Row {
  let origin = row;
  while (isRow(origin.from)) origin = origin.from;
  return origin;
}

/** Key order; keyless drops come after all keys. */
function compareKeys(a: string | null, b: string | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return a === b ? 0 : compareStrings(a, b);
}

/** Breaks ties of a sort: created_at, then key, then tx; then the joined record in its own order. */
export function compareTies(x: Row, y: Row): number {
  const a = originOf(x);
  const b = originOf(y);
  if (!a.drop || !b.drop) return comparePositions(naturalPosition(a, false), naturalPosition(b, false), []);
  return (
    compareStrings(a.drop.created_at, b.drop.created_at) ||
    compareKeys(a.drop.key, b.drop.key) ||
    a.drop.tx - b.drop.tx ||
    (a.right && b.right
      ? comparePositions(naturalPosition(a.right, true), naturalPosition(b.right, true), [])
      : 0)
  );
}

/** Where a row stands in its natural order: [0, route, key] for entities, [1, tx] for events, the values of a group. */
function naturalPosition(row: Row, versions: boolean): Position {
  const origin = originOf(row);
  if (Array.isArray(origin.from)) return [...origin.from, ...rightPosition(origin)];
  const { drop } = origin;
  if (!drop) return [];
  // An entity that changes between two pages keeps its place; only among versions the tx tells them apart.
  const own =
    drop.key === null
      ? [1, drop.tx]
      : versions
        ? [0, drop.route, drop.key, drop.tx]
        : [0, drop.route, drop.key];
  return [...own, ...rightPosition(origin)];
}

function rightPosition(row: Row): Position {
  return row.right ? naturalPosition(row.right, true) : [];
}

function tiePosition(row: Row): Position {
  const origin = originOf(row);
  const { drop } = origin;
  if (!drop) return naturalPosition(origin, false);
  return [drop.created_at, drop.key, drop.tx, ...rightPosition(origin)];
}

/** Positions element by element: null last, the first ones in the direction of their sort key. */
export function comparePositions(a: Position, b: Position, descending: readonly boolean[]): number {
  const length = Math.max(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    // A row without a match stands before its matches would.
    if (i >= a.length || i >= b.length) return a.length - b.length;
    const order = compareForSort(a[i], b[i], descending[i] ?? false);
    if (order !== 0) return order;
  }
  return 0;
}

/** What a page needs of its order: where a row stands, and how two places compare. */
export interface PageOrder {
  readonly positionOf: (row: Row) => Position;
  readonly compare: (a: Position, b: Position) => number;
}

function unwind(row: Row, depth: number): Row {
  let origin = row;
  for (let i = 0; i < depth && isRow(origin.from); i += 1) origin = origin.from;
  return origin;
}

/** The order of a page as functions of rows. */
export function pageOrder(order: RowOrder, context: ExpressionContext): PageOrder {
  switch (order.kind) {
    case 'newest':
      return {
        positionOf: (row) => [originOf(row).drop?.tx ?? 0],
        compare: (a, b) => comparePositions(a, b, [true]),
      };
    case 'natural':
    case 'versions':
      return {
        positionOf: (row) => naturalPosition(row, order.kind === 'versions'),
        compare: (a, b) => comparePositions(a, b, []),
      };
    case 'sorted': {
      const keys = order.keys.map((key) => compileExpression(key.expression, context));
      const descending = order.keys.map((key) => key.descending);
      return {
        positionOf(row) {
          const below = unwind(row, order.depth);
          return [...keys.map((key): Json => key(below) ?? null), ...tiePosition(row)];
        },
        compare: (a, b) => comparePositions(a, b, descending),
      };
    }
  }
}

/** A row with the values it is sorted by, read once, and its place among the rows as they came. */
export interface SortEntry {
  readonly row: Row;
  readonly values: readonly (Json | undefined)[];
  readonly index: number;
}

export interface SortOrder {
  readonly entry: (row: Row, index: number) => SortEntry;
  /** Total: sort keys, ties of the drops, then the order in which rows came. */
  readonly compare: (a: SortEntry, b: SortEntry) => number;
}

/** The order of a sort as functions of rows. */
export function sortOrder(sortKeys: readonly SortKey[], context: ExpressionContext): SortOrder {
  const keys = sortKeys.map((key) => compileExpression(key.expression, context));
  const descending = sortKeys.map((key) => key.descending);
  return {
    entry: (row, index) => ({ row, values: keys.map((key) => key(row)), index }),
    compare(a, b) {
      for (let i = 0; i < keys.length; i += 1) {
        const order = compareForSort(a.values[i], b.values[i], descending[i] ?? false);
        if (order !== 0) return order;
      }
      return compareTies(a.row, b.row) || a.index - b.index;
    },
  };
}

/** The order that rows have without a sort. */
export const naturalOrder: SortOrder = {
  entry: (row, index) => ({ row, values: [], index }),
  compare: (a, b) =>
    comparePositions(naturalPosition(a.row, false), naturalPosition(b.row, false), []) || a.index - b.index,
};
