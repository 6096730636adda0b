import { conjuncts, type Expression, type IndexOrder, type IndexScanPath, type SortKey } from '@drops/ir';
import { selectivity, type PlanStatistics, type UsableIndex } from '../estimate.js';
import type { Access, PhysicalPlan, TopRows } from '../physical-plan.js';
import { mapInputs } from '../plan-tree.js';
import { indexTerms, matchIndex, payloadPath, samePath, type IndexMatch } from './index-terms.js';

/** Which way to a row is taken: the cheapest, or an index wherever one fits (tests compare answers), or none. */
export type IndexUse = 'cheapest' | 'always' | 'never';

/** A row that is fetched through an index costs about this many rows of a scan, an entry that is only read this part of one. */
export const fetchCost = 2;
export const entryCost = 0.2;
/** Entries that are counted to learn how many there are. */
const countLimit = 2000;

interface Leaf {
  readonly access: Access;
  readonly predicate: Expression | undefined;
  /** A cursor's place is looked for among the rows: they are read from the first. */
  readonly resumes: boolean;
}

/** The scan of a route under filters and a cursor's place: what an index may stand for. */
function leafUnder(plan: PhysicalPlan): Leaf | undefined {
  switch (plan.kind) {
    case 'Access': {
      const { path, asOf } = plan;
      const plain = path.kind === 'RouteScan' && !path.subtree && !path.after && !asOf;
      return plain ? { access: plan, predicate: undefined, resumes: false } : undefined;
    }
    case 'FilterRows': {
      const leaf = leafUnder(plan.input);
      return leaf && !leaf.predicate ? { ...leaf, predicate: plan.predicate } : undefined;
    }
    case 'ResumeRows': {
      const leaf = leafUnder(plan.input);
      return leaf && { ...leaf, resumes: true };
    }
    default:
      return undefined;
  }
}

function replaceAccess(plan: PhysicalPlan, path: IndexScanPath): PhysicalPlan {
  return plan.kind === 'Access' ? { ...plan, path } : mapInputs(plan, (input) => replaceAccess(input, path));
}

/** An index scan and what it costs, in rows of a scan. */
export interface IndexOption {
  readonly path: IndexScanPath;
  readonly entries: number;
  readonly cost: number;
}

/** How many entries an index scan reads, roughly. */
export function countOf(path: IndexScanPath, rows: number, statistics: PlanStatistics): number {
  const counted = statistics.entries?.(path, countLimit) ?? rows;
  return counted < countLimit ? counted : Math.max(counted, Math.ceil(rows / 10));
}

function scanPath(
  leaf: Leaf,
  index: UsableIndex,
  match: IndexMatch,
  order: IndexOrder,
): IndexScanPath | undefined {
  const { path } = leaf.access;
  if (path.kind !== 'RouteScan') return undefined;
  return {
    kind: 'IndexScan',
    route: path.route,
    index: index.id,
    fields: index.fields,
    equal: match.equal,
    ...(match.next && { next: match.next }),
    ...(match.slots && { slots: match.slots }),
    order,
    rows: path.rows,
  };
}

/** The order of a sort as an index has it; undefined when it has another. */
function sortedBy(index: UsableIndex, match: IndexMatch, keys: readonly SortKey[]): IndexOrder | undefined {
  const constant = index.fields.slice(0, match.equal.length);
  const paths: (readonly (string | number)[])[] = [];
  const directions = new Set<boolean>();
  for (const { expression, descending } of keys) {
    const path = payloadPath(expression);
    if (!path) return undefined;
    if (constant.some((field) => samePath(field, path))) continue;
    paths.push(path);
    directions.add(descending);
  }
  const descending = directions.has(true);
  const fits = paths.every((path, i) => {
    const field = index.fields[match.equal.length + i];
    return field !== undefined && samePath(field, path);
  });
  if (paths.length === 0 || !fits || (descending && paths.length > 1)) return undefined;
  return { kind: 'values', fields: paths.length, descending };
}

/** The share of rows that the terms keep which an index does not answer. */
function residualShare(leaf: Leaf, match: IndexMatch): number {
  const rest = leaf.predicate ? conjuncts(leaf.predicate).filter((term) => !match.used.includes(term)) : [];
  return rest.reduce((share, term) => share * selectivity(term), 1);
}

function cheapest(options: readonly (IndexOption | undefined)[]): IndexOption | undefined {
  let best: IndexOption | undefined;
  for (const option of options) if (option && (!best || option.cost < best.cost)) best = option;
  return best;
}

/** The cheapest index for a filter whose rows are wanted in the order of the route, perhaps only the first of them. */
export function filterOption(
  leaf: Leaf,
  wanted: number | undefined,
  statistics: PlanStatistics,
): IndexOption | undefined {
  const { route } = leaf.access.path;
  const terms = leaf.predicate ? indexTerms(leaf.predicate) : [];
  if (terms.length === 0) return undefined;
  const rows = statistics.rows(route, false);
  const options = (statistics.indexes?.(route) ?? []).map((index): IndexOption | undefined => {
    const match = matchIndex(index.fields, terms);
    if (match.used.length === 0) return undefined;
    const path = scanPath(leaf, index, match, { kind: 'natural' });
    if (!path) return undefined;
    const entries = countOf(path, rows, statistics);
    const fetched = Math.min(entries, (wanted ?? entries) / residualShare(leaf, match));
    const streamed = match.equal.length === index.fields.length;
    return { path, entries, cost: fetched * fetchCost + (streamed ? fetched : entries) * entryCost };
  });
  return cheapest(options);
}

/** The cheapest index that gives rows in the order of a sort of which only the first are wanted. */
function sortOption(leaf: Leaf, top: TopRows, statistics: PlanStatistics): IndexOption | undefined {
  const { route } = leaf.access.path;
  const terms = leaf.predicate ? indexTerms(leaf.predicate) : [];
  const rows = statistics.rows(route, false);
  const options = (statistics.indexes?.(route) ?? []).map((index): IndexOption | undefined => {
    const match = matchIndex(index.fields, terms);
    const order = sortedBy(index, match, top.keys);
    const path = order && scanPath(leaf, index, match, order);
    if (!path) return undefined;
    const entries = match.used.length === 0 ? rows : countOf(path, rows, statistics);
    const fetched = leaf.resumes ? entries / 2 : Math.min(entries, top.count / residualShare(leaf, match));
    return { path, entries, cost: fetched * (fetchCost + entryCost) };
  });
  return cheapest(options);
}

/** What a scan costs when only the first rows are wanted: it ends when it has found them. */
function scanCost(rows: number, wanted: number | undefined, found: number): number {
  return wanted === undefined ? rows : Math.min(rows, (wanted * rows) / Math.max(1, found));
}

/** Replaces scans by index scans where those are cheaper. The predicates stay: what an index cannot tell apart is checked again. */
export function chooseIndexes(plan: PhysicalPlan, statistics: PlanStatistics, use: IndexUse): PhysicalPlan {
  if (use === 'never' || !statistics.indexes) return plan;

  const isBetter = (option: IndexOption | undefined, cost: number): option is IndexOption =>
    option !== undefined && (use === 'always' || option.cost < cost);

  const filtered = (node: PhysicalPlan, leaf: Leaf, wanted: number | undefined): PhysicalPlan => {
    const option = filterOption(leaf, wanted, statistics);
    const rows = statistics.rows(leaf.access.path.route, false);
    const better = isBetter(option, scanCost(rows, wanted, option?.entries ?? rows));
    return better ? replaceAccess(node, option.path) : node;
  };

  const top = (node: TopRows, leaf: Leaf): PhysicalPlan => {
    const sorted = sortOption(leaf, node, statistics);
    const rows = statistics.rows(leaf.access.path.route, false);
    const filter = filterOption(leaf, undefined, statistics);
    const other = Math.min(rows, filter?.cost ?? rows);
    if (!isBetter(sorted, other)) return { ...node, input: filtered(node.input, leaf, undefined) };
    return { kind: 'SliceRows', input: replaceAccess(node.input, sorted.path), offset: 0, limit: node.count };
  };

  const visit = (node: PhysicalPlan, wanted: number | undefined): PhysicalPlan => {
    const leaf = node.kind === 'TopRows' ? leafUnder(node.input) : leafUnder(node);
    if (leaf) return node.kind === 'TopRows' ? top(node, leaf) : filtered(node, leaf, wanted);
    const limited = node.kind === 'SliceRows' || node.kind === 'PageRows';
    const below =
      limited && node.limit !== undefined
        ? node.offset + node.limit + 1
        : node.kind === 'ProjectRows'
          ? wanted
          : undefined;
    return mapInputs(node, (input) => visit(input, below));
  };
  return visit(plan, undefined);
}
