import { andOf, conjuncts, expressionText, type Expression, type Field } from '@drops/ir';
import { fieldsOf, rewriteOwn, subqueriesOf } from '../expression-tree.js';
import type { FilterRows, HashJoin, LookupJoin, PhysicalPlan } from '../physical-plan.js';
import { shapeOf } from '../row-shape.js';
import type { Rule } from '../rule.js';

/** The field as the left drop has it. */
const ofLeft = (field: Field): Field => ({ ...field, scope: 'payload' });

/** The one field of a term that may come from either side; undefined when there are others. */
function eitherField(term: Expression): Field | undefined {
  const [first, ...others] = fieldsOf(term);
  if (first?.scope !== 'either' || subqueriesOf(term).length > 0) return undefined;
  const name = expressionText(first);
  return others.every((f) => f.scope === 'either' && expressionText(f) === name) ? first : undefined;
}

/** What the left drop must fulfil for the term to be true of any pair: the term, or to lack the field. */
function weakened(term: Expression): Expression | undefined {
  const field = eitherField(term);
  if (!field) return undefined;
  const { span } = term;
  const operand = ofLeft(field);
  // An equality stays one that an index can answer.
  if (term.kind === 'Cmp' && term.op === '=') {
    const [value, other] = term.left.kind === 'Lit' ? [term.left, term.right] : [term.right, term.left];
    if (value.kind === 'Lit' && value.value !== null && other.kind === 'Field') {
      const list: Expression = { kind: 'Lit', value: [value.value, null], span };
      return { kind: 'In', operand, list, negated: false, span };
    }
  }
  const own = rewriteOwn(term, (e) => (e.kind === 'Field' ? ofLeft(e) : e));
  return { kind: 'Or', terms: [own, { kind: 'Exists', operand, negated: true, span }], span };
}

/** The terms over a leaf; undefined for what passes filters on, where a term would be added again and again. */
function termsOver(plan: PhysicalPlan): readonly Expression[] | undefined {
  if (plan.kind === 'Access') return [];
  return plan.kind === 'FilterRows' && plan.input.kind === 'Access' ? conjuncts(plan.predicate) : undefined;
}

function filterLeft(filter: FilterRows, join: HashJoin | LookupJoin): PhysicalPlan {
  const known = termsOver(join.left)?.map(expressionText);
  if (!known || shapeOf(join.left).kind !== 'drops') return filter;
  const terms = conjuncts(filter.predicate)
    .flatMap((term) => weakened(term) ?? [])
    .filter((term) => !known.includes(expressionText(term)));
  const [first] = terms;
  if (!first) return filter;
  const left: FilterRows = { kind: 'FilterRows', input: join.left, predicate: andOf(terms, first.span) };
  return { ...filter, input: { ...join, left } };
}

/**
 * Filter(a = 1, Join(x, y)) → Filter(a = 1, Join(Filter(a in [1, null], x), y)): where the left drop has the field it is
 * the left one that counts, so only left drops with that value or without the field can come to anything.
 */
export const filterLeftOfJoin: Rule = {
  name: 'filter-left-of-join',
  order: 'top-down',
  on: ['FilterRows'],
  rewrite(plan) {
    if (plan.kind !== 'FilterRows') return plan;
    const { input } = plan;
    return input.kind === 'HashJoin' || input.kind === 'LookupJoin' ? filterLeft(plan, input) : plan;
  },
};
