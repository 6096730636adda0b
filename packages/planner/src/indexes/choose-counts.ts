import { conjuncts, type IndexScanPath, type Path } from '@drops/ir';
import type { PlanStatistics, UsableIndex } from '../estimate.js';
import type { CountRows, GroupRows } from '../physical-plan.js';
import { indexTerms, matchIndex, payloadPath, samePath } from './index-terms.js';
import { leafUnder, scanPath, type Leaf } from './leaf.js';

/** The paths of the fields that are grouped by; undefined when one is no field of the payload. */
export function groupPaths({ by }: GroupRows): readonly Path[] | undefined {
  const paths = (by ?? []).flatMap(({ expression }) => {
    const path = payloadPath(expression);
    return path ? [path] : [];
  });
  return paths.length === (by?.length ?? 0) ? paths : undefined;
}

/** The scan whose entries are the rows of a leaf, no more and no fewer, ordered by the group fields after the equal ones. */
function coveringScan(leaf: Leaf, index: UsableIndex, by: readonly Path[]): IndexScanPath | undefined {
  const match = matchIndex(index.fields, leaf.predicate ? indexTerms(leaf.predicate) : []);
  const terms = leaf.predicate ? conjuncts(leaf.predicate) : [];
  if (!terms.every((term) => match.used.includes(term))) return undefined;
  const grouped = by.every((path, i) => {
    const field = index.fields[match.equal.length + i];
    return field !== undefined && samePath(field, path);
  });
  return grouped ? scanPath(leaf, index, match, { kind: 'natural' }) : undefined;
}

/** Group(count, scan) → counts out of an index that covers the filter and the groups, or out of the size of the route. */
export function countOption(plan: GroupRows, statistics: PlanStatistics): CountRows | undefined {
  const leaf = leafUnder(plan.input);
  const by = groupPaths(plan);
  if (!leaf || leaf.resumes || !by || plan.aggregates.some(({ fn }) => fn !== 'count')) return undefined;
  const { path } = leaf.access;
  const counted = (over: CountRows['path']): CountRows => ({
    kind: 'CountRows',
    input: plan,
    path: over,
    grouped: plan.by !== null,
    by: (plan.by ?? []).map((column) => column.as),
    counts: plan.aggregates.map((aggregate) => aggregate.as),
  });
  if (path.kind !== 'RouteScan') return undefined;
  if (!leaf.predicate && plan.by === null) return counted(path);
  for (const index of statistics.indexes?.(path.route) ?? []) {
    const covering = coveringScan(leaf, index, by);
    if (covering) return counted(covering);
  }
  return undefined;
}
