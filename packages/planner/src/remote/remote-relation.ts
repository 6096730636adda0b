import type { Expression, Field, Relation, Scan } from '@drops/ir';
import type { PhysicalPlan } from '../physical-plan.js';

const nowhere = { start: 0, end: 0 } as const;

/** What a part stands for that the store does already: sides of a join, whose pairs it may do too. */
const meantBy = (plan: PhysicalPlan): PhysicalPlan => (plan.kind === 'RemoteRows' ? plan.rows : plan);

function scanOf(plan: PhysicalPlan): Scan | undefined {
  if (plan.kind !== 'Access' || plan.path.kind !== 'RouteScan' || plan.asOf) return undefined;
  const { route, rows, subtree } = plan.path;
  return { kind: 'Scan', route, subtree, versions: 'current', rows, span: nowhere };
}

/** Rows of a route or of those below it, all of them or those that a predicate keeps. */
function rowsOf(plan: PhysicalPlan): Relation | undefined {
  if (plan.kind !== 'FilterRows') return scanOf(plan);
  const input = scanOf(plan.input);
  return input && filtered(input, plan.predicate);
}

const filtered = (input: Relation, predicate: Expression): Relation => ({
  kind: 'Filter',
  input,
  predicate,
  span: nowhere,
});

/** True for pairs of rows, all of them or those that meet conditions. */
export const isOverJoin = (plan: PhysicalPlan): boolean =>
  plan.kind === 'FilterRows'
    ? isOverJoin(plan.input)
    : plan.kind === 'HashJoin' || plan.kind === 'LookupJoin';

/** Pairs of rows of two routes, whichever way they were going to be found. */
function joinOf(plan: PhysicalPlan): Relation | undefined {
  if (plan.kind !== 'HashJoin' && plan.kind !== 'LookupJoin') return undefined;
  const of = meantBy(plan.left);
  const left = isWhole(of) ? rowsOf(of) : undefined;
  if (!left) return undefined;
  const { join } = plan;
  if (plan.kind === 'HashJoin') {
    const other = meantBy(plan.right);
    const right = isWhole(other) ? rowsOf(other) : undefined;
    return right && { kind: 'Join', join, left, right, on: plan.on, span: nowhere };
  }
  if (plan.asOf) return undefined;
  const { route, key, rest } = plan;
  const right: Scan = {
    kind: 'Scan',
    route,
    subtree: false,
    versions: 'current',
    rows: 'entities',
    span: nowhere,
  };
  const keyOfRight: Field = { kind: 'Field', scope: 'joined', path: ['key'], type: 'text', span: nowhere };
  return { kind: 'Join', join, left, right, on: [{ left: key, right: keyOfRight }, ...rest], span: nowhere };
}

/** The same, perhaps only those that a predicate keeps. */
function pairsOf(plan: PhysicalPlan): Relation | undefined {
  if (plan.kind !== 'FilterRows') return joinOf(plan);
  const input = joinOf(plan.input);
  return input && filtered(input, plan.predicate);
}

/** Groups of rows or of pairs, all of them or those that a predicate keeps. */
function groupsOf(plan: PhysicalPlan): Relation | undefined {
  if (plan.kind === 'FilterRows') {
    const input = groupsOf(plan.input);
    return input && filtered(input, plan.predicate);
  }
  if (plan.kind !== 'GroupRows') return undefined;
  const input = isWhole(plan.input) ? rowsOf(plan.input) : pairsOf(plan.input);
  return input && { kind: 'Group', input, by: plan.by, aggregates: plan.aggregates, span: nowhere };
}

/**
 * True for one route from its beginning: what is counted or sorted goes on from no place, and of several routes some may not be
 * read.
 */
function isWhole(plan: PhysicalPlan): boolean {
  if (plan.kind === 'FilterRows') return isWhole(plan.input);
  return (
    plan.kind === 'Access' &&
    plan.path.kind === 'RouteScan' &&
    !plan.path.subtree &&
    plan.path.after === undefined
  );
}

/**
 * The relation that a part of a plan stands for, where it is one that a store which speaks SQL could give by itself: rows of a
 * route, pairs of them with rows of another, or groups of either, all of them or the first by some keys. What SQL can say of it is another
 * question.
 */
export function remoteRelation(plan: PhysicalPlan): Relation | undefined {
  switch (plan.kind) {
    case 'Access':
      return rowsOf(plan);
    case 'FilterRows':
      return rowsOf(plan) ?? groupsOf(plan) ?? pairsOf(plan);
    case 'HashJoin':
      return joinOf(plan);
    case 'GroupRows':
      return groupsOf(plan);
    case 'TopRows': {
      const input = isWhole(plan.input) ? rowsOf(plan.input) : (groupsOf(plan.input) ?? pairsOf(plan.input));
      if (!input) return undefined;
      const sorted: Relation = { kind: 'Sort', input, keys: plan.keys, span: nowhere };
      return {
        kind: 'Slice',
        input: sorted,
        offset: 0,
        limit: plan.count,
        single: false,
        paged: false,
        span: nowhere,
      };
    }
    default:
      return undefined;
  }
}
