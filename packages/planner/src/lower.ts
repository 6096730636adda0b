import { assertNever, invariant } from '@drops/diagnostics';
import type { AccessPath, Filter, Join, NumberArgument, Relation, Scan, Slice } from '@drops/ir';
import type { PhysicalPlan, Position, RowOrder } from './physical-plan.js';
import { keyEquality } from './rules/key-terms.js';

export interface LowerOptions {
  /** Where the page of a slice goes on: asked for every slice with `after`. */
  readonly resume?: ((slice: Slice) => Position) | undefined;
  /** `get … history`: versions come newest first. */
  readonly newestFirst?: boolean | undefined;
}

/** A bound relation as the plan that runs it as written, without any rule. */
export function lowerRelation(relation: Relation, options: LowerOptions = {}): PhysicalPlan {
  const lower = (r: Relation) => lowerRelation(r, options);
  switch (relation.kind) {
    case 'Scan':
      return lowerScan(relation);
    case 'Search':
      return { kind: 'SearchRows', source: relation };
    case 'FacetScan':
      return { kind: 'FacetRows', source: relation };
    case 'Filter':
      if (relation.input.kind === 'Search') {
        return { kind: 'SearchRows', source: relation.input, filter: relation.predicate };
      }
      return (
        (options.newestFirst && lowerVersions(relation)) || {
          kind: 'FilterRows',
          input: lower(relation.input),
          predicate: relation.predicate,
        }
      );
    case 'Project':
      return {
        kind: 'ProjectRows',
        input: lower(relation.input),
        star: relation.star,
        items: relation.items,
      };
    case 'Sort':
      return { kind: 'SortRows', input: lower(relation.input), keys: relation.keys };
    case 'Slice':
      return lowerSlice(relation, lower(relation.input), options);
    case 'Group':
      return {
        kind: 'GroupRows',
        input: lower(relation.input),
        by: relation.by,
        aggregates: relation.aggregates,
      };
    case 'Join':
      return lowerJoin(relation, lower(relation.left), lower(relation.right));
    default:
      return assertNever(relation);
  }
}

/** A number of a bound plan. */
export function boundNumber(value: NumberArgument): number {
  invariant(typeof value === 'number', 'a parameter in a bound plan');
  return value;
}

function lowerScan(scan: Scan): PhysicalPlan {
  const { route, subtree, rows, asOf, span } = scan;
  if (scan.versions === 'current') {
    const path: AccessPath = { kind: 'RouteScan', route, subtree, rows };
    return { kind: 'Access', path, asOf };
  }
  const path: AccessPath = { kind: 'HistoryScan', route, subtree, newestFirst: false };
  const access: PhysicalPlan = { kind: 'Access', path, asOf };
  if (rows === 'all') return access;
  const key = { kind: 'Field', scope: 'system', path: ['key'], type: 'text', span } as const;
  return {
    kind: 'FilterRows',
    input: access,
    predicate: { kind: 'Exists', operand: key, negated: false, span },
  };
}

/** The versions of one entity from the newest on: an order that only this path has, so it is no matter of rules. */
function lowerVersions({ input, predicate }: Filter): PhysicalPlan | undefined {
  const key = keyEquality(predicate);
  if (input.kind !== 'Scan' || input.versions !== 'history' || !key) return undefined;
  const { route, subtree, asOf } = input;
  return { kind: 'Access', path: { kind: 'HistoryScan', route, subtree, ...key, newestFirst: true }, asOf };
}

function lowerSlice(slice: Slice, input: PhysicalPlan, options: LowerOptions): PhysicalPlan {
  const position = slice.after === undefined ? undefined : options.resume?.(slice);
  // A cursor stands after the rows that were skipped to reach it.
  const offset = position ? 0 : boundNumber(slice.offset);
  const limit = slice.limit === undefined ? undefined : boundNumber(slice.limit);
  const resumed = position ? resumeBelow(input, position) : input;
  if (!slice.paged || limit === undefined) return { kind: 'SliceRows', input: resumed, offset, limit };
  return { kind: 'PageRows', input: resumed, offset, limit, order: orderOf(input) };
}

/** Puts the position under the sort, so that only rows after it are sorted. */
function resumeBelow(plan: PhysicalPlan, position: Position): PhysicalPlan {
  switch (plan.kind) {
    case 'FilterRows':
    case 'ProjectRows':
      return { ...plan, input: resumeBelow(plan.input, position) };
    case 'SortRows': {
      const order: RowOrder = { kind: 'sorted', keys: plan.keys, depth: 0 };
      return { ...plan, input: { kind: 'ResumeRows', input: plan.input, order, position } };
    }
    default:
      return { kind: 'ResumeRows', input: plan, order: orderOf(plan), position };
  }
}

/** The order of the rows of a plan as lowered. */
export function orderOf(plan: PhysicalPlan, depth = 0): RowOrder {
  switch (plan.kind) {
    case 'FilterRows':
    case 'SliceRows':
    case 'PageRows':
    case 'ResumeRows':
      return orderOf(plan.input, depth);
    case 'ProjectRows':
      return orderOf(plan.input, depth + 1);
    case 'SortRows':
    case 'TopRows':
      return { kind: 'sorted', keys: plan.keys, depth };
    case 'Access':
      if (plan.path.kind !== 'HistoryScan') return { kind: 'natural' };
      return { kind: plan.path.newestFirst ? 'newest' : 'versions' };
    case 'HashJoin':
    case 'LookupJoin':
    case 'IndexLookupJoin':
      return orderOf(plan.left, depth);
    case 'ColumnScan':
    case 'ColumnTop':
    case 'ColumnGroup':
    case 'RemoteRows':
      return orderOf(plan.rows, depth);
    case 'GroupRows':
    case 'CountRows':
    case 'SearchRows':
    case 'FacetRows':
    case 'Empty':
      return { kind: 'natural' };
    default:
      return assertNever(plan);
  }
}

function lowerJoin(join: Join, left: PhysicalPlan, right: PhysicalPlan): PhysicalPlan {
  return { kind: 'HashJoin', join: join.join, left, right, on: join.on };
}
