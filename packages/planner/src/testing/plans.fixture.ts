import type {
  AggregateColumn,
  ComparisonOperator,
  Expression,
  Field,
  FieldScope,
  Json,
  Path,
} from '@drops/ir';
import { unknownStatistics, type PlanStatistics } from '../estimate.js';
import { explainPlan, explainText } from '../explain.js';
import { optimise } from '../optimise.js';
import type { Rule } from '../rule.js';
import type { PhysicalPlan } from '../physical-plan.js';

export const span = { start: 0, end: 0 };
export function field(scope: FieldScope, ...path: Path): Field {
  return { kind: 'Field', scope, path, type: 'unknown', span };
}
export const payload = (name: string): Field => field('payload', name);
export const column = (name: string): Field => field('column', name);
export const key: Field = field('system', 'key');
export const literal = (value: Json): Expression => ({ kind: 'Lit', value, span });
export function compare(left: Expression, op: ComparisonOperator, right: Json): Expression {
  return { kind: 'Cmp', op, left, right: literal(right), span };
}
export const and = (...terms: readonly Expression[]): Expression => ({ kind: 'And', terms, span });
export const or = (...terms: readonly Expression[]): Expression => ({ kind: 'Or', terms, span });
export const not = (term: Expression): Expression => ({ kind: 'Not', term, span });
export const isIn = (operand: Expression, values: readonly Json[], negated = false): Expression => ({
  kind: 'In',
  operand,
  list: literal(values),
  negated,
  span,
});

export function scan(route: string): PhysicalPlan {
  return { kind: 'Access', path: { kind: 'RouteScan', route, subtree: false, rows: 'all' } };
}
export const below = (route: string): PhysicalPlan => ({
  kind: 'Access',
  path: { kind: 'RouteScan', route, subtree: true, rows: 'all' },
});
export const filter = (input: PhysicalPlan, predicate: Expression): PhysicalPlan => ({
  kind: 'FilterRows',
  input,
  predicate,
});
export function sort(input: PhysicalPlan, ...fields: readonly Field[]): PhysicalPlan {
  return { kind: 'SortRows', input, keys: fields.map((expression) => ({ expression, descending: false })) };
}
export const slice = (input: PhysicalPlan, limit?: number, offset = 0): PhysicalPlan => ({
  kind: 'SliceRows',
  input,
  offset,
  limit,
});
export const page = (input: PhysicalPlan, limit: number): PhysicalPlan => ({
  kind: 'PageRows',
  input,
  offset: 0,
  limit,
  order: { kind: 'natural' },
});
export const resume = (input: PhysicalPlan, ...position: readonly Json[]): PhysicalPlan => ({
  kind: 'ResumeRows',
  input,
  order: { kind: 'natural' },
  position,
});
export function project(input: PhysicalPlan, star: boolean, ...fields: readonly Field[]): PhysicalPlan {
  return {
    kind: 'ProjectRows',
    input,
    star,
    items: fields.map((expression) => ({ expression, as: String(expression.path[0]) })),
  };
}
export const count: AggregateColumn = { fn: 'count', as: 'count', span };
export const sum = (argument: Field): AggregateColumn => ({
  fn: 'sum',
  argument,
  as: `sum_${String(argument.path[0])}`,
  span,
});
export function group(
  input: PhysicalPlan,
  by: readonly Field[] | null,
  ...aggregates: readonly AggregateColumn[]
): PhysicalPlan {
  const columns = by && by.map((expression) => ({ expression, as: String(expression.path[0]) }));
  return { kind: 'GroupRows', input, by: columns, aggregates };
}
export function join(
  left: PhysicalPlan,
  right: PhysicalPlan,
  on: readonly [Field, Field],
  kind: 'left' | 'inner' = 'left',
): PhysicalPlan {
  return { kind: 'HashJoin', join: kind, left, right, on: [{ left: on[0], right: on[1] }] };
}

/** A plan as text without its estimates. */
export function textOf(plan: PhysicalPlan): string {
  return explainText(explainPlan(plan, unknownStatistics)).replaceAll(/ \(~\d+ rows\)/g, '');
}

/** What one rule makes of a plan, as text. */
export function rewritten(rule: Rule, plan: PhysicalPlan, statistics?: PlanStatistics): string {
  return textOf(optimise(plan, { rules: [rule], statistics }));
}
