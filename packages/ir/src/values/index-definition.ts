import { compareValues, equalValues, typeRank } from './compare.js';
import { getProperty, isArray, isObject, type Json, type JsonObject } from './json.js';
import { valueAt, type Path } from './path.js';

/** Made by a statement, or by the store because queries kept asking. */
export type IndexOrigin = 'manual' | 'auto';

/** An index over payload fields of one route: the record on the route of indexes. */
export interface IndexDefinition {
  readonly route: string;
  readonly fields: readonly Path[];
  readonly created: IndexOrigin;
}

/** Most fields of one index: their values share one key of the store. */
export const maxIndexFields = 4;

function readPath(value: Json): Path | undefined {
  if (!isArray(value) || value.length === 0) return undefined;
  const path: (string | number)[] = [];
  for (const segment of value) {
    if (typeof segment !== 'string' && typeof segment !== 'number') return undefined;
    path.push(segment);
  }
  return path;
}

/** An index from its record; records that are none (written by hand) give undefined. */
export function readIndexDefinition(record: Json): IndexDefinition | undefined {
  if (!isObject(record)) return undefined;
  const route = getProperty(record, 'route');
  const list = getProperty(record, 'fields');
  if (typeof route !== 'string' || !isArray(list)) return undefined;
  const fields = list.flatMap((item) => [readPath(item) ?? []]);
  const sound = fields.length > 0 && fields.length <= maxIndexFields && fields.every((f) => f.length > 0);
  if (!sound) return undefined;
  return { route, fields, created: getProperty(record, 'created') === 'auto' ? 'auto' : 'manual' };
}

/** The record of an index. */
export function indexRecord({ route, fields, created }: IndexDefinition): JsonObject {
  return { route, fields: fields.map((path) => [...path]), created };
}

/** The value that a field of a payload has, for queries and indexes alike. A payload that is no object is the field `payload`. */
export function payloadValue(payload: Json, path: Path): Json | undefined {
  if (isObject(payload)) return valueAt(payload, path);
  return path[0] === 'payload' ? valueAt(payload, path.slice(1)) : undefined;
}

/** One end of a range of values. Only values of its own type are within. */
export interface IndexBound {
  readonly value: Json;
  readonly inclusive: boolean;
}
/** What the field after the equal ones must be. */
export type IndexCondition =
  | { readonly kind: 'range'; readonly lower?: IndexBound; readonly upper?: IndexBound }
  | { readonly kind: 'prefix'; readonly text: string }
  | { readonly kind: 'in'; readonly values: readonly Json[] };

/** The type whose values a range holds; undefined when its ends are of different types: nothing is within. */
export function rangeRank(
  condition: Extract<IndexCondition, { readonly kind: 'range' }>,
): number | undefined {
  const { lower, upper } = condition;
  const ranks = [lower, upper].flatMap((bound) => (bound ? [typeRank(bound.value)] : []));
  return ranks.every((rank) => rank === ranks[0]) ? ranks[0] : undefined;
}

/** Whether a value fulfils a condition: what an index answers, in plain words. */
export function fulfils(value: Json | undefined, condition: IndexCondition): boolean {
  switch (condition.kind) {
    case 'prefix':
      return typeof value === 'string' && value.startsWith(condition.text);
    case 'in':
      return condition.values.some((item) => equalValues(item, value));
    case 'range': {
      const rank = rangeRank(condition);
      if (rank === undefined || rank !== typeRank(value)) return false;
      const { lower, upper } = condition;
      const low = lower ? compareValues(value, lower.value) : 1;
      const high = upper ? compareValues(value, upper.value) : -1;
      return (lower?.inclusive ? low >= 0 : low > 0) && (upper?.inclusive ? high <= 0 : high < 0);
    }
  }
}
