import { fail, type Span } from '@drops/diagnostics';
import { pathText, type AggregateColumn, type GroupColumn, type Relation } from '@drops/ir';
import type { Aggregate, FieldName } from '@drops/syntax';
import { resolveField, type RowScope } from './row-scope.js';

function nameOf(aggregate: Aggregate): string {
  if (aggregate.alias) return aggregate.alias.text;
  return aggregate.field ? `${aggregate.function}_${pathText(aggregate.field.path)}` : aggregate.function;
}

/** `group a, b` and its aggregates over a relation: TYPE_ERROR when two columns have one name. */
export function lowerGroup(
  input: Relation,
  scope: RowScope,
  group: readonly FieldName[] | undefined,
  aggregates: readonly Aggregate[],
  span: Span,
): Relation {
  const by: GroupColumn[] | undefined = group?.map((field) => ({
    expression: resolveField(field, scope),
    as: pathText(field.path),
  }));
  const columns: AggregateColumn[] = aggregates.map((a) => ({
    fn: a.function,
    ...(a.field && { argument: resolveField(a.field, scope) }),
    as: nameOf(a),
    span: a.span,
  }));
  checkNames([
    ...(by ?? []).map((c) => ({ as: c.as, span: c.expression.span, what: `the group field ${c.as}` })),
    ...columns.map((c) => ({ as: c.as, span: c.span, what: `the aggregate ${c.fn}` })),
  ]);
  return { kind: 'Group', input, by: by ?? null, aggregates: columns, span };
}

/** TYPE_ERROR at the second of two columns with one name. */
export function checkNames(
  columns: readonly { readonly as: string; readonly span: Span; readonly what: string }[],
): void {
  const seen = new Map<string, string>();
  for (const { as, span, what } of columns) {
    const first = seen.get(as);
    if (first !== undefined) {
      fail('TYPE_ERROR', `two columns are called '${as}': ${first} and ${what}`, {
        span,
        hint: 'give one of them another name with "as"',
      });
    }
    seen.set(as, what);
  }
}
