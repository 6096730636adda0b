import { assertNever } from '@drops/diagnostics';
import type { Expression, Relation } from '@drops/ir';
import type { SqlContext } from './context.js';
import { allOf, anyOf, atom, bare, negation, predicate, type Fragment } from './fragment.js';
import { placeOf, type Scope } from './names.js';
import { kindOf } from './value-kind.js';
import { presence, writeComparison } from './write-comparison.js';
import { writeIn, writeInQuery } from './write-in.js';
import { writeLike } from './write-like.js';
import { writeValue } from './write-value.js';
import type { SubqueryColumn, Writer } from './writer.js';

/** Puts the parts together: one writer over one scope. */
export function makeWriter(
  context: SqlContext,
  scope: Scope,
  subquery: (relation: Relation) => SubqueryColumn,
): Writer {
  const writer: Writer = {
    context,
    scope,
    subquery,
    kindOf: (expression) => kindOf(expression, writer),
    place: (field) => placeOf(context, field, scope),
    value: (expression, want) => writeValue(expression, want, writer),
    condition: (expression) => writeCondition(expression, writer),
    within: (inner) => makeWriter(context, inner, subquery),
  };
  return writer;
}

function writeCondition(expression: Expression, writer: Writer): Fragment {
  switch (expression.kind) {
    case 'And':
      return allOf(expression.terms.map((t) => writer.condition(t)));
    case 'Or':
      return anyOf(expression.terms.map((t) => writer.condition(t)));
    case 'Not':
      return writeNot(expression.term, writer);
    case 'Cmp':
      return writeComparison(expression, writer);
    case 'In':
      return writeIn(expression, writer);
    case 'InQuery':
      return writeInQuery(expression, writer);
    case 'Like':
      return writeLike(expression, writer);
    case 'Exists':
      return expression.negated
        ? predicate`${presence(expression.operand, writer)} IS NULL`
        : predicate`${presence(expression.operand, writer)} IS NOT NULL`;
    case 'Lit':
      return atom`${expression.value === true ? 'TRUE' : 'FALSE'}`;
    case 'Field':
    case 'Param':
    case 'Fn':
      return predicate`${writer.value(expression, 'boolean')} = TRUE`;
    case 'List':
    case 'Object':
    case 'Arith':
      return atom`FALSE`;
    default:
      return assertNever(expression);
  }
}

/** True or false for every row, never NULL. */
function isTwoValued(expression: Expression): boolean {
  switch (expression.kind) {
    case 'Exists':
    case 'Not':
    case 'Lit':
      return true;
    case 'And':
    case 'Or':
      return expression.terms.every(isTwoValued);
    default:
      return false;
  }
}

/** What is not true becomes true: SQL's NOT would leave unknown unknown. */
function writeNot(term: Expression, writer: Writer): Fragment {
  if (term.kind === 'Exists') return writer.condition({ ...term, negated: !term.negated });
  const condition = writer.condition(term);
  if (isTwoValued(term)) return negation(condition);
  return predicate`(${bare(condition)}) IS NOT TRUE`;
}
