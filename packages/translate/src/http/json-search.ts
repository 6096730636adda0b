import type { Json, JsonObject, Query, Search } from '@drops/ir';
import { toJsonFilter } from './json-filter.js';

/** The members of a body that say a search; undefined where it has none for a part of it. */
function members(search: Search): JsonObject | undefined {
  const { route, text, vector, limit, candidates, fusion, minScore, highlight, asOf } = search;
  const values: readonly (readonly [string, unknown])[] = [
    ['text', text],
    ['top_k', limit],
    ['candidates', candidates],
    ['fusion', fusion],
    ['min_score', minScore],
  ];
  if (asOf || (vector && vector.kind !== 'Lit')) return undefined;
  const given: [string, Json][] = [];
  for (const [name, value] of values) {
    if (typeof value === 'object') return undefined;
    if (typeof value === 'string' || typeof value === 'number') given.push([name, value]);
  }
  return {
    prefix: route,
    ...(vector && { vector: vector.value }),
    ...Object.fromEntries(given),
    ...(highlight === true && { highlight }),
  };
}

/** A search as the body of `POST /search` that reads back as the same plan; undefined where there is none. */
export function toJsonSearch({ shape, relation }: Query): JsonObject | undefined {
  if (shape !== 'search') return undefined;
  const source = relation.kind === 'Filter' ? relation.input : relation;
  if (source.kind !== 'Search') return undefined;
  const body = members(source);
  if (!body || relation.kind !== 'Filter') return body;
  const filter = toJsonFilter(relation.predicate, false);
  return filter && { ...body, filter };
}
