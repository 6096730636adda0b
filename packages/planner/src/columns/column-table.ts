import type { Field } from '@drops/ir';
import { isIndexPath } from '../indexes/index-terms.js';
import type { ColumnRoute, ColumnTable, PhysicalPlan } from '../physical-plan.js';
import { readsColumns } from './column-fields.js';

function scanUnder(plan: PhysicalPlan): ColumnRoute | undefined {
  if (plan.kind !== 'Access' || plan.asOf || plan.path.kind !== 'RouteScan') return undefined;
  const { route, rows, subtree, after } = plan.path;
  return subtree || after ? undefined : { route, rows, predicate: undefined };
}

/** All rows of a route, group by group. */
function allOfIndex(plan: PhysicalPlan): ColumnRoute | undefined {
  if (plan.kind !== 'Access' || plan.asOf || plan.path.kind !== 'IndexScan') return undefined;
  const { route, rows, order, equal, next } = plan.path;
  const isAll = order.kind === 'groups' && equal.length === 0 && !next;
  return isAll ? { route, rows, predicate: undefined } : undefined;
}

/**
 * The scan of a route, perhaps under a filter and then perhaps through an index, as columns would read it. For a group it may
 * give its rows group by group.
 */
function routeUnder(plan: PhysicalPlan, grouped: boolean): ColumnRoute | undefined {
  if (plan.kind !== 'FilterRows') return scanUnder(plan) ?? (grouped ? allOfIndex(plan) : undefined);
  const { input, predicate } = plan;
  if (!readsColumns(predicate, false)) return undefined;
  if (input.kind === 'Access' && isIndexPath(input.path)) {
    // The whole predicate stands above an index: without it the rows are the same.
    const { path } = input;
    const order = path.kind === 'IndexScan' ? path.order.kind : 'natural';
    const fits = order === 'natural' || (order === 'groups' && grouped);
    return fits && !input.asOf ? { route: path.route, rows: path.rows, predicate } : undefined;
  }
  const below = scanUnder(input);
  return below && { ...below, predicate };
}

const readsOwnRow = (field: Field): boolean => readsColumns(field, false);
/** On the right of a condition a field looks into the record that is joined. */
const isKey = (field: Field): boolean => field.path.length === 1 && field.path[0] === 'key';

function joinUnder(plan: PhysicalPlan): ColumnTable | undefined {
  if (plan.kind === 'LookupJoin') {
    const left = routeUnder(plan.left, false);
    if (!left || plan.asOf || plan.rest.length > 0 || !readsOwnRow(plan.key)) return undefined;
    const right: ColumnRoute = { route: plan.route, rows: 'entities', predicate: undefined };
    return { left, joined: { join: plan.join, key: plan.key, right, predicate: undefined } };
  }
  if (plan.kind !== 'HashJoin' || plan.on.length !== 1) return undefined;
  const [pair] = plan.on;
  const left = routeUnder(plan.left, false);
  const right = routeUnder(plan.right, false);
  if (!left || !right || !pair || !isKey(pair.right) || !readsOwnRow(pair.left)) return undefined;
  return { left, joined: { join: plan.join, key: pair.left, right, predicate: undefined } };
}

/** The rows of a plan, of a group where it is `grouped`, as a table of columns; undefined when they are something else. */
export function tableUnder(plan: PhysicalPlan, grouped: boolean): ColumnTable | undefined {
  const left = routeUnder(plan, grouped);
  if (left) return { left };
  if (plan.kind !== 'FilterRows') return joinUnder(plan);
  const table = readsColumns(plan.predicate, true) ? joinUnder(plan.input) : undefined;
  return table?.joined && { ...table, joined: { ...table.joined, predicate: plan.predicate } };
}
