import { andOf, conjuncts } from '@drops/ir';
import type { PlanStatistics } from '../estimate.js';
import type { FilterRows, HashJoin, PhysicalPlan, RemoteRows } from '../physical-plan.js';
import { mapInputs } from '../plan-tree.js';
import { isOverJoin, remoteRelation } from './remote-relation.js';
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

/** A filter as one of what the store does over one of the others, which are checked above. */
function someConditions(
  { input, predicate }: FilterRows,
  fields: WantedFields,
  statistics: PlanStatistics,
): FilterRows | undefined {
  const terms = conjuncts(predicate);
  const only = (some: typeof terms): FilterRows => ({
    kind: 'FilterRows',
    input,
    predicate: andOf(some, predicate.span),
  });
  const done = terms.filter((term) => remote(only([term]), fields, statistics) !== undefined);
  if (done.length === 0 || done.length === terms.length) return undefined;
  return { ...only(terms.filter((term) => !done.includes(term))), input: only(done) };
}

/** What keeps the rows one for one, or fewer, in their order: a limit above it is one on what is below. */
const passesLimit: ReadonlySet<PhysicalPlan['kind']> = new Set(['ProjectRows', 'FilterRows', 'ResumeRows']);

const isByKey = ({ on }: HashJoin): boolean =>
  on.some(({ right: { path } }) => path.length === 1 && path[0] === 'key');

const isCut = (plan: PhysicalPlan, above: boolean): boolean =>
  ((plan.kind === 'PageRows' || plan.kind === 'SliceRows') && plan.limit !== undefined) ||
  (above && passesLimit.has(plan.kind));

/**
 * Gives the largest parts of a plan that the store can do by itself to the store, as Trino's and PostgreSQL's own rules for foreign
 * tables do: it is asked of each whether it can say exactly that. The rows and their order stay. Of rows that only some fields
 * are read of, only those fields are fetched. Pairs may be found quicker here, so of them the parts are given to it besides.
 */
export function chooseRemote(plan: PhysicalPlan, statistics: PlanStatistics): PhysicalPlan {
  if (!statistics.remote) return plan;
  const visit = (node: PhysicalPlan, fields: WantedFields, cut: boolean): PhysicalPlan => {
    const below = wantedBelow(node, fields);
    const inside = (of: PhysicalPlan) => mapInputs(of, (input) => visit(input, below, isCut(node, cut)));
    const sides = (of: PhysicalPlan): PhysicalPlan =>
      mapInputs(of, (input) => (isOverJoin(input) ? sides(input) : visit(input, undefined, false)));
    // Conditions and sort keys are looked at again here. A bare scan is worth a statement only where it leaves something out, a bare
    // join where a limit does and its right rows cannot be had by key.
    const isBare =
      (node.kind === 'Access' && !fields) || (node.kind === 'HashJoin' && (!cut || isByKey(node)));
    const read = node.kind === 'Access' ? fields : node.kind === 'GroupRows' ? undefined : below;
    const whole = isBare ? undefined : remote(node, read, statistics);
    if (whole) return isOverJoin(node) ? { ...whole, rows: sides(node) } : whole;
    const some = node.kind === 'FilterRows' ? someConditions(node, below, statistics) : undefined;
    return inside(some ?? node);
  };
  return visit(plan, undefined, false);
}
