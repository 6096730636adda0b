import { checkRoute, fail } from '@drops/diagnostics';
import {
  checkNumber,
  checkText,
  readFacet,
  storableJson,
  type AggregateFunction,
  type FacetName,
  type FacetScan,
  type Json,
  type JsonObject,
  type Plan,
  type Relation,
  type Scan,
} from '@drops/ir';
import type { Aggregate, FieldName } from '@drops/syntax';
import { emptyCatalog, type Catalog } from '../catalog.js';
import { lowerGroup } from '../query/aggregates.js';
import { lowerPick } from '../query/projections.js';
import { resolveJoined, scopeOf } from '../query/row-scope.js';
import { lowerSource } from '../query/sources.js';
import type { LowerContext } from '../context.js';
import type { Lowered } from '../lower.js';
import { columnName, lowerJsonField, nowhere, readField } from './json-fields.js';
import { lowerJsonFilter } from './json-filter.js';
import {
  below,
  checkMembers,
  failName,
  failValue,
  member,
  readArray,
  readBoolean,
  readObject,
  readText,
  type JsonPlace,
} from './json-reader.js';

/** What follows the source of rows, in each JSON form of find. */
const clauseMembers = [
  'filter',
  'sort',
  'limit',
  'skip',
  'after',
  'group_by',
  'compute',
  'join',
  'select',
  'resolve',
];
const queryMembers = ['route', 'prefix', 'latest', ...clauseMembers];
const facetMembers = ['dates', 'locations', 'identifiers', 'amounts'] as const satisfies readonly FacetName[];

/**
 * The body of `POST /query` → the plan that the same Drops text gives.
 * `route` is that route alone, `prefix` it and all below; `latest: false` reads every version.
 * TYPE_ERROR naming the place for anything unknown or of a wrong type.
 */
export function lowerJsonQuery(body: Json, catalog: Catalog = emptyCatalog): Lowered {
  // Checked for depth first, so that what follows can recurse.
  const query = readObject(storableJson(body), 'the query');
  checkMembers(query, queryMembers, 'the query', 'member');
  const context: LowerContext = { catalog, warn: () => undefined };
  return lowerJsonClauses(lowerJsonSource(query, context), query, context);
}

/**
 * The body of `POST /primitives` → the plan that the same Drops text gives: facets by their names, beside them the clauses of
 * a JSON query. INVALID_BODY without a facet, else TYPE_ERROR naming the place.
 */
export function lowerJsonPrimitives(body: Json, catalog: Catalog = emptyCatalog): Lowered {
  const query = readObject(storableJson(body), 'the query');
  checkMembers(query, [...facetMembers, ...clauseMembers], 'the query', 'member');
  const facets = facetMembers.flatMap((name) => {
    const value = given(query, name);
    if (value === undefined) return [];
    readFacet(name, value);
    return { name, predicate: { kind: 'Lit', value, span: nowhere } as const };
  });
  if (facets.length === 0) {
    fail('INVALID_BODY', `the query has no facet; at least one of ${facetMembers.join(', ')} was expected`);
  }
  const source: FacetScan = { kind: 'FacetScan', facets, span: nowhere };
  return lowerJsonClauses(source, query, { catalog, warn: () => undefined });
}

function lowerJsonClauses(source: Relation, query: JsonObject, context: LowerContext): Lowered {
  let relation = lowerJsonJoin(source, query, context);
  const filter = given(query, 'filter');
  if (filter !== undefined) {
    const predicate = lowerJsonFilter(filter, scopeOf(relation, context.catalog));
    const always = predicate.kind === 'Lit' && predicate.value === true;
    if (!always) relation = { kind: 'Filter', input: relation, predicate, span: nowhere };
  }
  relation = lowerJsonGroup(relation, query, context);
  relation = lowerJsonSort(relation, query, context);
  relation = lowerJsonPage(relation, query);
  relation = lowerJsonSelect(relation, query, context);
  if (given(query, 'resolve') !== undefined && readBoolean(given(query, 'resolve') ?? false, 'resolve')) {
    fail('NOT_AVAILABLE', 'resolving embeds is not part of this server', {});
  }
  return { plan: { kind: 'Query', shape: 'rows', relation, span: nowhere } satisfies Plan, warnings: [] };
}

/** A member that is there; null counts as left out. */
function given(query: JsonObject, name: string): Json | undefined {
  return member(query, name) ?? undefined;
}

interface RouteChoice {
  readonly route: string;
  readonly subtree: boolean;
}

/** `route` or `prefix`, exactly one of them. */
function readRoute(object: JsonObject, place: JsonPlace): RouteChoice {
  const route = given(object, 'route');
  const prefix = given(object, 'prefix');
  if (route !== undefined && prefix !== undefined) {
    fail('TYPE_ERROR', `${place} has a route and a prefix; one of them was expected`);
  }
  const value = route ?? prefix;
  if (value === undefined) fail('ROUTE_REQUIRED', `${place} needs a route or a prefix`);
  const name = route === undefined ? 'prefix' : 'route';
  const text = readText(value, below(place === 'the query' ? '' : place, name));
  const fault = checkRoute(text);
  if (fault) {
    fail(name === 'prefix' ? 'INVALID_PREFIX' : 'INVALID_ROUTE', `the ${name} "${text}": ${fault.message}`);
  }
  return { route: text, subtree: route === undefined };
}

function scanOf(choice: RouteChoice, versions: Scan['versions'], context: LowerContext): Relation {
  const name = { kind: 'RouteName', path: choice.route, subtree: choice.subtree, span: nowhere } as const;
  return lowerSource(
    name,
    { rows: 'all', clauses: versions === 'history' ? { history: true } : {} },
    context,
  );
}

function lowerJsonSource(query: JsonObject, context: LowerContext): Relation {
  const latest = given(query, 'latest');
  const history = latest !== undefined && !readBoolean(latest, 'latest');
  return scanOf(readRoute(query, 'the query'), history ? 'history' : 'current', context);
}

function lowerJsonJoin(left: Relation, query: JsonObject, context: LowerContext): Relation {
  const value = given(query, 'join');
  if (value === undefined) return left;
  const join = readObject(value, 'join');
  checkMembers(join, ['route', 'prefix', 'on', 'select', 'kind'], 'join', 'member');
  const on = readArray(given(join, 'on') ?? null, 'join.on');
  const [l, r] = on;
  if (on.length !== 2 || l === undefined || r === undefined)
    failValue('join.on', on, 'two fields, left and right,');
  const kind = readText(given(join, 'kind') ?? 'left', 'join.kind');
  if (kind !== 'left' && kind !== 'inner') failName('join.kind', kind, ['left', 'inner'], 'join');
  const select = given(join, 'select');
  return {
    kind: 'Join',
    join: kind,
    left,
    right: scanOf(readRoute(join, 'join'), 'current', context),
    on: [
      {
        left: lowerJsonField(l, scopeOf(left, context.catalog), 'join.on[0]'),
        right: resolveJoined(readField(r, 'join.on[1]')),
      },
    ],
    ...(select !== undefined && { select: readFields(select, 'join.select').map((f) => f.path) }),
    span: nowhere,
  };
}

const functions: ReadonlyMap<string, AggregateFunction> = new Map([
  ['$sum', 'sum'],
  ['$avg', 'avg'],
  ['$min', 'min'],
  ['$max', 'max'],
  ['$count', 'count'],
  ['$first', 'first'],
  ['$last', 'last'],
  ['$distinct', 'distinct'],
]);

function lowerJsonGroup(input: Relation, query: JsonObject, context: LowerContext): Relation {
  const by = given(query, 'group_by');
  const compute = given(query, 'compute');
  if (by === undefined && compute === undefined) return input;
  const group = by === undefined ? undefined : readFields(by, 'group_by');
  const aggregates = compute === undefined ? [] : readAggregates(readObject(compute, 'compute'));
  if (aggregates.length + (group?.length ?? 0) === 0)
    failValue('compute', compute ?? null, 'at least one aggregate');
  return lowerGroup(input, scopeOf(input, context.catalog), group, aggregates, nowhere);
}

/** One field, or a list of fields. */
function readFields(value: Json, place: JsonPlace): readonly FieldName[] {
  if (typeof value === 'string') return [readField(value, place)];
  return readArray(value, place).map((item, i) => readField(item, below(place, i)));
}

function readAggregates(compute: JsonObject): readonly Aggregate[] {
  return Object.entries(compute).map(([alias, value]) => {
    const place = below('compute', alias);
    const call = Object.entries(readObject(value, place));
    const [operator, operand] = call[0] ?? [];
    if (call.length !== 1 || operator === undefined || operand === undefined) {
      failValue(place, value, 'one aggregate such as {"$sum": "payload.amount"}');
    }
    const fn = functions.get(operator);
    if (fn === undefined) failName(place, operator, [...functions.keys()], 'aggregate');
    const at = below(place, operator);
    if (fn === 'count' && operand !== true) failValue(at, operand, 'true');
    return {
      kind: 'Aggregate',
      function: fn,
      ...(fn !== 'count' && { field: readField(operand, at) }),
      alias: { kind: 'Name', text: alias, span: nowhere },
      span: nowhere,
    };
  });
}

function lowerJsonSort(input: Relation, query: JsonObject, context: LowerContext): Relation {
  const value = given(query, 'sort');
  if (value === undefined) return input;
  const scope = scopeOf(input, context.catalog);
  const keys = readSortKeys(value).map(({ field, descending, place }) => ({
    expression: lowerJsonField(field, scope, place),
    descending,
  }));
  return keys.length === 0 ? input : { kind: 'Sort', input, keys, span: nowhere };
}

interface JsonSortKey {
  readonly field: string;
  readonly descending: boolean;
  readonly place: JsonPlace;
}

/** `{"field": -1}` or `[["field", "desc"]]`; a list of names sorts upwards. */
function readSortKeys(value: Json): readonly JsonSortKey[] {
  if (typeof value === 'string') return [{ field: value, descending: false, place: 'sort' }];
  if (!Array.isArray(value)) {
    return Object.entries(readObject(value, 'sort')).map(([field, direction]) => {
      const place = below('sort', field);
      return { field, descending: readDirection(direction, place), place };
    });
  }
  return readArray(value, 'sort').map((item, i) => {
    const place = below('sort', i);
    if (typeof item === 'string') return { field: item, descending: false, place };
    const [field, direction] = readArray(item, place);
    return {
      field: readText(field ?? null, place),
      descending: direction !== undefined && readDirection(direction, place),
      place,
    };
  });
}

function readDirection(value: Json, place: JsonPlace): boolean {
  if (value === 1 || value === 'asc') return false;
  if (value === -1 || value === 'desc') return true;
  failValue(place, value, '1, -1, "asc" or "desc"');
}

function lowerJsonPage(input: Relation, query: JsonObject): Relation {
  const limit = given(query, 'limit');
  const skip = given(query, 'skip');
  const after = given(query, 'after');
  if (limit === undefined && skip === undefined && after === undefined) return input;
  return {
    kind: 'Slice',
    input,
    offset: skip === undefined ? 0 : checkNumber(skip, 'count', 'skip', nowhere),
    ...(limit !== undefined && { limit: checkNumber(limit, 'count', 'limit', nowhere) }),
    single: false,
    paged: true,
    ...(after !== undefined && { after: checkText(after, 'cursor', 'after', nowhere) }),
    span: nowhere,
  };
}

/** `select` gives flat rows, as `then pick` does; `*` stands for everything. */
function lowerJsonSelect(input: Relation, query: JsonObject, context: LowerContext): Relation {
  const value = given(query, 'select');
  if (value === undefined) return input;
  const items = (typeof value === 'string' ? [value] : readArray(value, 'select')).map((item, i) =>
    item === '*' ? ('*' as const) : readField(item, below('select', i)),
  );
  if (items.length === 0) failValue('select', value, 'at least one field');
  const pipe = {
    kind: 'PickPipe',
    items: items.map((item) => ({
      kind: 'PickItem' as const,
      value: item,
      ...(item !== '*' && { alias: columnName(item) }),
      span: nowhere,
    })),
    span: nowhere,
  } as const;
  return lowerPick(input, pipe, context);
}
