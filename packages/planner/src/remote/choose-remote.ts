import { andOf, conjuncts } from '@drops/ir';
import type { PlanStatistics } from '../estimate.js';
import type { FilterRows, PhysicalPlan, RemoteRows } from '../physical-plan.js';
import { mapInputs } from '../plan-tree.js';
import { remoteRelation } from './remote-relation.js';
import { wantedBelow, type WantedFields } from './wanted-fields.js';

/** The part of a plan as one that the store does, if it can. */
function remote(
  plan: PhysicalPlan,
  fields: WantedFields,
  statistics: PlanStatistics,
): RemoteRows | undefined {
  const relation = remoteRelation(plan);
  if (!relation || statistics.remote?.says(relation) !== true) return undefined;
  return { kind: 'RemoteRows', rows: plan, ...(fields && { fields: [...fields] }) };
}

/** A filter of which the store does some conditions; the others are checked above. */
function someConditions(
  { input, predicate }: FilterRows,
  fields: WantedFields,
  statistics: PlanStatistics,
): PhysicalPlan | undefined {
  const terms = conjuncts(predicate);
  const only = (some: typeof terms): FilterRows => ({
    kind: 'FilterRows',
    input,
    predicate: andOf(some, predicate.span),
  });
  const done = terms.filter((term) => remote(only([term]), fields, statistics) !== undefined);
  if (done.length === 0) return undefined;
  const below = remote(only(done), fields, statistics);
  return below && { ...only(terms.filter((term) => !done.includes(term))), input: below };
}

/**
 * Gives the largest parts of a plan that the store can do by itself to the store, as Trino's and PostgreSQL's own rules for foreign
 * tables do: it is asked of each whether it can say exactly that. The rows and their order stay. Of rows that only some fields
 * are read of, only those fields are fetched.
 */
export function chooseRemote(plan: PhysicalPlan, statistics: PlanStatistics): PhysicalPlan {
  if (!statistics.remote) return plan;
  const visit = (node: PhysicalPlan, fields: WantedFields): PhysicalPlan => {
    const below = wantedBelow(node, fields);
    // Conditions and sort keys are looked at again here. A bare scan is worth a statement only where it leaves something out.
    const read = node.kind === 'Access' ? fields : node.kind === 'GroupRows' ? undefined : below;
    const whole = node.kind === 'Access' && !fields ? undefined : remote(node, read, statistics);
    if (whole) return whole;
    const some = node.kind === 'FilterRows' ? someConditions(node, below, statistics) : undefined;
    return some ?? mapInputs(node, (input) => visit(input, below));
  };
  return visit(plan, undefined);
}
