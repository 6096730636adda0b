import type { Field } from '@drops/ir';
import { isIndexPath } from '../indexes/index-terms.js';
import type { ColumnRoute, ColumnTable, PhysicalPlan } from '../physical-plan.js';
import { readsColumns } from './column-fields.js';

function scanUnder(plan: PhysicalPlan): ColumnRoute | undefined {
  if (plan.kind !== 'Access' || plan.asOf || plan.path.kind !== 'RouteScan') return undefined;
  const { route, rows, subtree, after } = plan.path;
  return subtree || after ? undefined : { route, rows, predicate: undefined };
}

/** The scan of a route, perhaps under a filter and then perhaps through an index, as columns would read it. */
function routeUnder(plan: PhysicalPlan): ColumnRoute | undefined {
  if (plan.kind !== 'FilterRows') return scanUnder(plan);
  const { input, predicate } = plan;
  if (!readsColumns(predicate, false)) return undefined;
  if (input.kind === 'Access' && isIndexPath(input.path)) {
    // The whole predicate stands above an index: without it the rows are the same.
    const { path } = input;
    const natural = path.kind !== 'IndexScan' || path.order.kind === 'natural';
    return natural && !input.asOf ? { route: path.route, rows: path.rows, predicate } : undefined;
  }
  const below = scanUnder(input);
  return below && { ...below, predicate };
}

const readsOwnRow = (field: Field): boolean => readsColumns(field, false);
/** On the right of a condition a field looks into the record that is joined. */
const isKey = (field: Field): boolean => field.path.length === 1 && field.path[0] === 'key';

function joinUnder(plan: PhysicalPlan): ColumnTable | undefined {
  if (plan.kind === 'LookupJoin') {
    const left = routeUnder(plan.left);
    if (!left || plan.asOf || plan.rest.length > 0 || !readsOwnRow(plan.key)) return undefined;
    const right: ColumnRoute = { route: plan.route, rows: 'entities', predicate: undefined };
    return { left, joined: { join: plan.join, key: plan.key, right, predicate: undefined } };
  }
  if (plan.kind !== 'HashJoin' || plan.on.length !== 1) return undefined;
  const [pair] = plan.on;
  const left = routeUnder(plan.left);
  const right = routeUnder(plan.right);
  if (!left || !right || !pair || !isKey(pair.right) || !readsOwnRow(pair.left)) return undefined;
  return { left, joined: { join: plan.join, key: pair.left, right, predicate: undefined } };
}

/** The rows of a plan as a table of columns; undefined when they are something else. */
export function tableUnder(plan: PhysicalPlan): ColumnTable | undefined {
  const left = routeUnder(plan);
  if (left) return { left };
  if (plan.kind !== 'FilterRows') return joinUnder(plan);
  const table = readsColumns(plan.predicate, true) ? joinUnder(plan.input) : undefined;
  return table?.joined && { ...table, joined: { ...table.joined, predicate: plan.predicate } };
}
