import type { AccessPath } from '@drops/ir';
import type { Rule } from '../rule.js';
import type { PhysicalPlan, Position } from '../physical-plan.js';

/** Longest entity key. */
const maxKey = 256;

/** A natural position is [0, route, key] for an entity, [1, tx] for an event. */
function startAfter(path: AccessPath, position: Position): AccessPath | undefined {
  if (path.kind !== 'RouteScan' || path.subtree || path.after) return undefined;
  const [rank, first, second] = position;
  // A cursor made by hand may hold anything; what no store has is left to the comparison of rows.
  if (rank === 0 && first === path.route && typeof second === 'string' && second.length <= maxKey)
    return { ...path, after: { key: second } };
  return rank === 1 && Number.isSafeInteger(first) && typeof first === 'number' && first >= 0
    ? { ...path, after: { tx: first } }
    : undefined;
}

/** Resume(scan of R) → scan of R from there, also below a filter: what a cursor has passed is not read again. */
export const resumeAtCursor: Rule = {
  name: 'resume-at-cursor',
  order: 'bottom-up',
  on: ['ResumeRows'],
  rewrite(plan): PhysicalPlan {
    if (plan.kind !== 'ResumeRows' || plan.order.kind !== 'natural') return plan;
    const { input } = plan;
    if (input.kind === 'FilterRows') return { ...input, input: { ...plan, input: input.input } };
    if (input.kind !== 'Access') return plan;
    const path = startAfter(input.path, plan.position);
    return path ? { ...input, path } : plan;
  },
};
