import { assertNever, didYouMean, fail, type Span } from '@drops/diagnostics';
import type { FacetName } from '../nodes/relational.js';
import { describeValue } from './describe-value.js';
import { getProperty, isArray, isObject, type Json, type JsonObject } from './json.js';
import { isoTime } from './pattern.js';
import {
  amountsIn,
  datesIn,
  distanceKm,
  geoPoint,
  identifiersIn,
  locationsIn,
  type GeoPoint,
  type Identifier,
} from './universal-fields.js';

/** Bounds of a number, any of them missing. */
export interface NumberRange {
  readonly gte?: number;
  readonly gt?: number;
  readonly lte?: number;
  readonly lt?: number;
}
/** An identifier that is asked for: without a type whatever type it has. */
export type WantedIdentifier = Identifier;

/** What a facet asks of one entry of its universal field. */
export type FacetCondition =
  /** Of the start, in ms since the epoch. */
  | { readonly facet: 'dates'; readonly range: NumberRange }
  | { readonly facet: 'amounts'; readonly range: NumberRange; readonly unit: string | undefined }
  | { readonly facet: 'locations'; readonly centre: GeoPoint; readonly radiusKm: number }
  | {
      readonly facet: 'identifiers';
      readonly type: string | undefined;
      /** Groups of which each must hold one that the entry is. */
      readonly oneOf: readonly (readonly WantedIdentifier[])[];
    };

const ranges = ['$gte', '$gt', '$lte', '$lt'] as const;

/** The operators of each facet. */
export const facetOperators: { readonly [F in FacetName]: readonly string[] } = {
  dates: ranges,
  amounts: [...ranges, '$unit'],
  locations: ['$near'],
  identifiers: ['$has', '$type', '$any'],
};

/** TYPE_ERROR for an operator that a facet does not have. */
export function checkFacetOperator(facet: FacetName, name: string, span: Span | undefined): void {
  const known = facetOperators[facet];
  if (known.includes(name)) return;
  fail('TYPE_ERROR', `${facet} has no operator '${name}'; there are ${known.join(', ')}`, {
    ...(span && { span }),
    hint: didYouMean(name, known) ?? `use ${known.join(', ')}`,
  });
}

/** The condition that a facet's object of operators says. TYPE_ERROR, at the span, for anything else. */
export function readFacet(facet: FacetName, predicate: Json, span?: Span): FacetCondition {
  const at = span && { span };
  if (!isObject(predicate) || Object.keys(predicate).length === 0) {
    const known = facetOperators[facet].join(', ');
    fail('TYPE_ERROR', `${facet} needs an object of ${known}; found ${describeValue(predicate)}`, { ...at });
  }
  for (const name of Object.keys(predicate)) checkFacetOperator(facet, name, span);
  const wrong = (name: string, value: Json, wanted: string): never =>
    fail('TYPE_ERROR', `${name} of ${facet} is ${describeValue(value)}; ${wanted} was expected`, { ...at });
  const optional = <T>(name: string, read: (value: Json) => T | undefined, wanted: string): T | undefined => {
    const value = getProperty(predicate, name);
    return value === undefined ? undefined : (read(value) ?? wrong(name, value, wanted));
  };

  switch (facet) {
    case 'dates':
      return { facet, range: readRange((name) => optional(name, timeOf, 'an ISO 8601 date')) };
    case 'amounts':
      return {
        facet,
        range: readRange((name) => optional(name, numberOf, 'a number')),
        unit: optional('$unit', textOf, 'a text'),
      };
    case 'locations': {
      const wanted = '{ lat from -90 to 90, lon from -180 to 180, radius_km from 0 }';
      const near = optional('$near', nearOf, wanted);
      return near ?? wrong('$near', null, wanted);
    }
    case 'identifiers': {
      const has = optional('$has', identifierOf, 'a text or { type, value }');
      const any = optional('$any', identifierListOf, 'a list of { type, value }');
      return {
        facet,
        type: optional('$type', textOf, 'a text'),
        oneOf: [...(has ? [[has]] : []), ...(any ? [any] : [])],
      };
    }
    default:
      return assertNever(facet);
  }
}

const textOf = (value: Json): string | undefined => (typeof value === 'string' ? value : undefined);
const numberOf = (value: Json): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;
const timeOf = (value: Json): number | undefined => (typeof value === 'string' ? isoTime(value) : undefined);

function readRange(bound: (name: string) => number | undefined): NumberRange {
  const [gte, gt, lte, lt] = ranges.map(bound);
  return {
    ...(gte !== undefined && { gte }),
    ...(gt !== undefined && { gt }),
    ...(lte !== undefined && { lte }),
    ...(lt !== undefined && { lt }),
  };
}

/** Only these names: a misspelt one would be passed over. */
function hasOnly(object: JsonObject, names: readonly string[]): boolean {
  return Object.keys(object).every((name) => names.includes(name));
}

function nearOf(value: Json): FacetCondition | undefined {
  if (!isObject(value) || !hasOnly(value, ['lat', 'lon', 'radius_km'])) return undefined;
  const centre = geoPoint(getProperty(value, 'lat'), getProperty(value, 'lon'));
  const radiusKm = numberOf(getProperty(value, 'radius_km') ?? null);
  return centre && radiusKm !== undefined && radiusKm >= 0
    ? { facet: 'locations', centre, radiusKm }
    : undefined;
}

function identifierOf(value: Json): WantedIdentifier | undefined {
  if (typeof value === 'string') return { type: undefined, value };
  if (!isObject(value) || !hasOnly(value, ['type', 'value'])) return undefined;
  const text = textOf(getProperty(value, 'value') ?? null);
  const type = getProperty(value, 'type');
  if (text === undefined || (type !== undefined && typeof type !== 'string')) return undefined;
  return { type, value: text };
}

function identifierListOf(value: Json): readonly WantedIdentifier[] | undefined {
  if (!isArray(value) || value.length === 0) return undefined;
  const wanted = value.flatMap((item) => identifierOf(item) ?? []);
  return wanted.length === value.length ? wanted : undefined;
}

/** True when a number lies in a range. */
export function inRange({ gte, gt, lte, lt }: NumberRange, value: number): boolean {
  return (
    (gte === undefined || value >= gte) &&
    (gt === undefined || value > gt) &&
    (lte === undefined || value <= lte) &&
    (lt === undefined || value < lt)
  );
}

const isWanted = (wanted: WantedIdentifier, found: Identifier): boolean =>
  wanted.value === found.value && (wanted.type === undefined || wanted.type === found.type);

/** True when one entry of the payload's universal field is all that is asked. */
export function matchesFacet(condition: FacetCondition, payload: Json): boolean {
  switch (condition.facet) {
    case 'dates':
      return datesIn(payload).some((start) => inRange(condition.range, start));
    case 'amounts':
      return amountsIn(payload).some(
        ({ value, unit }) =>
          inRange(condition.range, value) && (condition.unit === undefined || condition.unit === unit),
      );
    case 'locations':
      return locationsIn(payload).some((point) => distanceKm(condition.centre, point) <= condition.radiusKm);
    case 'identifiers':
      return identifiersIn(payload).some(
        (found) =>
          (condition.type === undefined || condition.type === found.type) &&
          condition.oneOf.every((group) => group.some((wanted) => isWanted(wanted, found))),
      );
    default:
      return assertNever(condition);
  }
}
