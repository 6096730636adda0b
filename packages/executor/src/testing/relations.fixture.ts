import type {
  AggregateColumn,
  ComparisonOperator,
  Expression,
  Field,
  FieldScope,
  Json,
  Path,
  Query,
  Relation,
  ResultShape,
  SortKey,
} from '@drops/ir';

const span = { start: 0, end: 0 };

export function field(scope: FieldScope, ...path: Path): Field {
  return { kind: 'Field', scope, path, type: 'unknown', span };
}
export const payload = (...path: Path): Field => field('payload', ...path);
export const column = (name: string): Field => field('column', name);
export const key: Field = field('system', 'key');
export const literal = (value: Json): Expression => ({ kind: 'Lit', value, span });

export function compare(left: Expression, op: ComparisonOperator, value: Json): Expression {
  return { kind: 'Cmp', op, left, right: literal(value), span };
}
export function isIn(operand: Expression, values: readonly Json[], negated = false): Expression {
  return { kind: 'In', operand, list: literal(values), negated, span };
}
export const exists = (operand: Expression, negated = false): Expression => ({
  kind: 'Exists',
  operand,
  negated,
  span,
});
export const not = (term: Expression): Expression => ({ kind: 'Not', term, span });
export const and = (...terms: readonly Expression[]): Expression => ({ kind: 'And', terms, span });
export const or = (...terms: readonly Expression[]): Expression => ({ kind: 'Or', terms, span });

export function scan(route: string, more: Partial<Extract<Relation, { kind: 'Scan' }>> = {}): Relation {
  return { kind: 'Scan', route, subtree: false, versions: 'current', rows: 'all', span, ...more };
}
export const filter = (input: Relation, predicate: Expression): Relation => ({
  kind: 'Filter',
  input,
  predicate,
  span,
});
export const sort = (input: Relation, ...keys: readonly SortKey[]): Relation => ({
  kind: 'Sort',
  input,
  keys,
  span,
});
export const ascending = (expression: Expression): SortKey => ({ expression, descending: false });
export const descending = (expression: Expression): SortKey => ({ expression, descending: true });

export function project(input: Relation, star: boolean, ...fields: readonly Field[]): Relation {
  const items = fields.map((expression) => ({ expression, as: expression.path.join('.') }));
  return { kind: 'Project', input, star, items, span };
}
export function slice(input: Relation, limit: number | undefined, offset = 0): Relation {
  return {
    kind: 'Slice',
    input,
    offset,
    ...(limit !== undefined && { limit }),
    single: false,
    paged: false,
    span,
  };
}
/** What `then first` makes. */
export function first(input: Relation): Relation {
  return { kind: 'Slice', input, offset: 0, limit: 1, single: true, paged: false, span };
}
export function page(input: Relation, limit: number | undefined, after?: string, offset = 0): Relation {
  return {
    kind: 'Slice',
    input,
    offset,
    ...(limit !== undefined && { limit }),
    single: false,
    paged: true,
    ...(after !== undefined && { after }),
    span,
  };
}
export function aggregate(fn: AggregateColumn['fn'], argument?: Field): AggregateColumn {
  return { fn, ...(argument && { argument }), as: argument ? `${fn}_${argument.path.join('.')}` : fn, span };
}
export function group(
  input: Relation,
  by: readonly Field[] | null,
  ...aggregates: readonly AggregateColumn[]
): Relation {
  // No front end lets two columns have one name.
  const taken = new Set(aggregates.map((a) => a.as));
  const columns =
    by &&
    by
      .map((expression) => ({ expression, as: expression.path.join('.') }))
      .filter(({ as }) => !taken.has(as) && taken.add(as));
  return { kind: 'Group', input, by: columns, aggregates, span };
}
export function joinOn(
  left: Relation,
  right: Relation,
  on: readonly [Field, Field],
  join: 'left' | 'inner' = 'left',
): Relation {
  return { kind: 'Join', join, left, right, on: [{ left: on[0], right: on[1] }], span };
}
export function query(relation: Relation, shape: ResultShape = 'rows'): Query {
  return { kind: 'Query', shape, relation, span };
}
