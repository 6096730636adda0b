import { assertNever, didYouMean, fail } from '@drops/diagnostics';
import type { Expression, FunctionName } from '@drops/ir';
import type { CallExpression, Operand } from '@drops/syntax';
import { lowerValue } from '../values.js';
import { resolveField, type RowScope } from './row-scope.js';

/** Fewest and most arguments of each function. */
const arities: { readonly [F in FunctionName]: readonly [number, number] } = {
  lower: [1, 1],
  upper: [1, 1],
  trim: [1, 1],
  len: [1, 1],
  concat: [1, Infinity],
  coalesce: [1, Infinity],
  abs: [1, 1],
  round: [1, 2],
  floor: [1, 1],
  ceil: [1, 1],
  now: [0, 0],
  date: [1, 1],
};

function isFunctionName(name: string): name is FunctionName {
  return Object.hasOwn(arities, name);
}

function plural(count: number): string {
  return count === 1 ? '1 argument' : `${count} arguments`;
}

function arityText([least, most]: readonly [number, number]): string {
  if (least === most) return plural(least);
  return most === Infinity ? `at least ${plural(least)}` : `${least} or ${plural(most)}`;
}

function lowerCall(node: CallExpression, scope: RowScope): Expression {
  const { name, span } = node;
  if (!isFunctionName(name)) {
    const names = Object.keys(arities);
    fail('TYPE_ERROR', `there is no function '${name}'`, {
      span,
      hint: didYouMean(name, names) ?? `the functions are ${names.join(', ')}`,
    });
  }
  const arity = arities[name];
  const given = node.arguments.length;
  if (given < arity[0] || given > arity[1]) {
    fail('TYPE_ERROR', `${name} takes ${arityText(arity)}, found ${given}`, { span });
  }
  return { kind: 'Fn', name, args: node.arguments.map((a) => lowerOperand(a, scope)), span };
}

/** What yields a value: a field, a literal, a parameter, arithmetic or a function. */
export function lowerOperand(node: Operand, scope: RowScope): Expression {
  switch (node.kind) {
    case 'FieldName':
      return resolveField(node, scope);
    case 'ArithmeticExpression':
      return {
        kind: 'Arith',
        op: node.operator,
        left: lowerOperand(node.left, scope),
        right: lowerOperand(node.right, scope),
        span: node.span,
      };
    case 'CallExpression':
      return lowerCall(node, scope);
    case 'StringValue':
    case 'NumberValue':
    case 'BooleanValue':
    case 'NullValue':
    case 'ObjectValue':
    case 'ArrayValue':
    case 'JsonValue':
    case 'Parameter':
      return lowerValue(node);
    default:
      return assertNever(node);
  }
}
