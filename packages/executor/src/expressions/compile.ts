import { assertNever, fail, invariant } from '@drops/diagnostics';
import {
  isArray,
  setProperty,
  type Cmp,
  type Expression,
  type Field,
  type Fn,
  type In,
  type Json,
  type Lit,
  type MutableObject,
  type ParameterValues,
  type Relation,
} from '@drops/ir';
import { arithmetic, callFunction, compareScalars, matchScalars, slotValue } from '@drops/planner';
import type { Row } from '../row.js';
import { readField, type Reader } from './read-field.js';
import { valueSet, type ValueSet } from './value-set.js';

/** The value of an expression for a row, of whatever form rows have; undefined is missing. */
export type ReaderOf<R> = (row: R) => Json | undefined;
export type PredicateOf<R> = (row: R) => boolean;
export type Predicate = PredicateOf<Row>;

/** What an expression needs besides the row. */
export interface ExpressionContext {
  /** The clock of the statement in ms. */
  readonly now: number;
  /** The answers of the queries of `in (find …)`, run before. */
  readonly answers: ReadonlyMap<Relation, ValueSet>;
  /** What stands for the values of parameters in a plan that was made for others; missing: those in the plan. */
  readonly values?: ParameterValues | undefined;
}

/** The value of a literal, or what was given for the parameter that it is of. */
function literalValue({ value, slot }: Lit, { values }: ExpressionContext): Json {
  return values === undefined || slot === undefined ? value : slotValue(value, slot, values);
}

/** An expression as a closure that yields its value for a row. TYPE_ERROR when a bound value cannot stand where it does. */
export function compileExpression(expression: Expression, context: ExpressionContext): Reader {
  return compileOver<Row>(expression, context, readField);
}

/** An expression as a test of a row: two-valued, only `true` is true. */
export function compilePredicate(expression: Expression, context: ExpressionContext): Predicate {
  return compileTest<Row>(expression, context, readField);
}

/** The same over rows of another form, whose fields `read` finds. */
export function compileOver<R>(
  expression: Expression,
  context: ExpressionContext,
  read: (field: Field) => ReaderOf<R>,
): ReaderOf<R> {
  const compile = (e: Expression) => compileOver(e, context, read);
  switch (expression.kind) {
    case 'Field':
      return read(expression);
    case 'Lit': {
      const value = literalValue(expression, context);
      return () => value;
    }
    case 'Param':
      invariant(false, `parameter $${expression.name} in a bound plan`);
      break;
    case 'List': {
      const items = expression.items.map(compile);
      return (row) => items.map((item) => item(row) ?? null);
    }
    case 'Object':
      return compileObject(
        expression.members.map((m) => m.name),
        expression.members.map((m) => compile(m.value)),
      );
    case 'Arith': {
      const { op } = expression;
      const left = compile(expression.left);
      const right = compile(expression.right);
      return (row) => arithmetic(op, left(row), right(row));
    }
    case 'Fn':
      return compileFunction(expression, expression.args.map(compile), context);
    case 'Cmp':
    case 'In':
    case 'InQuery':
    case 'Like':
    case 'Exists':
    case 'And':
    case 'Or':
    case 'Not':
      return compileTest(expression, context, read);
    default:
      return assertNever(expression);
  }
}

function compileObject<R>(names: readonly string[], values: readonly ReaderOf<R>[]): ReaderOf<R> {
  return (row) => {
    const object: MutableObject = {};
    values.forEach((value, i) => setProperty(object, names[i] ?? '', value(row) ?? null));
    return object;
  };
}

function compileFunction<R>(call: Fn, args: readonly ReaderOf<R>[], context: ExpressionContext): ReaderOf<R> {
  const { name } = call;
  if (name === 'now') {
    const now = new Date(context.now).toISOString();
    return () => now;
  }
  const [only] = args;
  if (args.length === 1 && only) return (row) => callFunction(name, [only(row)]);
  return (row) =>
    callFunction(
      name,
      args.map((arg) => arg(row)),
    );
}

/** A test of rows of another form. */
export function compileTest<R>(
  expression: Expression,
  context: ExpressionContext,
  read: (field: Field) => ReaderOf<R>,
): PredicateOf<R> {
  const test = (e: Expression) => compileTest(e, context, read);
  const value = (e: Expression) => compileOver(e, context, read);
  switch (expression.kind) {
    case 'Cmp':
      return compileComparison(expression, value(expression.left), value(expression.right), context);
    case 'In':
      return membership(value(expression.operand), setOfList(expression, context), expression.negated);
    case 'InQuery': {
      const answer = context.answers.get(expression.query);
      invariant(answer, 'a sub-query that was not run');
      return membership(value(expression.operand), answer, expression.negated);
    }
    case 'Like': {
      const { match } = expression;
      const left = value(expression.left);
      const right = value(expression.right);
      return (row) => matchScalars(match, left(row), right(row));
    }
    case 'Exists': {
      const operand = value(expression.operand);
      const { negated } = expression;
      return (row) => {
        const found = operand(row);
        return (found === null || found === undefined) === negated;
      };
    }
    case 'And':
      return every(expression.terms.map(test));
    case 'Or': {
      const terms = expression.terms.map(test);
      return (row) => terms.some((term) => term(row));
    }
    case 'Not': {
      const term = test(expression.term);
      return (row) => !term(row);
    }
    case 'Field':
    case 'Lit':
    case 'Param':
    case 'List':
    case 'Object':
    case 'Arith':
    case 'Fn': {
      const valueOf = value(expression);
      return (row) => valueOf(row) === true;
    }
    default:
      return assertNever(expression);
  }
}

function every<R>(terms: readonly PredicateOf<R>[]): PredicateOf<R> {
  const [first, second] = terms;
  if (terms.length === 2 && first && second) return (row) => first(row) && second(row);
  return (row) => terms.every((term) => term(row));
}

/** Against a literal the type is known before any row is read. */
function compileComparison<R>(
  cmp: Cmp,
  left: ReaderOf<R>,
  right: ReaderOf<R>,
  context: ExpressionContext,
): PredicateOf<R> {
  const { op } = cmp;
  const literal = cmp.right.kind === 'Lit' ? literalValue(cmp.right, context) : undefined;
  if (typeof literal === 'string' || typeof literal === 'boolean' || typeof literal === 'number') {
    if (op === '=') return (row) => left(row) === literal;
  }
  if (typeof literal === 'number') return compareWithNumber(op, left, literal);
  return (row) => compareScalars(op, left(row), right(row));
}

function compareWithNumber<R>(op: Cmp['op'], left: ReaderOf<R>, literal: number): PredicateOf<R> {
  const withNumber =
    (test: (value: number) => boolean): PredicateOf<R> =>
    (row) => {
      const value = left(row);
      return typeof value === 'number' && test(value);
    };
  switch (op) {
    case '<':
      return withNumber((value) => value < literal);
    case '<=':
      return withNumber((value) => value <= literal);
    case '>':
      return withNumber((value) => value > literal);
    case '>=':
      return withNumber((value) => value >= literal);
    case '=':
    case '!=':
      return (row) => compareScalars(op, left(row), literal);
    default:
      return assertNever(op);
  }
}

function membership<R>(operand: ReaderOf<R>, set: ValueSet, negated: boolean): PredicateOf<R> {
  if (!negated) return (row) => set.has(operand(row));
  return (row) => {
    const value = operand(row);
    return value !== null && value !== undefined && !set.has(value);
  };
}

function setOfList(expression: In, context: ExpressionContext): ValueSet {
  const list = constantValue(expression.list, context);
  if (!isArray(list)) fail('TYPE_ERROR', '"in" needs a list', { span: expression.list.span });
  return valueSet(list);
}

const noRow: Row = { drop: null, columns: null, right: null, from: null };

/** The value of an expression that reads no row: a payload, a list. */
export function constantValue(expression: Expression, context: ExpressionContext): Json {
  if (expression.kind === 'Lit') return literalValue(expression, context);
  return compileExpression(expression, context)(noRow) ?? null;
}
