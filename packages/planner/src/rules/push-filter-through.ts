import { andOf, conjuncts, type Expression } from '@drops/ir';
import { fieldsOf } from '../expression-tree.js';
import type { Rule } from '../rule.js';
import type {
  FilterRows,
  GroupRows,
  HashJoin,
  LookupJoin,
  PhysicalPlan,
  ProjectRows,
} from '../physical-plan.js';
import { shapeOf } from '../row-shape.js';
import { groupedSource, projectedSource, substituteColumns } from './column-source.js';

function filtered(input: PhysicalPlan, terms: readonly Expression[]): PhysicalPlan {
  const [first] = terms;
  return first ? { kind: 'FilterRows', input, predicate: andOf(terms, first.span) } : input;
}

/** Splits the terms into those that `move` can express below and those that stay. */
function split(filter: FilterRows, move: (term: Expression) => Expression | undefined) {
  const below: Expression[] = [];
  const stay: Expression[] = [];
  for (const term of conjuncts(filter.predicate)) {
    const moved = move(term);
    if (moved) below.push(moved);
    else stay.push(term);
  }
  return { below, stay };
}

function throughColumns(filter: FilterRows, maker: ProjectRows | GroupRows): PhysicalPlan {
  const source = maker.kind === 'ProjectRows' ? projectedSource(maker) : groupedSource(maker);
  const { below, stay } = split(filter, (term) => {
    // A term without a field must not turn the one row of an empty group into none.
    return fieldsOf(term).length === 0 ? undefined : substituteColumns(term, source);
  });
  if (below.length === 0) return filter;
  return filtered({ ...maker, input: filtered(maker.input, below) }, stay);
}

/** `system` and `payload` are the left drop for certain; `either` may come from the joined record. */
function readsLeftOnly(term: Expression): boolean {
  const fields = fieldsOf(term);
  return fields.length > 0 && fields.every((f) => f.scope === 'system' || f.scope === 'payload');
}

function throughJoin(filter: FilterRows, join: HashJoin | LookupJoin): PhysicalPlan {
  // On flat or joined rows the same field would look elsewhere.
  if (shapeOf(join.left).kind !== 'drops') return filter;
  const { below, stay } = split(filter, (term) => (readsLeftOnly(term) ? term : undefined));
  if (below.length === 0) return filter;
  return filtered({ ...join, left: filtered(join.left, below) }, stay);
}

/**
 * Filters early: Filter(Sort(x)) → Sort(Filter(x)); below a projection or a group when every column maps to what it is
 * made of; into the left side of a join when only the left is read. Never below a slice: it would see other rows.
 */
export const pushFilterThrough: Rule = {
  name: 'push-filter-through',
  order: 'top-down',
  on: ['FilterRows'],
  rewrite(plan) {
    if (plan.kind !== 'FilterRows') return plan;
    const { input } = plan;
    switch (input.kind) {
      case 'SortRows':
        return { ...input, input: { ...plan, input: input.input } };
      case 'ProjectRows':
      case 'GroupRows':
        return throughColumns(plan, input);
      case 'HashJoin':
      case 'LookupJoin':
        return throughJoin(plan, input);
      default:
        return plan;
    }
  },
};
