import { compareForSort, getProperty, isObject, type Json } from '@drops/ir';
import type {
  AggregateCall,
  AnswerRow,
  Column,
  Computed,
  Condition,
  Entity,
  Question,
  SubQuery,
  Tables,
} from './model.js';

/** A row on its way: the entity and the one joined to it. */
interface Row {
  readonly own: Entity;
  readonly joined: Entity | undefined;
}
type Value = Json | undefined;
type Read = (column: Column) => Value;

function step(value: Value, name: string): Value {
  return isObject(value ?? null) && value !== undefined
    ? getProperty(value as { readonly [name: string]: Json }, name)
    : undefined;
}

function fieldOf(row: Row, { name, within = [] }: Column): Value {
  if (name === 'key' && within.length === 0) return row.own.key;
  let value = getProperty(row.own.payload, name);
  if (value === undefined && row.joined) value = getProperty(row.joined.payload, name);
  for (const one of within) value = step(value, one);
  return value;
}

const isNothing = (value: Value): boolean => value === null || value === undefined;

function compares(left: Value, op: string, right: Json): boolean {
  if (isNothing(left)) return false;
  const same = typeof left === typeof right;
  if (op === '=') return left === right;
  if (op === '!=') return left !== right;
  if (!same) return false;
  const order = compareForSort(left, right, false);
  return op === '<' ? order < 0 : op === '<=' ? order <= 0 : op === '>' ? order > 0 : order >= 0;
}

const calls = { abs: Math.abs, floor: Math.floor, ceil: Math.ceil } as const;

/** A number out of columns; of anything but numbers, and of a division by zero, nothing. */
function computed(of: Computed, read: Read): Value {
  const value = read(of.column);
  switch (of.kind) {
    case 'arithmetic': {
      const by = typeof of.by === 'number' ? of.by : read(of.by);
      if (typeof value !== 'number' || typeof by !== 'number') return null;
      const made = { '+': value + by, '-': value - by, '*': value * by, '/': value / by }[of.op];
      return Number.isFinite(made) ? made : null;
    }
    case 'call':
      if (of.name === 'len') return typeof value === 'string' ? [...value].length : null;
      if (typeof value !== 'number') return null;
      // Halves go away from zero.
      if (of.name === 'round') return Math.sign(value) * Math.round(Math.abs(value));
      return calls[of.name](value);
    case 'coalesce':
      return isNothing(value) ? of.other : value;
  }
}

function valuesOf({ route, pick, where }: SubQuery, tables: Tables): readonly Value[] {
  const reads = tables[route].map(
    (own): Read =>
      (column) =>
        fieldOf({ own, joined: undefined }, column),
  );
  return reads.filter((read) => holds(where, read, tables)).map((read) => read(pick));
}

/** Two-valued: what is nothing compares to nothing. */
function holds(condition: Condition, read: Read, tables: Tables): boolean {
  switch (condition.kind) {
    case 'compare':
      return compares(read(condition.column), condition.op, condition.value);
    case 'in': {
      const value = read(condition.column);
      if (isNothing(value)) return false;
      return condition.values.some((one) => one === value) !== condition.negated;
    }
    case 'like': {
      const value = read(condition.column);
      if (typeof value !== 'string') return false;
      const { match, text } = condition;
      return match === 'prefix'
        ? value.startsWith(text)
        : match === 'suffix'
          ? value.endsWith(text)
          : value.includes(text);
    }
    case 'compare computed':
      return compares(computed(condition.of, read), condition.op, condition.value);
    case 'exists':
      return isNothing(read(condition.column)) === condition.negated;
    case 'in query': {
      const value = read(condition.column);
      if (isNothing(value)) return false;
      return valuesOf(condition.query, tables).some((one) => one === value) !== condition.negated;
    }
    case 'and':
      return condition.terms.every((term) => holds(term, read, tables));
    case 'or':
      return condition.terms.some((term) => holds(term, read, tables));
    case 'not':
      return !holds(condition.term, read, tables);
  }
}

function aggregate({ fn, column }: AggregateCall, rows: readonly Row[]): Json {
  if (fn === 'count' || !column) return rows.length;
  const values = rows.map((row) => fieldOf(row, column)).filter((value) => !isNothing(value));
  const sum = values.reduce<number>((total, value) => (typeof value === 'number' ? total + value : total), 0);
  const count = values.filter((value) => typeof value === 'number').length;
  if (fn === 'sum') return sum;
  if (fn === 'avg') return count === 0 ? null : sum / count;
  const sorted = [...values].sort((a, b) => compareForSort(a, b, false));
  return (fn === 'min' ? sorted[0] : sorted.at(-1)) ?? null;
}

function join(question: Question, tables: Tables): readonly Row[] {
  const own = tables[question.route];
  if (!question.join) return own.map((entity) => ({ own: entity, joined: undefined }));
  return own.flatMap((entity): readonly Row[] => {
    const user = entity.payload['user'];
    const joined = tables.users.find(({ key }) => key === user);
    return joined || question.join === 'left' ? [{ own: entity, joined }] : [];
  });
}

function groups(question: Question, rows: readonly Row[], tables: Tables): readonly AnswerRow[] {
  const { group } = question;
  if (!group) return [];
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const key = JSON.stringify(group.by.map((column) => fieldOf(row, column) ?? null));
    found.set(key, [...(found.get(key) ?? []), row]);
  }
  if (group.by.length === 0 && found.size === 0) found.set('[]', []);
  const made = [...found].map(([key, members]): AnswerRow => {
    const values: readonly Json[] = JSON.parse(key);
    return Object.fromEntries([
      ...group.by.map(({ name }, i) => [name, values[i] ?? null] as const),
      ...group.aggregates.map((call) => [call.as, aggregate(call, members)] as const),
    ]);
  });
  const { having } = group;
  return having ? made.filter((row) => holds(having, ({ name }) => row[name], tables)) : made;
}

/** The answer to a question by its plain meaning; in order where it is sorted. */
export function answer(question: Question, tables: Tables): readonly AnswerRow[] {
  const rows = join(question, tables).filter(
    (row) => !question.where || holds(question.where, (column) => fieldOf(row, column), tables),
  );
  const found: readonly { readonly row: AnswerRow; readonly read: Read }[] = question.group
    ? groups(question, rows, tables).map((row) => ({ row, read: ({ name }) => row[name] }))
    : rows.map((row) => ({
        row: Object.fromEntries(question.pick.map((column) => [column.name, fieldOf(row, column) ?? null])),
        read: (column) => fieldOf(row, column),
      }));
  const sorted = [...found].sort((a, b) => {
    for (const { column, descending } of question.sort) {
      const order = compareForSort(a.read(column), b.read(column), descending);
      if (order !== 0) return order;
    }
    return 0;
  });
  const { offset = 0, limit = Infinity } = question;
  return sorted.slice(offset, offset + limit).map(({ row }) => row);
}
