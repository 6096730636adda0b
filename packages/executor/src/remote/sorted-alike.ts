import { isScalar, type SortKey } from '@drops/ir';
import { compileExpression } from '../expressions/compile.js';
import type { Row } from '../row.js';
import type { Run } from '../run.js';

/** Rows that a store has chosen by some keys; undefined where one is sorted by what the database orders otherwise: a list, an object. */
export function ifSortedAlike(
  rows: readonly Row[],
  keys: readonly SortKey[],
  { expressions }: Run,
): readonly Row[] | undefined {
  const values = keys.map(({ expression }) => compileExpression(expression, expressions));
  return rows.every((row) => values.every((value) => isScalar(value(row)))) ? rows : undefined;
}
