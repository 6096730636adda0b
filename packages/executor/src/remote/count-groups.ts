import type { Json } from '@drops/ir';
import type { GroupRows } from '@drops/planner';
import type { SnapshotSql } from '@drops/store';
import { compareGroups, groupRow } from '../operators/group.js';
import { drain, lateSource, type Source } from '../operators/source.js';
import type { Pacer } from '../pacer.js';
import type { Row } from '../row.js';
import type { RemotePlan } from './remote-plan.js';

/** Lists and objects come out of the database with their fields in another order: their groups are made here. */
const isScalar = (value: Json): boolean => typeof value !== 'object' || value === null;

/** The rows of a group of counts as the store counts them; where a group has a value that is no scalar, the rows of `instead`. */
export function countGroups(
  sql: SnapshotSql,
  { path, select }: RemotePlan,
  { by, aggregates }: GroupRows,
  pacer: Pacer,
  instead: () => Source,
): Source {
  const names = [...(by ?? []).map(({ as }) => as), ...aggregates.map(({ as }) => as)];
  const width = by?.length ?? 0;
  let other: Source | undefined;
  const readOther = async (): Promise<readonly Row[]> => {
    const rows: Row[] = [];
    other = instead();
    await drain(other, pacer, (batch) => {
      for (const row of batch) rows.push(row);
    });
    return rows;
  };
  const closing: Source = { next: () => null, close: () => other?.close() };
  return lateSource(closing, async () => {
    const groups = await sql.select(path, select);
    if (!groups.every((group) => group.slice(0, width).every(isScalar))) return readOther();
    return groups
      .map((group) => ({ values: group.slice(0, width), counts: group.slice(width).map(Number) }))
      .sort((a, b) => compareGroups(a.values, b.values))
      .map(({ values, counts }) => groupRow(names, values, counts));
  });
}
