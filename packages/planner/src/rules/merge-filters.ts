import { andOf } from '@drops/ir';
import type { Rule } from '../rule.js';

/** Merges two adjacent filters into one conjunction, the inner terms first: Filter(a, Filter(b, x)) → Filter(b and a, x). */
export const mergeFilters: Rule = {
  name: 'merge-filters',
  order: 'bottom-up',
  on: ['FilterRows'],
  rewrite(plan) {
    if (plan.kind !== 'FilterRows' || plan.input.kind !== 'FilterRows') return plan;
    const { input, predicate } = plan.input;
    return { ...plan, input, predicate: andOf([predicate, plan.predicate], plan.predicate.span) };
  },
};
