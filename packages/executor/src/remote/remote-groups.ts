import { compareValues, isArray, isScalar, type Json } from '@drops/ir';
import type { GroupRows } from '@drops/planner';
import { compareGroups, groupRow } from '../operators/group.js';
import type { Row } from '../row.js';
import type { RemotePart } from './remote-part.js';

/**
 * An aggregate of the database as the engine gives it; undefined where it is not the same: lists and objects come out of it with
 * their fields in another order.
 */
function aggregateOf(cell: Json | undefined, isList: boolean): Json | undefined {
  if (!isList) return isScalar(cell) ? (cell ?? null) : undefined;
  return isArray(cell) && cell.every(isScalar) ? [...cell].sort(compareValues) : undefined;
}

/** The groups as the store makes them, in the order of their values; undefined where one holds what it tells otherwise. */
export async function remoteGroups(
  { sql, path, select }: RemotePart,
  { by, aggregates }: GroupRows,
): Promise<readonly Row[] | undefined> {
  const names = [...(by ?? []).map(({ as }) => as), ...aggregates.map(({ as }) => as)];
  const width = by?.length ?? 0;
  const made: { readonly values: readonly Json[]; readonly cells: readonly Json[] }[] = [];
  for (const group of await sql.select(path, select)) {
    const values = group.slice(0, width);
    const cells = aggregates.flatMap(({ fn }, i) => {
      const cell = aggregateOf(group[width + i], fn === 'distinct');
      return cell === undefined ? [] : [cell];
    });
    if (group.at(-1) === true || !values.every(isScalar) || cells.length < aggregates.length)
      return undefined;
    made.push({ values, cells });
  }
  return made
    .sort((a, b) => compareGroups(a.values, b.values))
    .map(({ values, cells }) => groupRow(names, values, cells));
}
