import type { SortKey } from '@drops/ir';
import { atom, clause, join, type Fragment } from '../sql/fragment.js';
import { nestedPlace } from '../sql/write-comparison.js';
import type { Writer } from '../sql/writer.js';
import { leave } from './stored-context.js';

/** Entities by key, then events by tx: the order of a route. */
export const routeOrder = atom`"_key" NULLS LAST, "tx"`;

/** What sets apart rows that tie in a sort. */
const ties = clause`"_created_at", "_key" NULLS LAST, "tx"`;

const directed = (by: Fragment, descending: boolean): Fragment =>
  clause`${by}${descending ? ' DESC' : ''} NULLS LAST`;

/**
 * A key of a sort: values of mixed types by their type first, null and missing last both ways. The database has no order of lists and
 * objects that is ours, so those of a kind tie here: whoever reads the rows has to look for some among them.
 */
function orderBy({ expression, descending }: SortKey, writer: Writer): readonly Fragment[] {
  if (expression.kind !== 'Field') return leave('this sort', expression);
  const place = nestedPlace(expression, writer);
  if (!place) return [directed(writer.value(expression, writer.kindOf(expression)), descending)];
  const [column] = place.columns;
  if (!column) return leave('this sort', expression);
  const { json } = writer.context.dialect;
  const type = atom`jsonb_typeof(${json.raw(column, place.path)})`;
  const rank = atom`CASE ${type} WHEN 'boolean' THEN 1 WHEN 'number' THEN 2 WHEN 'string' THEN 3 WHEN 'array' THEN 4 WHEN 'object' THEN 5 END`;
  const kinds = (['boolean', 'number', 'text'] as const).map((kind) => json.typed(column, place.path, kind));
  return [rank, ...kinds].map((by) => directed(by, descending));
}

/** The keys of ORDER BY with what breaks ties: a total order. */
export function storedOrder(keys: readonly SortKey[], writer: Writer): Fragment {
  return join([...keys.flatMap((key) => orderBy(key, writer)), ties], ', ');
}
