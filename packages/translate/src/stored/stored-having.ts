import type { Expression, Group, SortKey } from '@drops/ir';
import type { SqlContext } from '../sql/context.js';
import { allOf, anyOf, atom, clause, join, predicate, type Fragment } from '../sql/fragment.js';
import type { Cell, Names } from '../sql/names.js';
import { writerFor } from '../sql/write-select.js';
import { leave } from './stored-context.js';
import type { StoredGroups } from './stored-groups.js';
import { orderBy } from './stored-order.js';

/** The first of some rows by sort keys. */
export interface First {
  readonly keys: readonly SortKey[];
  readonly limit: number;
}

const unlike = atom`"unlike"`;

/** The columns of groups by their names, which a condition or a sort has to be able to tell apart. */
function cellsOf({ by, aggregates, span }: Group, kinds: readonly Cell['kind'][]): Names {
  const names = [...(by ?? []), ...aggregates].map(({ as }) => as);
  if (new Set(names).size < names.length) return leave('columns of one name', { span });
  const cells = names.map((name, i): [string, Cell] => {
    const kind = kinds[i] ?? 'list';
    const column = atom`"c${String(i)}"`;
    return [name, { kind, column: kind === 'number' ? atom`CAST(${column} AS DOUBLE PRECISION)` : column }];
  });
  return { kind: 'cells', cells: new Map(cells) };
}

/** Sort keys with what breaks ties of groups: their values. */
function orderOfGroups(first: First, { by }: Group): readonly SortKey[] {
  const ties = (by ?? []).map(({ as, expression }): SortKey => ({
    expression: { kind: 'Field', scope: 'column', path: [as], type: 'unknown', span: expression.span },
    descending: false,
  }));
  return [...first.keys, ...ties];
}

/**
 * Of groups those that meet conditions, all of them or the first by some keys. A group whose answer is not ours is always among
 * them, since nobody knows whether it meets the conditions, so that whoever reads them is told.
 */
export function chosenGroups(
  context: SqlContext,
  group: Group,
  { select, kinds, mayBeUnlike }: StoredGroups,
  conditions: readonly Expression[],
  first: First | undefined,
): Fragment {
  const writer = writerFor(context, cellsOf(group, kinds), false);
  const columns = [...kinds.map((_, i) => atom`"c${String(i)}"`), unlike];
  const from = clause`SELECT * FROM (${select}) AS "groups"(${join(columns, ', ')})`;
  const met = allOf(conditions.map((condition) => writer.condition(condition)));
  const where =
    conditions.length === 0
      ? clause``
      : clause` WHERE ${mayBeUnlike ? anyOf([predicate`${unlike} IS TRUE`, met]) : met}`;
  if (!first) return clause`${from}${where}`;
  const keys = orderOfGroups(first, group).flatMap((key) => orderBy(key, conditions, writer));
  const order = join([...(mayBeUnlike ? [clause`${unlike} DESC`] : []), ...keys], ', ');
  return clause`${from}${where}${keys.length > 0 ? clause` ORDER BY ${order}` : clause``} LIMIT ${String(first.limit)}`;
}
