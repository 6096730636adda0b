import type { Json, JsonObject } from '@drops/ir';
import {
  answerColumns,
  type Column,
  type Computed,
  type Condition,
  type Question,
  type SubQuery,
} from './model.js';

/* One question in each syntax that can say it. */

const text = (value: Json): string => JSON.stringify(value);
const path = ({ name, within = [] }: Column): string => [name, ...within].join('.');

function dropsComputed(of: Computed): string {
  switch (of.kind) {
    case 'arithmetic':
      return `${path(of.column)} ${of.op} ${typeof of.by === 'number' ? text(of.by) : path(of.by)}`;
    case 'call':
      return `${of.name}(${path(of.column)})`;
    case 'coalesce':
      return `coalesce(${path(of.column)}, ${text(of.other)})`;
  }
}

function dropsCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'compare':
      return `${path(condition.column)} ${condition.op} ${text(condition.value)}`;
    case 'compare computed':
      return `${dropsComputed(condition.of)} ${condition.op} ${text(condition.value)}`;
    case 'in':
      return `${path(condition.column)} ${condition.negated ? 'not in' : 'in'} (${condition.values.map(text).join(', ')})`;
    case 'like': {
      const word = { prefix: 'starts with', suffix: 'ends with', contains: 'contains' }[condition.match];
      return `${path(condition.column)} ${word} ${text(condition.text)}`;
    }
    case 'exists':
      return `${path(condition.column)} ${condition.negated ? 'not exists' : 'exists'}`;
    case 'in query': {
      const { route, pick, where } = condition.query;
      const query = `find ${route} where ${dropsCondition(where)} then pick ${path(pick)}`;
      return `${path(condition.column)} ${condition.negated ? 'not in' : 'in'} (${query})`;
    }
    case 'and':
    case 'or':
      return `(${condition.terms.map(dropsCondition).join(` ${condition.kind} `)})`;
    case 'not':
      return `not (${dropsCondition(condition.term)})`;
  }
}

const sortText = (question: Question): string =>
  question.sort.map(({ column, descending }) => `${path(column)}${descending ? ' desc' : ''}`).join(', ');

/** The question in Drops. */
export function toDrops(question: Question): string {
  const { route, join, where, group, pick, sort, limit, offset } = question;
  const parts = [`find ${route}`];
  if (join) parts.push(`${join === 'inner' ? 'inner ' : ''}join users on user = key`);
  if (where) parts.push(`where ${dropsCondition(where)}`);
  if (group) {
    if (group.by.length > 0) parts.push(`group ${group.by.map(path).join(', ')}`);
    for (const { fn, column, as } of group.aggregates) {
      parts.push(column ? `${fn} ${path(column)} as ${as}` : `${fn} as ${as}`);
    }
    if (group.having) parts.push(`having ${dropsCondition(group.having)}`);
  }
  if (sort.length > 0) parts.push(`sort ${sortText(question)}`);
  if (limit !== undefined) parts.push(`limit ${limit}`);
  if (offset !== undefined) parts.push(`skip ${offset}`);
  if (!group) parts.push(`then pick ${pick.map(path).join(', ')}`);
  return parts.join(' ');
}

const jsonName = (column: Column): string => (column.name === 'key' ? 'key' : `payload.${path(column)}`);
const jsonOperators = {
  '=': '$eq',
  '!=': '$ne',
  '<': '$lt',
  '<=': '$lte',
  '>': '$gt',
  '>=': '$gte',
} as const;

/** The filter of a JSON query; undefined for what has no operator there. */
function jsonFilter(condition: Condition): JsonObject | undefined {
  switch (condition.kind) {
    case 'compare':
      return { [jsonName(condition.column)]: { [jsonOperators[condition.op]]: condition.value } };
    case 'in':
      return { [jsonName(condition.column)]: { [condition.negated ? '$nin' : '$in']: condition.values } };
    case 'like': {
      const name = { prefix: '$startsWith', suffix: '$endsWith', contains: '$contains' }[condition.match];
      return { [jsonName(condition.column)]: { [name]: condition.text } };
    }
    case 'exists':
      return { [jsonName(condition.column)]: { $exists: !condition.negated } };
    case 'and':
    case 'or':
      return all(condition.terms, (terms) => ({ [`$${condition.kind}`]: terms }));
    case 'not':
      return all([condition.term], ([term]) => ({ $not: term ?? {} }));
    case 'compare computed':
    case 'in query':
      return undefined;
  }
}

function all(
  conditions: readonly Condition[],
  make: (filters: readonly JsonObject[]) => JsonObject,
): JsonObject | undefined {
  const filters = conditions.map(jsonFilter).filter((filter) => filter !== undefined);
  return filters.length === conditions.length ? make(filters) : undefined;
}

/** The question as the body of POST /query; undefined for what that cannot say. */
export function toJson(question: Question): JsonObject | undefined {
  const { route, join, where, group, pick, sort, limit, offset } = question;
  // A condition on groups has no place in it; and of joined rows it names the left payload, where the others mean either.
  if (group?.having || join) return undefined;
  const filter = where && jsonFilter(where);
  if (where && !filter) return undefined;
  return {
    route,
    ...(filter && { filter }),
    ...(group && {
      ...(group.by.length > 0 && { group_by: group.by.map(jsonName) }),
      compute: Object.fromEntries(
        group.aggregates.map(({ fn, column, as }) => [as, { [`$${fn}`]: column ? jsonName(column) : true }]),
      ),
    }),
    ...(sort.length > 0 && {
      sort: sort.map(({ column, descending }) => [jsonName(column), descending ? 'desc' : 'asc']),
    }),
    ...(limit !== undefined && { limit }),
    ...(offset !== undefined && { skip: offset }),
    ...(!group && { select: pick.map(jsonName) }),
  };
}

const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const quoteText = (value: string): string => `'${value.replaceAll("'", "''")}'`;
const sqlValue = (value: string | number | boolean): string =>
  typeof value === 'string'
    ? quoteText(value)
    : typeof value === 'boolean'
      ? String(value).toUpperCase()
      : String(value);

function sqlColumn(column: Column, question: Question, grouped: boolean): string {
  const { name, within = [] } = column;
  if (name === 'key') return question.join ? 'o."_key"' : '"_key"';
  const aggregate = grouped ? question.group?.aggregates.find(({ as }) => as === name) : undefined;
  if (aggregate) {
    return aggregate.column ? `${aggregate.fn}(${sqlColumn(aggregate.column, question, false)})` : 'count(*)';
  }
  return [quoteName(name), ...within.map(quoteText)].join('->');
}

function sqlComputed(of: Computed, question: Question, grouped: boolean): string {
  const column = sqlColumn(of.column, question, grouped);
  switch (of.kind) {
    case 'arithmetic':
      return `${column} ${of.op} ${typeof of.by === 'number' ? sqlValue(of.by) : sqlColumn(of.by, question, grouped)}`;
    case 'call':
      return `${of.name === 'len' ? 'length' : of.name}(${column})`;
    case 'coalesce':
      return `coalesce(${column}, ${sqlValue(of.other)})`;
  }
}

function sqlCondition(condition: Condition, question: Question, grouped: boolean): string {
  const inner = (one: Condition) => sqlCondition(one, question, grouped);
  switch (condition.kind) {
    case 'compare':
      return `${sqlColumn(condition.column, question, grouped)} ${condition.op} ${sqlValue(condition.value)}`;
    case 'compare computed':
      return `${sqlComputed(condition.of, question, grouped)} ${condition.op} ${sqlValue(condition.value)}`;
    case 'in':
      return `${sqlColumn(condition.column, question, grouped)} ${condition.negated ? 'NOT IN' : 'IN'} (${condition.values.map(sqlValue).join(', ')})`;
    case 'like': {
      const escaped = condition.text.replace(/[\\%_]/g, '\\$&');
      const before = condition.match === 'prefix' ? '' : '%';
      const after = condition.match === 'suffix' ? '' : '%';
      return `${sqlColumn(condition.column, question, grouped)} LIKE ${quoteText(before + escaped + after)}`;
    }
    case 'exists':
      return `${sqlColumn(condition.column, question, grouped)} IS ${condition.negated ? 'NULL' : 'NOT NULL'}`;
    case 'in query': {
      const column = sqlColumn(condition.column, question, grouped);
      const query = `(${sqlSubQuery(condition.query)})`;
      // To SQL null is outside of no values at all.
      return condition.negated
        ? `(${column} NOT IN ${query} AND ${column} IS NOT NULL)`
        : `${column} IN ${query}`;
    }
    case 'and':
    case 'or':
      return `(${condition.terms.map(inner).join(` ${condition.kind.toUpperCase()} `)})`;
    case 'not':
      return `(${inner(condition.term)}) IS NOT TRUE`;
  }
}

function sqlSubQuery({ route, pick, where }: SubQuery): string {
  const inner: Question = { route, group: null, pick: [pick], sort: [] };
  return `SELECT ${sqlColumn(pick, inner, false)} AS ${quoteName(pick.name)} FROM ${quoteName(route)} WHERE ${sqlCondition(where, inner, false)}`;
}

/** The question as one SELECT of PostgreSQL. */
export function toSql(question: Question): string {
  const { route, join, where, group, pick, sort, limit, offset } = question;
  const named = (column: Column) => sqlColumn(column, question, true);
  const items = group
    ? answerColumns(question).map(({ name, type }) => `${named({ name, type })} AS ${quoteName(name)}`)
    : pick.map((column) => `${named(column)} AS ${quoteName(column.name)}`);
  const parts = [`SELECT ${items.join(', ')} FROM ${quoteName(route)}`];
  if (join) parts[0] += ` o ${join === 'left' ? 'LEFT JOIN' : 'JOIN'} "users" u ON o."user" = u."_key"`;
  if (where) parts.push(`WHERE ${sqlCondition(where, question, false)}`);
  if (group && group.by.length > 0) parts.push(`GROUP BY ${group.by.map(named).join(', ')}`);
  if (group?.having) parts.push(`HAVING ${sqlCondition(group.having, question, true)}`);
  if (sort.length > 0) {
    const keys = sort.map(
      ({ column, descending }) => `${named(column)} ${descending ? 'DESC NULLS LAST' : 'ASC'}`,
    );
    parts.push(`ORDER BY ${keys.join(', ')}`);
  }
  if (limit !== undefined) parts.push(`LIMIT ${limit}`);
  if (offset !== undefined) parts.push(`OFFSET ${offset}`);
  return parts.join(' ');
}
