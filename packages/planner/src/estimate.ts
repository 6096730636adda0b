import { assertNever } from '@drops/diagnostics';
import {
  andOf,
  conjuncts,
  type AccessPath,
  type Expression,
  type IndexScanPath,
  type Path,
  type Relation,
} from '@drops/ir';
import { answeredTerms, isIndexPath, payloadPath } from './indexes/index-terms.js';
import type { FilterRows, GroupRows, HashJoin, IndexLookupJoin, PhysicalPlan } from './physical-plan.js';
import type { FieldStatistics } from './statistics/field-statistics.js';
import { selectivity, type KnownFields } from './statistics/selectivity.js';

/** An index that is ready. */
export interface UsableIndex {
  /** What an index scan calls it by. */
  readonly id: number;
  readonly fields: readonly Path[];
}

/** A store that speaks SQL, as the planner asks it. */
export interface RemoteStore {
  /** Whether it gives exactly the rows of a relation. */
  says(relation: Relation): boolean;
  /** Whether it has an index by the values at a path. */
  isIndexed(route: string, path: Path): boolean;
}

/** What the planner knows of the data. */
export interface PlanStatistics {
  /** Live entities and visible events of a route, with `subtree` of those below it too. */
  rows(route: string, subtree: boolean): number;
  /** The indexes of a route. Missing where nothing is known of indexes. */
  indexes?(route: string): readonly UsableIndex[];
  /** What is known of the values of a field of the payload. Missing, or undefined: nothing. */
  field?(route: string, path: Path): FieldStatistics | undefined;
  /** How many entries an index scan has, counted up to a limit. */
  entries?(path: IndexScanPath, limit: number): number;
  /** True when an index scan has no entry. A plan that is made of this is right as long as it holds. Missing: nothing is known. */
  isNone?(path: IndexScanPath): boolean;
  /** What the store does by itself of a query; missing: it gives rows along access paths, and nothing else. */
  readonly remote?: RemoteStore | undefined;
  /** True when routes can be read by columns. */
  readonly columns?: boolean | undefined;
}

/** A store of which nothing is known: every route is of middling size. */
export const unknownStatistics: PlanStatistics = { rows: () => 1000 };

function accessRows(path: AccessPath, statistics: PlanStatistics): number {
  switch (path.kind) {
    case 'Get':
      return 1;
    case 'MultiGet':
      return path.keys.length;
    case 'RouteScan':
      return statistics.rows(path.route, path.subtree);
    case 'IndexScan': {
      const isWhole = path.equal.length === 0 && !path.next;
      return isWhole ? statistics.rows(path.route, false) : (statistics.entries?.(path, countLimit) ?? 10);
    }
    case 'IndexIntersection': {
      const rows = Math.max(1, statistics.rows(path.route, false));
      const share = path.scans.reduce((product, scan) => product * (accessRows(scan, statistics) / rows), 1);
      return Math.ceil(rows * share);
    }
    case 'IndexUnion': {
      const sum = path.scans.reduce((total, scan) => total + accessRows(scan, statistics), 0);
      return Math.min(sum, statistics.rows(path.route, false));
    }
    case 'HistoryScan':
      return path.key === undefined ? statistics.rows(path.route, path.subtree) : 1;
    default:
      return assertNever(path);
  }
}

const sliced = (rows: number, offset: number, limit: number | undefined) =>
  Math.max(0, Math.min(rows - offset, limit ?? Infinity));

/** The part of a predicate that an index below has not answered. */
function residual({ input, predicate }: FilterRows): Expression {
  const path = input.kind === 'Access' ? input.path : undefined;
  if (!path || !isIndexPath(path)) return predicate;
  const used = answeredTerms(path, predicate);
  return andOf(
    conjuncts(predicate).filter((term) => !used.includes(term)),
    predicate.span,
  );
}

/** The route whose drops the rows of a plan are, those on the left of a join; undefined for columns and several routes. */
function routeOf(plan: PhysicalPlan): string | undefined {
  switch (plan.kind) {
    case 'Access':
      return 'subtree' in plan.path && plan.path.subtree ? undefined : plan.path.route;
    case 'FilterRows':
    case 'SortRows':
    case 'TopRows':
    case 'SliceRows':
    case 'PageRows':
    case 'ResumeRows':
      return routeOf(plan.input);
    case 'RemoteRows':
      return routeOf(plan.rows);
    case 'LookupJoin':
    case 'IndexLookupJoin':
    case 'HashJoin':
      return routeOf(plan.left);
    default:
      return undefined;
  }
}

/** What is known of the payload of the rows of a plan. */
export function fieldsUnder(plan: PhysicalPlan, statistics: PlanStatistics): KnownFields {
  const route = routeOf(plan);
  return (path) => (route === undefined ? undefined : statistics.field?.(route, path));
}

/** How many groups some rows make. */
function groupsOf({ by, input }: GroupRows, rows: number, statistics: PlanStatistics): number {
  if (by === null) return 1;
  const fields = fieldsUnder(input, statistics);
  let groups = 1;
  for (const { expression } of by) {
    const path = payloadPath(expression);
    const known = path && fields(path);
    if (!known) return Math.ceil(Math.sqrt(rows));
    groups *= known.distinct + (known.nulls > 0 ? 1 : 0);
  }
  return Math.min(rows, Math.ceil(groups));
}

/** How many rows of the right side a left row finds. */
export function matchesOf({ right, on }: HashJoin | IndexLookupJoin, statistics: PlanStatistics): number {
  const rows = estimateRows(right, statistics);
  const fields = fieldsUnder(right, statistics);
  let matches = Math.min(unknownMatches, rows);
  for (const pair of on) {
    const { path } = pair.right;
    if (path.length === 1 && path[0] === 'key') return Math.min(1, rows);
    const known = fields(path);
    if (known) matches = (rows * (1 - known.nulls)) / Math.max(1, known.distinct);
  }
  return matches;
}

/** How many rows of the right side a left row finds, where nothing is known of the field. */
const unknownMatches = 10;

/** Entries of an index that are counted for an estimate. */
const countLimit = 5000;

/** How many rows a plan gives, roughly. */
export function estimateRows(plan: PhysicalPlan, statistics: PlanStatistics): number {
  const rows = (p: PhysicalPlan) => estimateRows(p, statistics);
  switch (plan.kind) {
    case 'Access':
      return accessRows(plan.path, statistics);
    case 'SearchRows':
      return typeof plan.source.limit === 'number' ? plan.source.limit : 10;
    case 'FacetRows':
      return 100;
    case 'Empty':
      return 0;
    case 'FilterRows':
      return Math.ceil(rows(plan.input) * selectivity(residual(plan), fieldsUnder(plan.input, statistics)));
    case 'ProjectRows':
    case 'SortRows':
      return rows(plan.input);
    case 'ResumeRows':
      return Math.ceil(rows(plan.input) / 2);
    case 'TopRows':
      return Math.min(rows(plan.input), plan.count);
    case 'SliceRows':
    case 'PageRows':
      return sliced(rows(plan.input), plan.offset, plan.limit);
    case 'GroupRows':
      return groupsOf(plan, rows(plan.input), statistics);
    case 'ColumnScan':
    case 'ColumnTop':
    case 'ColumnGroup':
    case 'RemoteRows':
      return rows(plan.rows);
    case 'CountRows':
      return rows(plan.input);
    case 'LookupJoin':
      return rows(plan.left);
    case 'IndexLookupJoin':
    case 'HashJoin': {
      const matches = matchesOf(plan, statistics);
      return Math.ceil(rows(plan.left) * (plan.join === 'left' ? Math.max(1, matches) : matches));
    }
    default:
      return assertNever(plan);
  }
}
