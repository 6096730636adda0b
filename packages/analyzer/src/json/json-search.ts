import { checkRoute, fail } from '@drops/diagnostics';
import {
  checkNumber,
  checkText,
  storableJson,
  type Json,
  type JsonObject,
  type Plan,
  type Relation,
  type Search,
} from '@drops/ir';
import { emptyCatalog, type Catalog } from '../catalog.js';
import type { Lowered } from '../lower.js';
import { scopeOf } from '../query/row-scope.js';
import { defaultTop } from '../query/search.js';
import { nowhere } from './json-fields.js';
import { lowerJsonFilter } from './json-filter.js';
import { checkMembers, member, readBoolean, readObject } from './json-reader.js';

const members = [
  'prefix',
  'text',
  'vector',
  'top_k',
  'filter',
  'candidates',
  'fusion',
  'min_score',
  'highlight',
];

/** A member that is there; null counts as left out. */
const given = (search: JsonObject, name: string): Json | undefined => member(search, name) ?? undefined;

function readPrefix(search: JsonObject): string {
  const prefix = given(search, 'prefix');
  if (typeof prefix !== 'string')
    return fail('INVALID_PREFIX', 'a search needs a prefix, the route to look below');
  const fault = checkRoute(prefix);
  if (fault) fail('INVALID_PREFIX', `the prefix "${prefix}": ${fault.message}`);
  return prefix;
}

function readSearchText(search: JsonObject): string | undefined {
  const text = given(search, 'text');
  if (text === undefined || typeof text === 'string') return text;
  return fail('INVALID_TEXT', 'the text of a search is a text');
}

function readCount(search: JsonObject, name: string, role: 'top' | 'count'): number | undefined {
  const value = given(search, name);
  return value === undefined ? undefined : checkNumber(value, role, name, nowhere);
}

/**
 * The body of `POST /search` → the plan that the same Drops text gives. INVALID_PREFIX, INVALID_TEXT, TOP_K_TOO_LARGE,
 * else TYPE_ERROR naming the place. The vector is judged where it is used, as one beside a text is.
 */
export function lowerJsonSearch(body: Json, catalog: Catalog = emptyCatalog): Lowered {
  const search = readObject(storableJson(body), 'the search');
  checkMembers(search, members, 'the search', 'member');
  const route = readPrefix(search);
  const text = readSearchText(search);
  const vector = given(search, 'vector');
  const candidates = readCount(search, 'candidates', 'count');
  const fusion = given(search, 'fusion');
  const minScore = given(search, 'min_score');
  const highlight = given(search, 'highlight');
  const source: Search = {
    kind: 'Search',
    route,
    ...(text !== undefined && { text }),
    ...(vector !== undefined && { vector: { kind: 'Lit', value: vector, span: nowhere } }),
    limit: readCount(search, 'top_k', 'top') ?? defaultTop,
    ...(candidates !== undefined && { candidates }),
    ...(fusion !== undefined && { fusion: checkText(fusion, 'fusion', 'fusion', nowhere) }),
    ...(minScore !== undefined && { minScore: checkNumber(minScore, 'score', 'min_score', nowhere) }),
    ...(highlight !== undefined && readBoolean(highlight, 'highlight') && { highlight: true }),
    span: nowhere,
  };
  const relation = filtered(source, given(search, 'filter'), catalog);
  return { plan: { kind: 'Query', shape: 'search', relation, span: nowhere } satisfies Plan, warnings: [] };
}

function filtered(source: Search, filter: Json | undefined, catalog: Catalog): Relation {
  if (filter === undefined) return source;
  const predicate = lowerJsonFilter(filter, scopeOf(source, catalog));
  if (predicate.kind === 'Lit' && predicate.value === true) return source;
  return { kind: 'Filter', input: source, predicate, span: nowhere };
}
