import {
  conjuncts,
  type Expression,
  type IndexCondition,
  type IndexOrder,
  type IndexPath,
  type IndexScanPath,
  type Path,
  type SortKey,
} from '@drops/ir';
import { costs, fetchCost } from '../costs.js';
import { fieldsUnder, type PlanStatistics, type UsableIndex } from '../estimate.js';
import { conditionShare } from '../statistics/field-statistics.js';
import { selectivity } from '../statistics/selectivity.js';
import { indexTerms, matchIndex, payloadPath, samePath, type IndexMatch } from './index-terms.js';
import { scanPath, type Leaf } from './leaf.js';

/** Entries that are counted to learn how many there are. */
const countLimit = 5000;
/** The share of rows that more entries than that are taken for, where nothing is known of their field. */
const unknownShare = 0.3;

/** An index scan and what it costs, in rows of a scan. */
export interface IndexOption {
  readonly path: IndexPath;
  /** Rows that it finds. */
  readonly entries: number;
  readonly cost: number;
}
/** An option of one index, with the terms that it answers. */
export interface ScanOption extends IndexOption {
  readonly path: IndexScanPath;
  readonly used: readonly Expression[];
}

/** How many entries an index scan reads, roughly. */
export function countOf(path: IndexScanPath, rows: number, statistics: PlanStatistics): number {
  const counted = statistics.entries?.(path, countLimit) ?? rows;
  if (counted < countLimit) return counted;
  const shares = path.equal.map((value, i) => shareOf(path, i, { kind: 'in', values: [value] }, statistics));
  if (path.next) shares.push(shareOf(path, path.equal.length, path.next, statistics));
  return Math.max(counted, Math.ceil(rows * shares.reduce((product, share) => product * share, 1)));
}

/** The share of rows whose indexed field meets a condition. */
function shareOf(
  path: IndexScanPath,
  at: number,
  condition: IndexCondition,
  statistics: PlanStatistics,
): number {
  const known = statistics.field?.(path.route, path.fields[at] ?? []);
  return known ? conditionShare(known, condition) : unknownShare;
}

const isConstant = (index: UsableIndex, match: IndexMatch, path: Path): boolean =>
  index.fields.slice(0, match.equal.length).some((field) => samePath(field, path));

/** How many fields after the equal ones are some others, in their order, those left out that have one value; 0: not all of them. */
export function orderAfterEqual(index: UsableIndex, match: IndexMatch, paths: readonly Path[]): number {
  const varying = paths.filter((path) => !isConstant(index, match, path));
  const fits = varying.every((path, i) => {
    const field = index.fields[match.equal.length + i];
    return field !== undefined && samePath(field, path);
  });
  return fits ? varying.length : 0;
}

/** The order of a sort as an index has it; undefined when it has another. */
function sortedBy(index: UsableIndex, match: IndexMatch, keys: readonly SortKey[]): IndexOrder | undefined {
  const paths: Path[] = [];
  let descending = false;
  for (const key of keys) {
    const path = payloadPath(key.expression);
    if (!path) return undefined;
    paths.push(path);
    if (!isConstant(index, match, path)) descending ||= key.descending;
  }
  const fields = orderAfterEqual(index, match, paths);
  if (fields === 0 || (descending && fields > 1)) return undefined;
  return { kind: 'values', fields, descending };
}

/** The share of rows that the terms of a leaf keep which are not answered by an index. */
export function residualShare(leaf: Leaf, used: readonly Expression[], statistics: PlanStatistics): number {
  const fields = fieldsUnder(leaf.access, statistics);
  const rest = leaf.predicate ? conjuncts(leaf.predicate).filter((term) => !used.includes(term)) : [];
  return rest.reduce((share, term) => share * selectivity(term, fields), 1);
}

/** The option that costs least. */
export function cheapest<O extends IndexOption>(options: readonly (O | undefined)[]): O | undefined {
  let best: O | undefined;
  for (const option of options) if (option && (!best || option.cost < best.cost)) best = option;
  return best;
}

/** True for scans whose entries have the order that their rows are wanted in. */
const isStreamed = ({ order, equal, fields }: IndexScanPath): boolean =>
  order.kind !== 'natural' || equal.length === fields.length;

/** What reading some entries of a scan costs, and putting their rows in order where they have another. */
export function entryCost(path: IndexScanPath, entries: number): number {
  return entries * (costs.entry + (isStreamed(path) ? 0 : costs.orderedEntry));
}

/** What each index could do for a filter whose rows are wanted in the order of the route, perhaps only the first of them. */
export function scanOptions(
  leaf: Leaf,
  wanted: number | undefined,
  statistics: PlanStatistics,
): readonly ScanOption[] {
  const { route } = leaf.access.path;
  const terms = leaf.predicate ? indexTerms(leaf.predicate) : [];
  if (terms.length === 0) return [];
  const rows = statistics.rows(route, false);
  return (statistics.indexes?.(route) ?? []).flatMap((index): readonly ScanOption[] => {
    const match = matchIndex(index.fields, terms);
    const path = match.used.length > 0 ? scanPath(leaf, index, match, { kind: 'natural' }) : undefined;
    if (!path) return [];
    const entries = countOf(path, rows, statistics);
    const fetched = Math.min(entries, (wanted ?? entries) / residualShare(leaf, match.used, statistics));
    const cost = entryCost(path, isStreamed(path) ? fetched : entries) + fetchCost(fetched, rows);
    return [{ path, entries, cost, used: match.used }];
  });
}

/** The cheapest index that gives rows in the order of a sort, of which the first `wanted` are read. */
export function sortOption(
  leaf: Leaf,
  keys: readonly SortKey[],
  wanted: number,
  statistics: PlanStatistics,
): IndexOption | undefined {
  const { route } = leaf.access.path;
  const terms = leaf.predicate ? indexTerms(leaf.predicate) : [];
  const rows = statistics.rows(route, false);
  const options = (statistics.indexes?.(route) ?? []).map((index): IndexOption | undefined => {
    const match = matchIndex(index.fields, terms);
    const order = sortedBy(index, match, keys);
    const path = order && scanPath(leaf, index, match, order);
    if (!path) return undefined;
    const entries = match.used.length === 0 ? rows : countOf(path, rows, statistics);
    const fetched = leaf.resumes
      ? entries / 2
      : Math.min(entries, wanted / residualShare(leaf, match.used, statistics));
    return { path, entries, cost: fetched * (costs.fetchRow + costs.entry) };
  });
  return cheapest(options);
}
