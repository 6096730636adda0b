import {
  andOf,
  comparison,
  isArray,
  isObject,
  literalOf,
  storableJson,
  type ComparisonOperator,
  type Expression,
  type Json,
  type Like,
} from '@drops/ir';
import type { RowScope } from '../query/row-scope.js';
import { lowerJsonField, nowhere } from './json-fields.js';
import {
  below,
  failName,
  failValue,
  readArray,
  readBoolean,
  readObject,
  readText,
  type JsonPlace,
} from './json-reader.js';

const comparisons: ReadonlyMap<string, ComparisonOperator> = new Map([
  ['$eq', '='],
  ['$ne', '!='],
  ['$gt', '>'],
  ['$gte', '>='],
  ['$lt', '<'],
  ['$lte', '<='],
]);
const matches: ReadonlyMap<string, Like['match']> = new Map([
  ['$contains', 'contains'],
  ['$startsWith', 'prefix'],
  ['$endsWith', 'suffix'],
]);
const fieldOperators = [...comparisons.keys(), '$in', '$nin', '$exists', ...matches.keys(), '$not'];
const combiners = ['$and', '$or', '$not'];

/**
 * A Mongo-style filter as the predicate that the same text would give:
 * `{"payload.age": {"$gt": 3}, "$or": [{…}, {…}]}`. TYPE_ERROR naming the place for unknown operators and wrong types.
 */
export function lowerJsonFilter(filter: Json, scope: RowScope): Expression {
  return lowerFilter(storableJson(filter), scope, 'filter');
}

function lowerFilter(filter: Json, scope: RowScope, place: JsonPlace): Expression {
  const object = readObject(filter, place);
  const terms = Object.entries(object).map(([name, value]) => {
    const at = below(place, name);
    return name.startsWith('$')
      ? lowerCombiner(name, value, scope, place)
      : lowerCondition(name, value, scope, at);
  });
  return andOf(terms, nowhere);
}

function lowerCombiner(name: string, value: Json, scope: RowScope, place: JsonPlace): Expression {
  const at = below(place, name);
  if (name === '$not') return { kind: 'Not', term: lowerFilter(value, scope, at), span: nowhere };
  if (name !== '$and' && name !== '$or') failName(place, name, combiners, 'operator');
  const items = readArray(value, at);
  if (items.length === 0) failValue(at, value, 'a list of filters');
  const terms = items.map((item, i) => lowerFilter(item, scope, below(at, i)));
  return name === '$and' ? andOf(terms, nowhere) : orOf(terms);
}

function orOf(terms: readonly Expression[]): Expression {
  const [first] = terms;
  if (terms.length === 1 && first) return first;
  return { kind: 'Or', terms: terms.flatMap((t) => (t.kind === 'Or' ? t.terms : [t])), span: nowhere };
}

/** An object whose names begin with `$` holds operators; any other value means equality. */
function isOperators(value: Json): boolean {
  return isObject(value) && Object.keys(value).some((name) => name.startsWith('$'));
}

function lowerCondition(name: string, value: Json, scope: RowScope, place: JsonPlace): Expression {
  const field = lowerJsonField(name, scope, place);
  if (!isOperators(value)) return comparison('=', field, literalOf(value, nowhere), nowhere);
  const terms = Object.entries(readObject(value, place)).map(([operator, operand]) =>
    lowerOperator(field, operator, operand, name, scope, place),
  );
  return andOf(terms, nowhere);
}

function lowerOperator(
  field: Expression,
  operator: string,
  operand: Json,
  name: string,
  scope: RowScope,
  place: JsonPlace,
): Expression {
  const at = below(place, operator);
  const span = nowhere;
  const op = comparisons.get(operator);
  if (op !== undefined) return comparison(op, field, literalOf(operand, span), span);
  const match = matches.get(operator);
  if (match !== undefined) {
    // `contains` on a list asks for an element, which may be anything.
    if (match !== 'contains') readText(operand, at);
    return { kind: 'Like', match, left: field, right: literalOf(operand, span), span };
  }
  switch (operator) {
    case '$in':
    case '$nin':
      if (!isArray(operand)) failValue(at, operand, 'a list');
      return {
        kind: 'In',
        operand: field,
        list: literalOf(operand, span),
        negated: operator === '$nin',
        span,
      };
    case '$exists':
      return { kind: 'Exists', operand: field, negated: !readBoolean(operand, at), span };
    case '$not':
      return { kind: 'Not', term: lowerCondition(name, operand, scope, at), span };
    default:
      return failName(place, operator, fieldOperators, 'operator');
  }
}
