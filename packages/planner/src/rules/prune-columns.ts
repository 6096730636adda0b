import type { Expression } from '@drops/ir';
import { fieldsOf } from '../expression-tree.js';
import type { Rule } from '../rule.js';
import type { PhysicalPlan } from '../physical-plan.js';
import { expressionsOf } from '../plan-tree.js';

function namesRead(expressions: readonly Expression[]): readonly string[] {
  return expressions.flatMap(fieldsOf).map((field) => String(field.path[0]));
}

/** True when a node below, reached through what passes columns on, makes the columns that are read. */
function makesColumns(plan: PhysicalPlan): boolean {
  switch (plan.kind) {
    case 'FilterRows':
    case 'SortRows':
    case 'TopRows':
    case 'SliceRows':
      return makesColumns(plan.input);
    default:
      return plan.kind === 'ProjectRows' || plan.kind === 'GroupRows';
  }
}

/** The input making only the columns that are read; through what passes columns on and may read some itself. */
function prune(plan: PhysicalPlan, needed: ReadonlySet<string>): PhysicalPlan {
  switch (plan.kind) {
    case 'FilterRows':
    case 'SortRows':
    case 'TopRows':
    case 'SliceRows': {
      const input = prune(plan.input, new Set([...needed, ...namesRead(expressionsOf(plan))]));
      return input === plan.input ? plan : { ...plan, input };
    }
    case 'ProjectRows': {
      const items = plan.items.filter((item) => needed.has(item.as));
      // Dropping an item under a star would uncover the field it hides.
      if (plan.star || items.length === plan.items.length) return plan;
      return { ...plan, items };
    }
    case 'GroupRows': {
      const aggregates = plan.aggregates.filter((a) => needed.has(a.as));
      return aggregates.length === plan.aggregates.length ? plan : { ...plan, aggregates };
    }
    default:
      return plan;
  }
}

/** Computes no column that nobody reads: Project(a, Project(a b, x)) → Project(a, Project(a, x)), and so for aggregates. */
export const pruneColumns: Rule = {
  name: 'prune-columns',
  order: 'top-down',
  on: ['GroupRows', 'ProjectRows'],
  rewrite(plan) {
    const readsSome = plan.kind === 'GroupRows' || (plan.kind === 'ProjectRows' && !plan.star);
    if (!readsSome || !makesColumns(plan.input)) return plan;
    const input = prune(plan.input, new Set(namesRead(expressionsOf(plan))));
    return input === plan.input ? plan : { ...plan, input };
  },
};
