import {
  pathText,
  setProperty,
  type FacetScan,
  type Group,
  type Join,
  type Json,
  type JsonObject,
  type MutableObject,
  type Project,
  type Relation,
  type Scan,
  type Slice,
  type Sort,
} from '@drops/ir';
import { fieldText } from './json-fields.js';
import { toJsonFilter } from './json-filter.js';

/** The body of a request to one of two endpoints, which differ in the source of rows alone. */
export interface JsonQuery {
  readonly path: '/query' | '/primitives';
  readonly body: JsonObject;
}

/** A part of the body, or undefined where the JSON form cannot say it. */
type Part = JsonObject | undefined;

/**
 * A relation as the JSON query that reads back as the same relation; undefined where there is none.
 * Such a query has one order: source, join, filter, group, sort, page, select.
 */
export function toJsonQuery(relation: Relation): JsonQuery | undefined {
  const select = relation.kind === 'Project' ? relation : undefined;
  const paged = select ? select.input : relation;
  const page = paged.kind === 'Slice' ? paged : undefined;
  const sorted = page ? page.input : paged;
  const sort = sorted.kind === 'Sort' ? sorted : undefined;
  const grouped = sort ? sort.input : sorted;
  const group = grouped.kind === 'Group' ? grouped : undefined;
  const filtered = group ? group.input : grouped;
  const filter = filtered.kind === 'Filter' ? filtered : undefined;
  const rows = filter ? filter.input : filtered;
  const join = rows.kind === 'Join' ? rows : undefined;
  const scan = join ? join.left : rows;
  if (scan.kind !== 'Scan' && scan.kind !== 'FacetScan') return undefined;
  const joined = join !== undefined;
  const body = combine([
    scan.kind === 'Scan' ? scanPart(scan) : facetPart(scan),
    join ? joinPart(join) : {},
    filter ? under('filter', toJsonFilter(filter.predicate, joined)) : {},
    group ? groupPart(group, joined) : {},
    sort ? sortPart(sort, joined) : {},
    page ? pagePart(page) : {},
    select ? selectPart(select, joined) : {},
  ]);
  return body && { path: scan.kind === 'Scan' ? '/query' : '/primitives', body };
}

function combine(parts: readonly Part[]): Part {
  const query: MutableObject = {};
  for (const part of parts) {
    if (!part) return undefined;
    Object.assign(query, part);
  }
  return query;
}

function under(name: string, value: Json | undefined): Part {
  return value === undefined ? undefined : { [name]: value };
}

/** All of them, or undefined when one is missing. */
function texts(of: readonly (string | undefined)[]): readonly string[] | undefined {
  const known = of.filter((t) => t !== undefined);
  return known.length === of.length ? known : undefined;
}

function routeMember(scan: Scan): JsonObject {
  return scan.subtree ? { prefix: scan.route } : { route: scan.route };
}

function scanPart(scan: Scan): Part {
  if (scan.rows !== 'all' || scan.asOf) return undefined;
  return { ...routeMember(scan), ...(scan.versions === 'history' && { latest: false }) };
}

/** A body names each facet once. */
function facetPart({ facets }: FacetScan): Part {
  const part: MutableObject = {};
  for (const { name, predicate } of facets) {
    if (predicate.kind !== 'Lit' || Object.hasOwn(part, name)) return undefined;
    part[name] = predicate.value;
  }
  return part;
}

function joinPart(join: Join): Part {
  const [pair] = join.on;
  const { right } = join;
  if (!pair || join.on.length !== 1 || right.kind !== 'Scan') return undefined;
  if (right.rows !== 'all' || right.asOf || right.versions !== 'current') return undefined;
  const left = fieldText(pair.left, false);
  const remote = fieldText(pair.right, true)?.replace(/^_joined\./, '');
  if (left === undefined || remote === undefined) return undefined;
  const select = join.select?.map((path) => pathText(path));
  return {
    join: {
      ...routeMember(right),
      on: [left, remote === 'key' ? remote : `payload.${remote}`],
      ...(select && { select }),
      ...(join.join === 'inner' && { kind: 'inner' }),
    },
  };
}

function groupPart(group: Group, joined: boolean): Part {
  const by = group.by?.map((column) => {
    const text = fieldText(column.expression, joined);
    return column.expression.kind === 'Field' && pathText(column.expression.path) === column.as
      ? text
      : undefined;
  });
  const fields = texts(by ?? []);
  const compute: MutableObject = {};
  for (const { fn, argument, as } of group.aggregates) {
    const operand = fn === 'count' ? true : argument && fieldText(argument, joined);
    if (operand === undefined) return undefined;
    setProperty(compute, as, { [`$${fn}`]: operand });
  }
  if (!fields) return undefined;
  return {
    ...(group.by && { group_by: fields }),
    ...(group.aggregates.length > 0 && { compute }),
  };
}

function sortPart(sort: Sort, joined: boolean): Part {
  const keys = sort.keys.map((k) => fieldText(k.expression, joined));
  const fields = texts(keys);
  return fields && { sort: fields.map((f, i) => [f, sort.keys[i]?.descending === true ? 'desc' : 'asc']) };
}

function pagePart(page: Slice): Part {
  const { offset, limit, after } = page;
  if (page.single || !page.paged) return undefined;
  if (typeof offset !== 'number' || typeof limit === 'object' || typeof after === 'object') return undefined;
  return {
    ...(limit !== undefined && { limit }),
    ...(offset !== 0 && { skip: offset }),
    ...(after !== undefined && { after }),
  };
}

function selectPart(select: Project, joined: boolean): Part {
  const items = texts(
    select.items.map(({ expression, as }) =>
      expression.kind === 'Field' && pathText(expression.path) === as
        ? fieldText(expression, joined)
        : undefined,
    ),
  );
  if (!items || (items.length === 0 && !select.star)) return undefined;
  return { select: [...(select.star ? ['*'] : []), ...items] };
}
