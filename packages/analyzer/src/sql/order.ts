import { fail } from '@drops/diagnostics';
import type { Expression, Relation, SortKey } from '@drops/ir';
import type { Node, SelectStmt, SortBy } from '@pgsql/types';
import { constantOf } from './operands.js';
import type { SqlPlaces } from './places.js';
import { partsOf, type SqlScope } from './scope.js';
import { ordinal, type SelectList } from './select-list.js';

/** What an entry of ORDER BY sorts by: a column of the answer by place or name, else an expression. */
export function orderNode(sort: SortBy, list: SelectList, scope: SqlScope): Node {
  const { node } = sort;
  if (!node) return fail('SQL_ERROR', 'ORDER BY needs a column', { span: scope.places.whole });
  if ('A_Const' in node) return ordinal(node, list, scope).node;
  if (!('ColumnRef' in node)) return node;
  const [name, more] = partsOf(node.ColumnRef);
  return (more === undefined && list.items.find((i) => i.name === name)?.node) || node;
}

/** Nulls come last in Drops; where SQL has them first, whether there is a value is sorted by before it. */
export function sortKeys(sort: SortBy, expression: Expression): readonly SortKey[] {
  const { span } = expression;
  if (sort.sortby_dir === 'SORTBY_USING') fail('SQL_ERROR', 'ORDER BY … USING is not read', { span });
  const descending = sort.sortby_dir === 'SORTBY_DESC';
  const nulls = sort.sortby_nulls ?? 'SORTBY_NULLS_DEFAULT';
  const first = nulls === 'SORTBY_NULLS_DEFAULT' ? descending : nulls === 'SORTBY_NULLS_FIRST';
  const isNever =
    expression.kind === 'Field' && expression.scope === 'system' && expression.path[0] === 'created_at';
  const key: SortKey = { expression, descending };
  if (!first || isNever) return [key];
  return [
    { expression: { kind: 'Exists', operand: expression, negated: false, span }, descending: false },
    key,
  ];
}

function lowerCount(node: Node | undefined, what: string, places: SqlPlaces): number | undefined {
  if (!node) return undefined;
  const value = 'A_Const' in node ? constantOf(node.A_Const) : undefined;
  if (value === null) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  fail('SQL_ERROR', `${what} takes a whole number that is not negative`, { span: places.of(node) });
}

export function lowerSlice(select: SelectStmt, input: Relation, paged: boolean, places: SqlPlaces): Relation {
  if (select.limitOption === 'LIMIT_OPTION_WITH_TIES') {
    fail('SQL_ERROR', 'WITH TIES is not read', { span: places.whole });
  }
  const limit = lowerCount(select.limitCount, 'LIMIT', places);
  const offset = lowerCount(select.limitOffset, 'OFFSET', places);
  if (limit === undefined && (offset ?? 0) === 0) return input;
  return {
    kind: 'Slice',
    input,
    offset: offset ?? 0,
    ...(limit !== undefined && { limit }),
    single: false,
    paged,
    span: places.whole,
  };
}
