import { fail, type Span } from '@drops/diagnostics';
import {
  literalOf,
  type AggregateFunction,
  type ArithmeticOperator,
  type Expression,
  type Field,
  type FunctionName,
  type Json,
} from '@drops/ir';
import type { A_Const, A_Expr, FuncCall, Node, TypeCast } from '@pgsql/types';
import { keyOf } from './places.js';
import { columnField, columnOf, textOf, type SqlScope } from './scope.js';

/** A constant as a value; undefined for a bit string. */
export function constantOf(constant: A_Const): Json | undefined {
  if (constant.isnull) return null;
  if (constant.ival) return constant.ival.ival ?? 0;
  if (constant.fval) return Number(constant.fval.fval);
  if (constant.boolval) return constant.boolval.boolval ?? false;
  if (constant.sval) return constant.sval.sval ?? '';
  return undefined;
}

/** The name of a function or operator, without `pg_catalog`. */
export function nameOf(parts: readonly Node[] | undefined): string {
  const last = parts?.at(-1);
  return last && 'String' in last ? (last.String.sval ?? '') : '';
}

const functions: ReadonlyMap<string, FunctionName> = new Map([
  ['lower', 'lower'],
  ['upper', 'upper'],
  ['trim', 'trim'],
  ['btrim', 'trim'],
  ['length', 'len'],
  ['char_length', 'len'],
  ['character_length', 'len'],
  ['concat', 'concat'],
  ['abs', 'abs'],
  ['round', 'round'],
  ['floor', 'floor'],
  ['ceil', 'ceil'],
  ['ceiling', 'ceil'],
  ['now', 'now'],
  ['date', 'date'],
]);
const arities: ReadonlyMap<FunctionName, readonly [number, number]> = new Map([
  ['round', [1, 2]],
  ['concat', [1, Infinity]],
  ['now', [0, 0]],
]);

/** The functions that make one value of many rows. */
export const aggregateFunctions: ReadonlyMap<string, AggregateFunction> = new Map([
  ['count', 'count'],
  ['sum', 'sum'],
  ['avg', 'avg'],
  ['min', 'min'],
  ['max', 'max'],
]);

const arithmeticOperators: readonly ArithmeticOperator[] = ['+', '-', '*', '/', '%'];

function lowerCall(call: FuncCall, scope: SqlScope, span: Span): Expression {
  const name = nameOf(call.funcname);
  if (aggregateFunctions.has(name)) {
    fail('SQL_ERROR', `${name} stands in SELECT, HAVING and ORDER BY only`, { span });
  }
  const extra = call.over ?? call.agg_order ?? call.agg_filter ?? call.agg_within_group ?? call.agg_distinct;
  const fn = functions.get(name);
  if (!fn || extra || call.agg_star) {
    const hint = `functions are ${[...new Set(functions.values())].join(', ')}, coalesce, and the aggregates ${[...aggregateFunctions.keys()].join(', ')}`;
    fail('SQL_ERROR', `${name}${extra ? ' with this clause' : ''} is no function of Drops`, { span, hint });
  }
  const args = call.args ?? [];
  const [least, most] = arities.get(fn) ?? [1, 1];
  if (args.length < least || args.length > most) {
    fail('SQL_ERROR', `${name} does not take ${args.length} arguments`, { span });
  }
  return { kind: 'Fn', name: fn, args: args.map((arg) => lowerOperand(arg, scope)), span };
}

/** A field within a field: `a->'b'->>0`, `a#>>'{b,0}'`. */
function within(base: Expression, steps: readonly (string | number)[], span: Span): Field {
  if (base.kind !== 'Field') fail('SQL_ERROR', 'only a column has fields within it', { span });
  return { ...base, path: [...base.path, ...steps], type: 'unknown' };
}

function stepsOf(operator: string, right: Node | undefined, span: Span): readonly (string | number)[] {
  const step = right && 'A_Const' in right ? constantOf(right.A_Const) : undefined;
  if (operator.startsWith('#') && typeof step === 'string' && /^\{.*\}$/s.test(step)) {
    const parts = step.slice(1, -1).split(',');
    if (parts.every((part) => /^[^"{}\\]+$/.test(part))) {
      return parts.map((part) => (/^\d+$/.test(part) ? Number(part) : part));
    }
  }
  if (!operator.startsWith('#')) {
    if (typeof step === 'string' || (typeof step === 'number' && step >= 0)) return [step];
  }
  fail('SQL_ERROR', `behind ${operator} a name in quotes or the place in a list is expected`, { span });
}

function lowerOperator(node: A_Expr, scope: SqlScope, span: Span): Expression {
  const operator = nameOf(node.name);
  const { lexpr, rexpr } = node;
  if (node.kind !== 'AEXPR_OP' || !rexpr) return failCondition(span);
  if (['->', '->>', '#>', '#>>'].includes(operator) && lexpr) {
    return within(lowerOperand(lexpr, scope), stepsOf(operator, rexpr, span), span);
  }
  if (operator === '||') {
    fail('SQL_ERROR', '|| is null where one side is null, which Drops has not', {
      span,
      hint: 'concat(a, b) leaves nulls out',
    });
  }
  const op = arithmeticOperators.find((known) => known === operator);
  if (!op) return failCondition(span);
  const right = lowerOperand(rexpr, scope);
  const left = lexpr ? lowerOperand(lexpr, scope) : literalOf(0, span);
  if (!lexpr && op === '+') return right;
  return { kind: 'Arith', op, left, right, span };
}

function failCondition(span: Span): never {
  fail('SQL_ERROR', 'a value is expected here, not this condition', {
    span,
    hint: 'conditions stand in WHERE, ON and HAVING',
  });
}

const textTypes: ReadonlySet<string> = new Set(['text', 'varchar', 'bpchar', 'jsonb', 'json']);
const numberTypes: ReadonlySet<string> = new Set(['numeric', 'float8', 'float4', 'int2', 'int4', 'int8']);
const timeTypes: ReadonlySet<string> = new Set(['timestamptz', 'timestamp']);

const timeForm =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(?:(Z)|([+-]\d{2})(?::?(\d{2}))?)?)?$/i;

/** A time as drops show it, without an offset in UTC; undefined for what is none. */
export function timeText(text: string): string | undefined {
  const found = timeForm.exec(text);
  if (!found) return undefined;
  const [, date = '', clock = '00:00', , hours, minutes = '00'] = found;
  const time = new Date(`${date}T${clock}${hours === undefined ? 'Z' : `${hours}:${minutes}`}`);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

/** Casts that change nothing, of literals to times, and to a date. */
function lowerCast(cast: TypeCast, scope: SqlScope, span: Span): Expression {
  const type = nameOf(cast.typeName?.names);
  const { arg } = cast;
  if (!arg) return failCondition(span);
  const inner = lowerOperand(arg, scope);
  if (inner.kind === 'Lit') {
    const { value } = inner;
    const time = typeof value === 'string' ? timeText(value) : undefined;
    if (timeTypes.has(type) && time !== undefined) return literalOf(time, span);
    if (type === 'date' && time !== undefined) return literalOf(time.slice(0, 10), span);
    if (type === 'bool' && typeof value === 'boolean') return inner;
    if (typeof value === 'string' && textTypes.has(type)) return inner;
    if (
      typeof value === 'number' &&
      numberTypes.has(type) &&
      (!type.startsWith('int') || Number.isInteger(value))
    )
      return inner;
  } else if (type === 'date') {
    return { kind: 'Fn', name: 'date', args: [inner], span };
  } else if (inner.kind === 'Field' && [...textTypes, ...numberTypes, ...timeTypes, 'bool'].includes(type)) {
    // A field has the type of its value: a cast only tells PostgreSQL what is known.
    return inner;
  }
  fail('SQL_ERROR', `Drops converts no values to ${type}`, { span });
}

/** What yields a value; SQL_ERROR with the place for what Drops cannot say. */
export function lowerOperand(node: Node, scope: SqlScope): Expression {
  const span = scope.places.of(node);
  const column = scope.grouped?.get(textOf(node));
  if (column !== undefined) return columnField(column, span);
  if ('ColumnRef' in node) {
    if (!scope.grouped) return columnOf(node.ColumnRef, scope);
    fail('SQL_ERROR', 'this column must stand in GROUP BY or in an aggregate', { span });
  }
  if ('A_Const' in node) {
    const value = constantOf(node.A_Const);
    if (value !== undefined) return literalOf(value, span);
  }
  if ('A_Expr' in node) return lowerOperator(node.A_Expr, scope, span);
  if ('FuncCall' in node) return lowerCall(node.FuncCall, scope, span);
  if ('TypeCast' in node) return lowerCast(node.TypeCast, scope, span);
  if ('CoalesceExpr' in node) {
    const args = (node.CoalesceExpr.args ?? []).map((arg) => lowerOperand(arg, scope));
    return { kind: 'Fn', name: 'coalesce', args, span };
  }
  if ('SQLValueFunction' in node && node.SQLValueFunction.op === 'SVFOP_CURRENT_TIMESTAMP') {
    return { kind: 'Fn', name: 'now', args: [], span };
  }
  if ('ParamRef' in node) {
    fail('SQL_ERROR', `$${node.ParamRef.number ?? ''} has no value here`, {
      span,
      hint: 'write the value in the SQL, or use a Drops statement with $name',
    });
  }
  if (conditionKinds.has(keyOf(node))) return failCondition(span);
  fail('SQL_ERROR', `${keyOf(node).replace(/Expr$/, '')} is not part of the SQL that Drops reads`, { span });
}

const conditionKinds: ReadonlySet<string> = new Set(['BoolExpr', 'NullTest', 'BooleanTest', 'SubLink']);
