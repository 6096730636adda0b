import {
  isArray,
  isObject,
  setProperty,
  type Cmp,
  type ComparisonOperator,
  type Expression,
  type Json,
  type JsonObject,
  type Like,
  type MutableObject,
} from '@drops/ir';
import { fieldText } from './json-fields.js';

const comparisons: { readonly [O in ComparisonOperator]: string } = {
  '=': '$eq',
  '!=': '$ne',
  '<': '$lt',
  '<=': '$lte',
  '>': '$gt',
  '>=': '$gte',
};
const flipped: { readonly [O in ComparisonOperator]: ComparisonOperator } = {
  '=': '=',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};
const matches: { readonly [M in Like['match']]: string } = {
  contains: '$contains',
  prefix: '$startsWith',
  suffix: '$endsWith',
};

/** A predicate in the filter language of `POST /query`; undefined where that cannot say it. */
export function toJsonFilter(predicate: Expression, joined: boolean): JsonObject | undefined {
  switch (predicate.kind) {
    case 'And':
      return all(predicate.terms, joined);
    case 'Or': {
      const terms = list(predicate.terms, joined);
      return terms && { $or: terms };
    }
    case 'Not': {
      const term = toJsonFilter(predicate.term, joined);
      return term && { $not: term };
    }
    case 'Cmp':
      return comparison(predicate, joined);
    case 'In':
      if (predicate.list.kind !== 'Lit' || !isArray(predicate.list.value)) return undefined;
      return condition(predicate.operand, predicate.negated ? '$nin' : '$in', predicate.list.value, joined);
    case 'Exists':
      return condition(predicate.operand, '$exists', !predicate.negated, joined);
    case 'Like':
      return likeness(predicate, joined);
    default:
      return undefined;
  }
}

function list(terms: readonly Expression[], joined: boolean): readonly JsonObject[] | undefined {
  const written: JsonObject[] = [];
  for (const term of terms) {
    const filter = toJsonFilter(term, joined);
    if (!filter) return undefined;
    written.push(filter);
  }
  return written;
}

/** One object for all terms where no name comes twice; operators on one field stand together. */
function all(terms: readonly Expression[], joined: boolean): JsonObject | undefined {
  const filters = list(terms, joined);
  if (!filters) return undefined;
  const merged: MutableObject = {};
  for (const filter of filters) {
    for (const [name, value] of Object.entries(filter)) {
      const there = Object.hasOwn(merged, name) ? merged[name] : undefined;
      const both = there === undefined ? value : together(there, value);
      if (both === undefined) return { $and: filters };
      setProperty(merged, name, both);
    }
  }
  return merged;
}

function together(a: Json, b: Json): Json | undefined {
  if (!isObject(a) || !isObject(b) || !isOperators(a) || !isOperators(b)) return undefined;
  return Object.keys(b).some((name) => Object.hasOwn(a, name)) ? undefined : { ...a, ...b };
}

const isOperators = (of: JsonObject): boolean => Object.keys(of).every((name) => name.startsWith('$'));

function comparison(cmp: Cmp, joined: boolean): JsonObject | undefined {
  const { op, left, right } = cmp;
  if (right.kind === 'Lit' && left.kind !== 'Lit') {
    // A null that is no `exists` is never equal to anything; the filter would read it as one.
    if (right.value === null) return undefined;
    const scalar = typeof right.value !== 'object';
    return op === '=' && scalar
      ? equality(left, right.value, joined)
      : condition(left, comparisons[op], right.value, joined);
  }
  return left.kind === 'Lit' ? comparisonFlipped(cmp, joined) : undefined;
}

function comparisonFlipped(cmp: Cmp, joined: boolean): JsonObject | undefined {
  if (cmp.right.kind === 'Lit') return undefined;
  return comparison({ ...cmp, op: flipped[cmp.op], left: cmp.right, right: cmp.left }, joined);
}

function equality(operand: Expression, value: Json, joined: boolean): JsonObject | undefined {
  const field = fieldText(operand, joined);
  if (field === undefined) return undefined;
  const filter: MutableObject = {};
  setProperty(filter, field, value);
  return filter;
}

function condition(
  operand: Expression,
  operator: string,
  value: Json,
  joined: boolean,
): JsonObject | undefined {
  return equality(operand, { [operator]: value }, joined);
}

function likeness(like: Like, joined: boolean): JsonObject | undefined {
  if (like.right.kind !== 'Lit') return undefined;
  const { value } = like.right;
  if (like.match !== 'contains' && typeof value !== 'string') return undefined;
  return condition(like.left, matches[like.match], value, joined);
}
