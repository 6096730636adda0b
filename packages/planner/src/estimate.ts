import { assertNever } from '@drops/diagnostics';
import {
  andOf,
  conjuncts,
  isArray,
  type AccessPath,
  type Expression,
  type IndexScanPath,
  type Path,
} from '@drops/ir';
import { indexTerms, matchIndex } from './indexes/index-terms.js';
import type { FilterRows, PhysicalPlan } from './physical-plan.js';

/** An index that is ready. */
export interface UsableIndex {
  /** What an index scan calls it by. */
  readonly id: number;
  readonly fields: readonly Path[];
}

/** What the planner knows of the data. */
export interface PlanStatistics {
  /** Live entities and visible events of a route, with `subtree` of those below it too. */
  rows(route: string, subtree: boolean): number;
  /** The indexes of a route. Missing where nothing is known of indexes. */
  indexes?(route: string): readonly UsableIndex[];
  /** How many entries an index scan has, counted up to a limit. */
  entries?(path: IndexScanPath, limit: number): number;
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
    case 'IndexScan':
      return statistics.entries?.(path, 1000) ?? 10;
    case 'HistoryScan':
      return path.key === undefined ? statistics.rows(path.route, path.subtree) : 1;
    default:
      return assertNever(path);
  }
}

/** The share of rows a predicate keeps: round figures, since nothing is known of the values. */
export function selectivity(predicate: Expression): number {
  switch (predicate.kind) {
    case 'Cmp':
      return predicate.op === '=' ? 0.1 : predicate.op === '!=' ? 0.9 : 0.33;
    case 'In':
      return predicate.list.kind === 'Lit' && isArray(predicate.list.value)
        ? Math.min(0.5, predicate.list.value.length * 0.1)
        : 0.3;
    case 'InQuery':
    case 'Like':
      return 0.25;
    case 'Exists':
      return predicate.negated ? 0.1 : 0.9;
    case 'And':
      return conjuncts(predicate).reduce((share, term) => share * selectivity(term), 1);
    case 'Or':
      return Math.min(
        1,
        predicate.terms.reduce((share, term) => share + selectivity(term), 0),
      );
    case 'Not':
      return 1 - selectivity(predicate.term);
    case 'Lit':
      return predicate.value === true ? 1 : 0;
    default:
      return 0.5;
  }
}

const sliced = (rows: number, offset: number, limit: number | undefined) =>
  Math.max(0, Math.min(rows - offset, limit ?? Infinity));

/** The part of a predicate that an index below has not answered. */
function residual({ input, predicate }: FilterRows): Expression {
  const path = input.kind === 'Access' ? input.path : undefined;
  if (path?.kind !== 'IndexScan') return predicate;
  const { used } = matchIndex(path.fields, indexTerms(predicate));
  return andOf(
    conjuncts(predicate).filter((term) => !used.includes(term)),
    predicate.span,
  );
}

/** How many rows a plan gives, roughly. */
export function estimateRows(plan: PhysicalPlan, statistics: PlanStatistics): number {
  const rows = (p: PhysicalPlan) => estimateRows(p, statistics);
  switch (plan.kind) {
    case 'Access':
      return accessRows(plan.path, statistics);
    case 'Remote':
      return plan.source.kind === 'Search' && typeof plan.source.limit === 'number' ? plan.source.limit : 100;
    case 'Empty':
      return 0;
    case 'FilterRows':
      return Math.ceil(rows(plan.input) * selectivity(residual(plan)));
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
      return plan.by === null ? 1 : Math.ceil(Math.sqrt(rows(plan.input)));
    case 'ColumnScan':
    case 'ColumnTop':
    case 'ColumnGroup':
      return rows(plan.rows);
    case 'CountRows':
      return rows(plan.input);
    case 'LookupJoin':
    case 'IndexLookupJoin':
    case 'HashJoin':
      return rows(plan.left);
    default:
      return assertNever(plan);
  }
}
