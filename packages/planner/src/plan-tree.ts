import { assertNever } from '@drops/diagnostics';
import type { Expression } from '@drops/ir';
import type { PhysicalPlan } from './physical-plan.js';

/** The inputs of a plan node, left to right; of one that reads columns, or lets the store do its part, the plan that it stands for. */
export function inputsOf(plan: PhysicalPlan): readonly PhysicalPlan[] {
  switch (plan.kind) {
    case 'Access':
    case 'SearchRows':
    case 'FacetRows':
    case 'Empty':
      return [];
    case 'LookupJoin':
      return [plan.left];
    case 'HashJoin':
    case 'IndexLookupJoin':
      return [plan.left, plan.right];
    case 'ColumnScan':
    case 'ColumnTop':
    case 'ColumnGroup':
    case 'RemoteRows':
      return [plan.rows];
    case 'FilterRows':
    case 'ProjectRows':
    case 'SortRows':
    case 'TopRows':
    case 'SliceRows':
    case 'PageRows':
    case 'ResumeRows':
    case 'GroupRows':
    case 'CountRows':
      return [plan.input];
    default:
      return assertNever(plan);
  }
}

/** The node with its inputs mapped; the same object when none of them changed. */
export function mapInputs(plan: PhysicalPlan, map: (input: PhysicalPlan) => PhysicalPlan): PhysicalPlan {
  switch (plan.kind) {
    case 'Access':
    case 'SearchRows':
    case 'FacetRows':
    case 'Empty':
      return plan;
    case 'LookupJoin': {
      const left = map(plan.left);
      return left === plan.left ? plan : { ...plan, left };
    }
    case 'HashJoin':
    case 'IndexLookupJoin': {
      const left = map(plan.left);
      const right = map(plan.right);
      return left === plan.left && right === plan.right ? plan : { ...plan, left, right };
    }
    case 'ColumnScan':
    case 'ColumnTop':
    case 'ColumnGroup':
    case 'RemoteRows':
      // What is read by columns, or by the store, says the same as the rows below it: neither changes alone.
      return plan;
    case 'FilterRows':
    case 'ProjectRows':
    case 'SortRows':
    case 'TopRows':
    case 'SliceRows':
    case 'PageRows':
    case 'ResumeRows':
    case 'GroupRows':
    case 'CountRows': {
      const input = map(plan.input);
      return input === plan.input ? plan : { ...plan, input };
    }
    default:
      return assertNever(plan);
  }
}

/** Applies `visit` to every node; the same object comes back when nothing changed. */
export function rewritePlan(
  plan: PhysicalPlan,
  order: 'top-down' | 'bottom-up',
  visit: (plan: PhysicalPlan) => PhysicalPlan,
): PhysicalPlan {
  const below = (node: PhysicalPlan) => mapInputs(node, (input) => rewritePlan(input, order, visit));
  return order === 'top-down' ? below(visit(plan)) : visit(below(plan));
}

/** The expressions a node itself evaluates, its inputs' left out. */
export function expressionsOf(plan: PhysicalPlan): readonly Expression[] {
  switch (plan.kind) {
    case 'FilterRows':
      return [plan.predicate];
    case 'SearchRows':
      return plan.filter ? [plan.filter] : [];
    case 'ProjectRows':
      return plan.items.map((item) => item.expression);
    case 'SortRows':
    case 'TopRows':
      return plan.keys.map((key) => key.expression);
    case 'PageRows':
    case 'ResumeRows':
      return plan.order.kind === 'sorted' ? plan.order.keys.map((key) => key.expression) : [];
    case 'GroupRows':
      return [
        ...(plan.by ?? []).map((c) => c.expression),
        ...plan.aggregates.flatMap((a) => a.argument ?? []),
      ];
    case 'LookupJoin':
      return [plan.key, ...plan.rest.map((pair) => pair.left)];
    case 'HashJoin':
    case 'IndexLookupJoin':
      return plan.on.map((pair) => pair.left);
    case 'Access':
    case 'FacetRows':
    case 'Empty':
    case 'SliceRows':
    case 'ColumnScan':
    case 'ColumnTop':
    case 'ColumnGroup':
    case 'CountRows':
    case 'RemoteRows':
      return [];
    default:
      return assertNever(plan);
  }
}
