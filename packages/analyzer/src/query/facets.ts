import { didYouMean, fail, type Span } from '@drops/diagnostics';
import {
  describeValue,
  isArray,
  isIsoDate,
  isObject,
  type Expression,
  type FacetName,
  type FacetScan,
  type Json,
  type JsonObject,
  type Plan,
} from '@drops/ir';
import type { Facet, Primitives } from '@drops/syntax';
import type { LowerContext } from '../context.js';
import { lowerValue } from '../values.js';
import { finishQuery } from './queries.js';

const ranges = ['$gte', '$gt', '$lte', '$lt'] as const;
/** The operators of each facet. */
const operators: { readonly [F in FacetName]: readonly string[] } = {
  dates: ranges,
  amounts: [...ranges, '$unit'],
  locations: ['$near'],
  identifiers: ['$has', '$type', '$any'],
};

/** `primitives dates { $gte: "2026-03-01" }`: over all routes that may be read, facets intersected. */
export function lowerPrimitives(node: Primitives, context: LowerContext): Plan {
  const { clauses } = node;
  const [first] = node.facets;
  if (first === undefined) {
    fail('SYNTAX_ERROR', 'primitives needs a facet: dates, locations, identifiers or amounts', {
      span: node.span,
    });
  }
  if (clauses.history || clauses.asOf || clauses.view) {
    fail('TYPE_ERROR', 'primitives read the current state of all routes', {
      span: clauses.asOf?.span ?? clauses.view?.span ?? node.span,
    });
  }
  const source: FacetScan = { kind: 'FacetScan', facets: node.facets.map(lowerFacet), span: node.span };
  return finishQuery(source, clauses, node.pipes, 'rows', node.span, context);
}

function lowerFacet(node: Facet): FacetScan['facets'][number] {
  const predicate = lowerValue(node.condition);
  checkFacet(node.name, predicate, node.condition.span);
  return { name: node.name, predicate };
}

/** Checks the operators of a facet; values that are parameters are checked when they are bound. */
export function checkFacet(facet: FacetName, predicate: Expression, span: Span): void {
  const known = operators[facet];
  if (predicate.kind === 'Object') {
    for (const { name, value } of predicate.members) checkOperator(facet, name, value.span);
    return;
  }
  if (predicate.kind !== 'Lit') return;
  if (!isObject(predicate.value) || Object.keys(predicate.value).length === 0) {
    fail(
      'TYPE_ERROR',
      `${facet} needs an object of ${known.join(', ')}; found ${describeValue(predicate.value)}`,
      {
        span,
      },
    );
  }
  for (const [name, value] of Object.entries(predicate.value)) {
    checkOperator(facet, name, span);
    checkValue(facet, name, value, span);
  }
}

function checkOperator(facet: FacetName, name: string, span: Span): void {
  const known = operators[facet];
  if (known.includes(name)) return;
  fail('TYPE_ERROR', `${facet} has no operator '${name}'; there are ${known.join(', ')}`, {
    span,
    hint: didYouMean(name, known),
  });
}

function checkValue(facet: FacetName, name: string, value: Json, span: Span): void {
  const wanted = wantedOf(facet, name, value);
  if (wanted === undefined) return;
  fail('TYPE_ERROR', `${name} of ${facet} is ${describeValue(value)}; ${wanted} was expected`, { span });
}

/** What should have stood there, or nothing when the value fits. */
function wantedOf(facet: FacetName, name: string, value: Json): string | undefined {
  if (facet === 'dates')
    return typeof value === 'string' && isIsoDate(value) ? undefined : 'an ISO 8601 date';
  if (facet === 'amounts' && name !== '$unit') return typeof value === 'number' ? undefined : 'a number';
  if (name === '$unit' || name === '$type') return typeof value === 'string' ? undefined : 'a text';
  if (name === '$near') return isNear(value) ? undefined : '{ lat, lon, radius_km }';
  if (name === '$has') return isIdentifier(value) ? undefined : 'a text or { type, value }';
  return isArray(value) && value.length > 0 && value.every(isIdentifier)
    ? undefined
    : 'a list of { type, value }';
}

function isNear(value: Json): boolean {
  return isObject(value) && ['lat', 'lon', 'radius_km'].every((n) => typeof memberOf(value, n) === 'number');
}

function isIdentifier(value: Json): boolean {
  return typeof value === 'string' || (isObject(value) && typeof memberOf(value, 'value') === 'string');
}

function memberOf(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
