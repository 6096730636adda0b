import { andOf, conjuncts } from '@drops/ir';
import type { PlanStatistics } from '../estimate.js';
import type { FilterRows, HashJoin, PhysicalPlan } from '../physical-plan.js';
import { everything, mapInputsByRead, namesBelow, type Read } from '../read-fields.js';
import { shapeOf } from '../row-shape.js';
import { isOverJoin, remoteRelation } from './remote-relation.js';

/** Whether the store can do a part of a plan. */
function saidBy(plan: PhysicalPlan, { remote }: PlanStatistics): boolean {
  const relation = remoteRelation(plan);
  return relation !== undefined && remote?.says(relation) === true;
}

/** A filter as one of what the store does over one of the others, which are checked above. */
function someConditions(
  { input, predicate }: FilterRows,
  statistics: PlanStatistics,
): FilterRows | undefined {
  const terms = conjuncts(predicate);
  const only = (some: typeof terms): FilterRows => ({
    kind: 'FilterRows',
    input,
    predicate: andOf(some, predicate.span),
  });
  const done = terms.filter((term) => saidBy(only([term]), statistics));
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

/** A bare scan is worth a statement only where it leaves something out, a bare join where a limit does and its right rows cannot be had by key. */
function isWorthIt(plan: PhysicalPlan, { own }: Read, cut: boolean): boolean {
  if (plan.kind === 'Access') return own !== 'all';
  return plan.kind !== 'HashJoin' || (cut && !isByKey(plan));
}

/** The fields that are read of rows; conditions and sort keys are looked at again here. */
function fetched(plan: PhysicalPlan, read: Read): { readonly fields?: readonly string[] } {
  if (shapeOf(plan).kind !== 'drops') return {};
  const names = plan.kind === 'Access' ? read.own : namesBelow(plan, read);
  return names === 'all' ? {} : { fields: [...names] };
}

/**
 * Gives the largest parts of a plan that the store can do by itself to the store, as Trino's and PostgreSQL's own rules for foreign
 * tables do: it is asked of each whether it can say exactly that. The rows and their order stay. Of rows that only some fields
 * are read of, only those fields are fetched. Pairs may be found quicker here, so of them the parts are given to it besides.
 */
export function chooseRemote(plan: PhysicalPlan, statistics: PlanStatistics): PhysicalPlan {
  if (!statistics.remote) return plan;
  const visit = (node: PhysicalPlan, read: Read, cut: boolean): PhysicalPlan => {
    const inside = (of: PhysicalPlan) =>
      mapInputsByRead(of, read, (input, own) => visit(input, own, isCut(node, cut)));
    if (isWorthIt(node, read, cut) && saidBy(node, statistics))
      return {
        kind: 'RemoteRows',
        rows: isOverJoin(node) ? sides(node, read) : node,
        ...fetched(node, read),
      };
    const some = node.kind === 'FilterRows' ? someConditions(node, statistics) : undefined;
    return inside(some ?? node);
  };
  const sides = (of: PhysicalPlan, read: Read): PhysicalPlan =>
    mapInputsByRead(of, read, (input, own) =>
      isOverJoin(input) ? sides(input, own) : visit(input, own, false),
    );
  return visit(plan, everything, false);
}
