import type { PhysicalPlan } from './physical-plan.js';
import { expressionsOf, inputsOf } from './plan-tree.js';
import { subqueriesOf } from './expression-tree.js';

/** Nodes whose values are all in expressions and access paths. */
const plainKinds: ReadonlySet<PhysicalPlan['kind']> = new Set([
  'Access',
  'Empty',
  'FilterRows',
  'ProjectRows',
  'SortRows',
  'TopRows',
  'SliceRows',
  'PageRows',
  'GroupRows',
  'LookupJoin',
  'HashJoin',
  'RemoteRows',
]);

/**
 * True for plans that can be run as they are with other values of their parameters, given beside them; into every other plan
 * its values must be put first, by `bindPlan`.
 */
export function takesValues(plan: PhysicalPlan): boolean {
  return (
    plainKinds.has(plan.kind) &&
    expressionsOf(plan).every((expression) => subqueriesOf(expression).length === 0) &&
    inputsOf(plan).every(takesValues)
  );
}
