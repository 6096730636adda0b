import type { IndexPath } from '@drops/ir';
import { costs, sortCost, topCost } from '../costs.js';
import { estimateRows, fieldsUnder, type PlanStatistics } from '../estimate.js';
import type { GroupRows, PhysicalPlan, SortRows, TopRows } from '../physical-plan.js';
import { mapInputs } from '../plan-tree.js';
import { selectivity } from '../statistics/selectivity.js';
import { countOption } from './choose-counts.js';
import { groupOption, groupTableCost } from './choose-groups.js';
import { chooseJoin } from './choose-joins.js';
import type { IndexUse } from './index-use.js';
import { filterOption } from './filter-options.js';
import { sortOption, type IndexOption } from './index-options.js';
import { leafUnder, replaceAccess, type Leaf } from './leaf.js';

/** What a scan costs when only the first rows are wanted: it ends when it has found them. */
function scanCost(rows: number, wanted: number | undefined, found: number): number {
  const read = wanted === undefined ? rows : Math.min(rows, (wanted * rows) / Math.max(1, found));
  return read * costs.scanRow;
}

/** How many rows of its input a node reads when only the first `wanted` of its own are; undefined: all. */
function wantedBelow(
  node: PhysicalPlan,
  wanted: number | undefined,
  statistics: PlanStatistics,
): number | undefined {
  switch (node.kind) {
    case 'SliceRows':
    case 'PageRows':
      return node.limit === undefined ? undefined : node.offset + node.limit + 1;
    case 'ProjectRows':
      return wanted;
    case 'FilterRows': {
      const share = selectivity(node.predicate, fieldsUnder(node.input, statistics));
      return wanted === undefined ? undefined : Math.ceil(wanted / Math.max(share, 1e-6));
    }
    case 'LookupJoin':
    case 'IndexLookupJoin':
      return node.join === 'left' ? wanted : undefined;
    default:
      return undefined;
  }
}

/**
 * Replaces scans by index scans, counts and joins by those that an index answers, where these are cheaper. The
 * predicates stay: what an index cannot tell apart is checked again.
 */
export function chooseIndexes(plan: PhysicalPlan, statistics: PlanStatistics, use: IndexUse): PhysicalPlan {
  if (use === 'never' || !statistics.indexes) return plan;

  const isBetter = (option: IndexOption | undefined, cost: number): option is IndexOption =>
    option !== undefined && (use === 'always' || option.cost < cost);
  const sizeOf = (leaf: Leaf) => statistics.rows(leaf.access.path.route, false);

  const filtered = (node: PhysicalPlan, leaf: Leaf, wanted: number | undefined): PhysicalPlan => {
    const option = filterOption(leaf, wanted, statistics);
    const rows = sizeOf(leaf);
    const better = isBetter(option, scanCost(rows, wanted, option?.entries ?? rows));
    return better ? replaceAccess(node, option.path) : node;
  };

  /** What reading all rows of a leaf costs. */
  const readCost = (leaf: Leaf): number => {
    const filter = filterOption(leaf, undefined, statistics);
    return Math.min(scanCost(sizeOf(leaf), undefined, 0), filter?.cost ?? Infinity);
  };

  /** The index whose order makes a sort needless, where it is cheaper than sorting. */
  const sortedPath = (node: SortRows | TopRows, leaf: Leaf): IndexPath | undefined => {
    const found = estimateRows(node.input, statistics);
    const wanted = node.kind === 'TopRows' ? node.count : found;
    const option = sortOption(leaf, node.keys, wanted, statistics);
    if (!option) return undefined;
    const sorting = node.kind === 'TopRows' ? topCost(found, node.count) : sortCost(found);
    return isBetter(option, readCost(leaf) + sorting) ? option.path : undefined;
  };

  const sorted = (node: SortRows | TopRows, leaf: Leaf): PhysicalPlan => {
    const path = sortedPath(node, leaf);
    if (!path) return { ...node, input: filtered(node.input, leaf, undefined) };
    const input = replaceAccess(node.input, path);
    return node.kind === 'SortRows' ? input : { kind: 'SliceRows', input, offset: 0, limit: node.count };
  };

  /** A group whose rows an index gives group by group, or one that holds all groups; before it counts, where an index has them. */
  const grouped = (node: GroupRows, wanted: number | undefined): PhysicalPlan => {
    const leaf = leafUnder(node.input);
    const option = leaf && groupOption(node, leaf, wanted, statistics);
    const streams = leaf && isBetter(option, readCost(leaf) + groupTableCost(node, statistics));
    const rows: PhysicalPlan = streams
      ? { ...node, input: replaceAccess(node.input, option.path), streamed: true }
      : mapInputs(node, (input) => visit(input, undefined));
    const counted = countOption(node, statistics);
    return counted ? { ...counted, input: rows } : rows;
  };

  const visit = (node: PhysicalPlan, wanted: number | undefined): PhysicalPlan => {
    const sorts = node.kind === 'TopRows' || node.kind === 'SortRows';
    const leaf = leafUnder(sorts ? node.input : node);
    if (leaf) return sorts ? sorted(node, leaf) : filtered(node, leaf, wanted);
    if (node.kind === 'HashJoin') {
      const left = estimateRows(node.left, statistics);
      const joined = chooseJoin(node, Math.min(left, wanted ?? left), statistics, use);
      return mapInputs(joined, (input) =>
        input === node.left ? visit(input, wantedBelow(joined, wanted, statistics)) : input,
      );
    }
    if (node.kind === 'GroupRows') return grouped(node, wanted);
    const below = wantedBelow(node, wanted, statistics);
    return mapInputs(node, (input) => visit(input, below));
  };
  return visit(plan, undefined);
}
