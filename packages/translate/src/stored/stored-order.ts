import { conjuncts, type Expression, type Field, type SortKey } from '@drops/ir';
import { atom, clause, join, type Fragment } from '../sql/fragment.js';
import { nestedPlace } from '../sql/in-json.js';
import type { Writer } from '../sql/writer.js';
import { joinedRowsTable, leave, storedRowsTable } from './stored-context.js';

/** Orders of rows. */
export interface RowOrders {
  /** Entities by key, then events by tx: the order of a route; of pairs by the left row, then by the right one. */
  readonly natural: Fragment;
  /** What sets apart rows that tie in a sort. */
  readonly ties: Fragment;
  readonly tiesReversed: Fragment;
}

const byKey = (table: string): string => `"${table}"."_key" NULLS LAST, "${table}"."tx"`;
const byKeyReversed = (table: string): string => `"${table}"."_key" DESC NULLS FIRST, "${table}"."tx" DESC`;

/** The orders of rows of a route, or of pairs. */
export function rowOrders(isJoin: boolean): RowOrders {
  const tables = isJoin ? [storedRowsTable, joinedRowsTable] : [storedRowsTable];
  const natural = tables.map(byKey).join(', ');
  const reversed = tables.map(byKeyReversed).join(', ');
  const created = `"${storedRowsTable}"."_created_at"`;
  return {
    natural: atom`${natural}`,
    ties: atom`${created}, ${natural}`,
    tiesReversed: atom`${created} DESC, ${reversed}`,
  };
}

const directed = (by: Fragment, descending: boolean): Fragment =>
  clause`${by}${descending ? ' DESC' : ''} NULLS LAST`;

/** The type that conditions leave a field: none of its values is null or anything else, so one key orders them. */
function kindBy(field: Field, conditions: readonly Expression[]): 'number' | 'text' | undefined {
  for (const condition of conditions.flatMap(conjuncts)) {
    if (condition.kind !== 'Cmp' || condition.op === '!=' || condition.right.kind !== 'Lit') continue;
    const { left, right } = condition;
    if (left.kind !== 'Field' || left.scope !== field.scope) continue;
    if (JSON.stringify(left.path) !== JSON.stringify(field.path)) continue;
    if (typeof right.value === 'number') return 'number';
    if (typeof right.value === 'string') return 'text';
  }
  return undefined;
}

/**
 * A key of a sort: values of mixed types by their type first, null and missing last both ways. The database has no order of lists and
 * objects that is ours, so those of a kind tie here: whoever reads the rows has to look for some among them.
 */
export function orderBy(
  { expression, descending }: SortKey,
  conditions: readonly Expression[],
  writer: Writer,
): readonly Fragment[] {
  if (expression.kind !== 'Field') return leave('this sort', expression);
  const place = nestedPlace(expression, writer);
  if (!place) return [directed(writer.value(expression, writer.kindOf(expression)), descending)];
  const [column] = place.columns;
  if (!column) return leave('this sort', expression);
  const { json } = writer.context.dialect;
  const known = kindBy(expression, conditions);
  if (known) {
    return [clause`${json.typed(column, place.path, known)}${descending ? ' DESC' : ''}`];
  }
  const type = atom`jsonb_typeof(${json.raw(column, place.path)})`;
  const rank = atom`CASE ${type} WHEN 'boolean' THEN 1 WHEN 'number' THEN 2 WHEN 'string' THEN 3 WHEN 'array' THEN 4 WHEN 'object' THEN 5 END`;
  const kinds = (['boolean', 'number', 'text'] as const).map((kind) => json.typed(column, place.path, kind));
  return [rank, ...kinds].map((by) => directed(by, descending));
}

/** The keys of ORDER BY with what breaks ties: a total order of the rows that meet some conditions. */
export function storedOrder(
  keys: readonly SortKey[],
  conditions: readonly Expression[],
  writer: Writer,
  isJoin: boolean,
): Fragment {
  return join([...keys.flatMap((key) => orderBy(key, conditions, writer)), rowOrders(isJoin).ties], ', ');
}
