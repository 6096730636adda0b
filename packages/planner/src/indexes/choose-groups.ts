import { costs, mostHeldGroups, sortCost } from '../costs.js';
import { estimateRows, type PlanStatistics } from '../estimate.js';
import type { GroupRows } from '../physical-plan.js';
import { groupPaths } from './choose-counts.js';
import { cheapest, countOf, orderAfterEqual, type IndexOption } from './index-options.js';
import { indexTerms, matchIndex } from './index-terms.js';
import { scanPath, type Leaf } from './leaf.js';

/** The cheapest index that gives the rows of a leaf group by group; `wanted`: of so many groups. */
export function groupOption(
  plan: GroupRows,
  leaf: Leaf,
  wanted: number | undefined,
  statistics: PlanStatistics,
): IndexOption | undefined {
  const by = groupPaths(plan);
  if (!by || leaf.resumes) return undefined;
  const terms = leaf.predicate ? indexTerms(leaf.predicate) : [];
  const { route } = leaf.access.path;
  const rows = statistics.rows(route, false);
  const groups = Math.max(1, estimateRows(plan, statistics));
  const share = Math.min(1, (wanted ?? groups) / groups);
  const options = (statistics.indexes?.(route) ?? []).map((index): IndexOption | undefined => {
    const match = matchIndex(index.fields, terms);
    const fields = orderAfterEqual(index, match, by);
    const path = fields > 0 ? scanPath(leaf, index, match, { kind: 'groups', fields }) : undefined;
    if (!path) return undefined;
    const entries = match.used.length === 0 ? rows : countOf(path, rows, statistics);
    return { path, entries, cost: share * entries * (costs.fetchRow + costs.entry) };
  });
  return cheapest(options);
}

/** What a table of all groups costs beside reading the rows; without end where it would not fit. */
export function groupTableCost(plan: GroupRows, statistics: PlanStatistics): number {
  const groups = estimateRows(plan, statistics);
  if (groups > mostHeldGroups) return Infinity;
  return estimateRows(plan.input, statistics) * costs.groupedRow + groups * costs.newGroup + sortCost(groups);
}
