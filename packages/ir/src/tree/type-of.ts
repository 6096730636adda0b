import { assertNever } from '@drops/diagnostics';
import type { Expression, FieldType, FunctionName } from '../nodes/relational.js';
import type { Json } from '../values/json.js';

const functionTypes: { readonly [F in FunctionName]: FieldType } = {
  lower: 'text',
  upper: 'text',
  trim: 'text',
  len: 'number',
  concat: 'text',
  coalesce: 'unknown',
  abs: 'number',
  round: 'number',
  floor: 'number',
  ceil: 'number',
  now: 'date',
  date: 'date',
};

function typeOfValue(value: Json): FieldType {
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  return Array.isArray(value) ? 'array' : 'unknown';
}

/** What is known of the value an expression yields. */
export function typeOf(expression: Expression): FieldType {
  switch (expression.kind) {
    case 'Field':
      return expression.type;
    case 'Lit':
      return typeOfValue(expression.value);
    case 'Param':
    case 'Object':
      return 'unknown';
    case 'List':
      return 'array';
    case 'Arith':
      return 'number';
    case 'Fn':
      return functionTypes[expression.name];
    case 'Cmp':
    case 'In':
    case 'InQuery':
    case 'Like':
    case 'Exists':
    case 'And':
    case 'Or':
    case 'Not':
      return 'boolean';
    default:
      return assertNever(expression);
  }
}
