import type { Expression, Relation } from '../nodes/relational.js';
import type { Plan } from '../nodes/plans.js';
import { mapExpressionChildren, mapPlanChildren, mapRelationChildren, type Mapper } from './map-children.js';

/** `bottom-up`: a visitor sees rewritten children. `top-down`: what a visitor returns is descended into. */
export type RewriteOrder = 'top-down' | 'bottom-up';

/** What to make of each node; a missing member leaves that family as it is. Return the node itself for "no change". */
export interface Rewriter {
  readonly plan?: (plan: Plan) => Plan;
  readonly relation?: (relation: Relation) => Relation;
  readonly expression?: (expression: Expression) => Expression;
}

const same = <T>(node: T): T => node;

function mapperOf(rewriter: Rewriter, order: RewriteOrder): Mapper {
  const plan = rewriter.plan ?? same;
  const relation = rewriter.relation ?? same;
  const expression = rewriter.expression ?? same;
  const mapper: Mapper =
    order === 'bottom-up'
      ? {
          plan: (node) => plan(mapPlanChildren(node, mapper)),
          relation: (node) => relation(mapRelationChildren(node, mapper)),
          expression: (node) => expression(mapExpressionChildren(node, mapper)),
          number: same,
          text: same,
        }
      : {
          plan: (node) => mapPlanChildren(plan(node), mapper),
          relation: (node) => mapRelationChildren(relation(node), mapper),
          expression: (node) => mapExpressionChildren(expression(node), mapper),
          number: same,
          text: same,
        };
  return mapper;
}

/** Rewrites a plan and all below it; the same object when nothing changed. */
export function rewritePlan(plan: Plan, rewriter: Rewriter, order: RewriteOrder = 'bottom-up'): Plan {
  return mapperOf(rewriter, order).plan(plan);
}

/** Rewrites a relation and all below it, sub-queries included; the same object when nothing changed. */
export function rewriteRelation(
  relation: Relation,
  rewriter: Rewriter,
  order: RewriteOrder = 'bottom-up',
): Relation {
  return mapperOf(rewriter, order).relation(relation);
}

/** Rewrites an expression and all below it; the same object when nothing changed. */
export function rewriteExpression(
  expression: Expression,
  rewriter: Rewriter,
  order: RewriteOrder = 'bottom-up',
): Expression {
  return mapperOf(rewriter, order).expression(expression);
}
