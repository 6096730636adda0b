import type { Catalogue } from './catalogue.js';
import type { Connection, Query, SqlRow } from './connection.js';
import { versionOf, type VersionRow } from './drop-rows.js';
import type { ReadCounts, StoredPair } from '../store.js';

/** A state by its tx; what has expired at `now` is not shown. */
export interface Moment {
  readonly tx: number;
  readonly now: number;
}

/** What reads go through: the state of a snapshot. A state of the past is found when it is first read. */
export interface View {
  at(): Promise<Moment>;
  readonly connection: Connection;
  readonly catalogue: Catalogue;
  /** Counted while somebody wants to know. */
  reads: { keys: number; bytes: number } | undefined;
}

/** Versions of a statement of `drop-rows`. */
export async function readVersions(view: View, query: Query): Promise<readonly VersionRow[]> {
  const rows = await view.connection.read(query);
  const versions = rows.map((row) => versionOf(row, view.catalogue.pathOf));
  countReads(view, versions);
  return versions;
}

/** Pairs of versions, `width` columns each; what has no match has no tx there. */
export function readPairs(view: View, rows: readonly SqlRow[], width: number): readonly StoredPair[] {
  const { pathOf } = view.catalogue;
  const pairs = rows.map((row) => {
    const right = row.slice(width);
    const isMatched = right.some((value) => value !== null);
    return { left: versionOf(row, pathOf), right: isMatched ? versionOf(right, pathOf) : undefined };
  });
  for (const { left, right } of pairs) countReads(view, right ? [left, right] : [left]);
  return pairs.map(({ left, right }) => ({ left: left.drop, right: right?.drop }));
}

function countReads({ reads }: View, versions: readonly VersionRow[]): void {
  if (!reads) return;
  reads.keys += versions.length;
  for (const { length } of versions) reads.bytes += length;
}

/** Begins to count what is read through a view. */
export function meterView(view: View): ReadCounts {
  view.reads ??= { keys: 0, bytes: 0 };
  return view.reads;
}
