import { andOf, conjuncts, type AccessPath, type Expression } from '@drops/ir';
import type { FilterRows, PhysicalPlan } from '../physical-plan.js';

/** The access path under a filter, a cursor's place between them or not. */
export function accessPathUnder(filter: FilterRows): AccessPath | undefined {
  const input = filter.input.kind === 'ResumeRows' ? filter.input.input : filter.input;
  return input.kind === 'Access' ? input.path : undefined;
}

function withPath(plan: PhysicalPlan, path: AccessPath): PhysicalPlan {
  if (plan.kind === 'ResumeRows') return { ...plan, input: withPath(plan.input, path) };
  return plan.kind === 'Access' ? { ...plan, path } : plan;
}

/** The filter over a narrower path that already makes `term` true. */
export function narrowAccess(filter: FilterRows, term: Expression, path: AccessPath): PhysicalPlan {
  const input = withPath(filter.input, path);
  const rest = conjuncts(filter.predicate).filter((t) => t !== term);
  return rest.length === 0 ? input : { ...filter, input, predicate: andOf(rest, filter.predicate.span) };
}
