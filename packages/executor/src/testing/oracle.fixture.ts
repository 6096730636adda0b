import {
  compareForSort,
  compareValues,
  equalValues,
  isArray,
  isObject,
  valueAt,
  type AggregateColumn,
  type Expression,
  type Field,
  type Json,
  type JsonObject,
  type Relation,
  type StoredDrop,
} from '@drops/ir';

/** The meaning of a relation in the plainest way: whole arrays, no plan, none of the executor's code. */
interface OracleRow {
  readonly drop?: StoredDrop;
  readonly columns?: JsonObject;
  readonly right?: StoredDrop;
  /** created_at, key, tx: what breaks ties. */
  readonly tie: readonly Json[];
}
export type Drops = (route: string) => readonly StoredDrop[];
type Value = Json | undefined;

const missing = (value: Value): value is null | undefined => value === null || value === undefined;

function inPayload(drop: StoredDrop, field: Field): Value {
  if (isObject(drop.payload)) return valueAt(drop.payload, field.path);
  return field.path[0] === 'payload' ? valueAt(drop.payload, field.path.slice(1)) : undefined;
}

function systemColumn(drop: StoredDrop, name: string): Value {
  if (name === 'key') return drop.key;
  return name === 'created_at' ? drop.created_at : name === 'route' ? drop.route : undefined;
}

function recordValue(right: StoredDrop | undefined, field: Field): Value {
  if (!right) return undefined;
  return field.path[0] === 'key' ? right.key : inPayload(right, field);
}

function fieldValue(field: Field, row: OracleRow): Value {
  if (field.scope === 'column') return valueAt(row.columns, field.path);
  if (field.scope === 'joined') return recordValue(row.right, field);
  if (!row.drop) throw new Error('a drop was expected');
  if (field.scope === 'system') return systemColumn(row.drop, String(field.path[0]));
  const own = inPayload(row.drop, field);
  return own === undefined && field.scope === 'either' ? recordValue(row.right, field) : own;
}

function arithmetic(op: string, left: Value, right: Value): Value {
  if (typeof left !== 'number' || typeof right !== 'number') return null;
  const result = {
    '+': left + right,
    '-': left - right,
    '*': left * right,
    '/': left / right,
    '%': left % right,
  }[op];
  return result === undefined || !Number.isFinite(result) ? null : result + 0;
}

function comparison(op: string, left: Value, right: Value): boolean {
  if (missing(left) || missing(right)) return false;
  if (op === '=') return equalValues(left, right);
  if (op === '!=') return !equalValues(left, right);
  const kind = (v: Json) => (isArray(v) ? 'array' : typeof v);
  if (kind(left) !== kind(right)) return false;
  const order = compareValues(left, right);
  return { '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[op] ?? false;
}

function membership(value: Value, list: readonly Value[], negated: boolean): boolean {
  if (!negated)
    return list.some((item) =>
      missing(item) ? missing(value) : !missing(value) && equalValues(item, value),
    );
  return !missing(value) && list.every((item) => missing(item) || !equalValues(item, value));
}

function isDay(text: string): boolean {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

const textFunctions: { readonly [name: string]: (text: string) => Json } = {
  lower: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
  trim: (text) => text.trim(),
  date: (text) => (isDay(text.slice(0, 10)) && !Number.isNaN(Date.parse(text)) ? text.slice(0, 10) : null),
};

function evaluate(e: Expression, row: OracleRow, drops: Drops): Value {
  const value = (x: Expression) => evaluate(x, row, drops);
  switch (e.kind) {
    case 'Field':
      return fieldValue(e, row);
    case 'Lit':
      return e.value;
    case 'Cmp':
      return comparison(e.op, value(e.left), value(e.right));
    case 'In': {
      const list = value(e.list);
      return membership(value(e.operand), isArray(list) ? list : [], e.negated);
    }
    case 'InQuery': {
      const answers = evaluateRelation(e.query, drops).map((r) => Object.values(r.columns ?? {})[0]);
      return membership(value(e.operand), answers, e.negated);
    }
    case 'Exists':
      return missing(value(e.operand)) === e.negated;
    case 'And':
      return e.terms.every((t) => value(t) === true);
    case 'Or':
      return e.terms.some((t) => value(t) === true);
    case 'Not':
      return value(e.term) !== true;
    case 'Arith':
      return arithmetic(e.op, value(e.left), value(e.right));
    case 'Like': {
      const [left, right] = [value(e.left), value(e.right)];
      if (typeof left === 'string' && typeof right === 'string') {
        return {
          contains: left.includes(right),
          prefix: left.startsWith(right),
          suffix: left.endsWith(right),
        }[e.match];
      }
      return e.match === 'contains' && isArray(left) && left.some((item) => equalValues(item, right));
    }
    case 'Fn': {
      const args = e.args.map(value);
      const [of] = args;
      if (e.name === 'coalesce') return args.find((one) => !missing(one)) ?? null;
      const ofText = textFunctions[e.name];
      if (ofText) return typeof of === 'string' ? ofText(of) : null;
      if (e.name === 'round')
        return typeof of === 'number' ? Math.sign(of) * Math.round(Math.abs(of)) + 0 : null;
      if (e.name === 'len') return typeof of === 'string' ? [...of].length : isArray(of) ? of.length : null;
      const made = { abs: Math.abs, floor: Math.floor, ceil: Math.ceil };
      if (e.name !== 'abs' && e.name !== 'floor' && e.name !== 'ceil')
        throw new Error(`the oracle does not know ${e.name}`);
      return typeof of === 'number' ? made[e.name](of) + 0 : null;
    }
    default:
      throw new Error(`the oracle does not know ${e.kind}`);
  }
}

function tieOf(drop: StoredDrop): readonly Json[] {
  return [drop.created_at, drop.key, drop.tx];
}

function compareTies(a: readonly Json[], b: readonly Json[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i += 1) {
    const order = compareForSort(a[i], b[i], false);
    if (order !== 0) return order;
  }
  return 0;
}

function starOf(row: OracleRow): JsonObject {
  if (!row.drop) return { ...row.columns };
  const own = isObject(row.drop.payload) ? row.drop.payload : { payload: row.drop.payload };
  return { ...own, key: row.drop.key };
}

function aggregateOf(a: AggregateColumn, rows: readonly OracleRow[], drops: Drops): Json {
  const ordered = rows.toSorted((x, y) => compareTies(x.tie, y.tie));
  const valuesOf = (of: readonly OracleRow[]): readonly Json[] =>
    of.flatMap((row) => {
      const value = a.argument && evaluate(a.argument, row, drops);
      return missing(value) ? [] : [value];
    });
  const values = valuesOf(ordered);
  // Fractions are added in the order of the rows.
  const numbers = valuesOf(rows).filter((v) => typeof v === 'number');
  const sum = numbers.reduce((x, y) => x + y, 0);
  const sorted = values.toSorted(compareValues);
  switch (a.fn) {
    case 'count':
      return rows.length;
    case 'sum':
      return sum;
    case 'avg':
      return numbers.length === 0 ? null : sum / numbers.length;
    case 'min':
      return sorted[0] ?? null;
    case 'max':
      return sorted.at(-1) ?? null;
    case 'first':
      return values[0] ?? null;
    case 'last':
      return values.at(-1) ?? null;
    case 'distinct':
      return sorted.filter((v, i) => i === 0 || !equalValues(v, sorted[i - 1]));
  }
}

function groups(relation: Extract<Relation, { kind: 'Group' }>, drops: Drops): readonly OracleRow[] {
  const rows = evaluateRelation(relation.input, drops);
  const found: { values: readonly Json[]; rows: OracleRow[] }[] = [];
  if (relation.by === null) found.push({ values: [], rows: [...rows] });
  for (const row of relation.by === null ? [] : rows) {
    const values = (relation.by ?? []).map((c) => evaluate(c.expression, row, drops) ?? null);
    const same = found.find((g) => g.values.every((v, i) => equalValues(v, values[i])));
    if (same) same.rows.push(row);
    else found.push({ values, rows: [row] });
  }
  return found
    .sort((a, b) => compareTies(a.values, b.values))
    .map((g) => ({
      tie: g.values,
      columns: Object.fromEntries([
        ...(relation.by ?? []).map((c, i): [string, Json] => [c.as, g.values[i] ?? null]),
        ...relation.aggregates.map((a): [string, Json] => [a.as, aggregateOf(a, g.rows, drops)]),
      ]),
    }));
}

function joined(relation: Extract<Relation, { kind: 'Join' }>, drops: Drops): readonly OracleRow[] {
  const rights = evaluateRelation(relation.right, drops);
  return evaluateRelation(relation.left, drops).flatMap((row) => {
    const matches = rights.filter((r) =>
      relation.on.every((on) =>
        comparison('=', evaluate(on.left, row, drops), recordValue(r.drop, on.right)),
      ),
    );
    if (matches.length === 0) return relation.join === 'left' ? [row] : [];
    return matches.map((m) => ({
      ...row,
      ...(m.drop && { right: m.drop, tie: [...row.tie, ...naturalTie(m.drop)] }),
    }));
  });
}

const naturalTie = (drop: StoredDrop): readonly Json[] => (drop.key === null ? [1, drop.tx] : [0, drop.key]);

/** The rows of a relation without paging, history or the past. */
export function evaluateRelation(relation: Relation, drops: Drops): readonly OracleRow[] {
  switch (relation.kind) {
    case 'Scan':
      return drops(relation.route)
        .filter((drop) => relation.rows === 'all' || drop.key !== null)
        .map((drop) => ({ drop, tie: tieOf(drop) }));
    case 'Filter':
      return evaluateRelation(relation.input, drops).filter(
        (row) => evaluate(relation.predicate, row, drops) === true,
      );
    case 'Project':
      return evaluateRelation(relation.input, drops).map((row) => ({
        tie: row.tie,
        columns: {
          ...(relation.star && starOf(row)),
          ...Object.fromEntries(
            relation.items.map((i) => [i.as, evaluate(i.expression, row, drops) ?? null]),
          ),
        },
      }));
    case 'Sort': {
      const { keys } = relation;
      const rows = evaluateRelation(relation.input, drops);
      return rows.toSorted((a, b) => {
        for (const k of keys) {
          const order = compareForSort(
            evaluate(k.expression, a, drops),
            evaluate(k.expression, b, drops),
            k.descending,
          );
          if (order !== 0) return order;
        }
        return compareTies(a.tie, b.tie);
      });
    }
    case 'Slice': {
      const offset = Number(relation.offset);
      const end = relation.limit === undefined ? undefined : offset + Number(relation.limit);
      return evaluateRelation(relation.input, drops).slice(offset, end);
    }
    case 'Group':
      return groups(relation, drops);
    case 'Join':
      return joined(relation, drops);
    default:
      throw new Error(`the oracle does not know ${relation.kind}`);
  }
}

/** The rows as a reply shows them. */
export function oracleResults(relation: Relation, drops: Drops): readonly Json[] {
  return evaluateRelation(relation, drops).map((row): Json => {
    if (!row.drop) return row.columns ?? {};
    const shown: JsonObject = { ...row.drop };
    if (!row.right) return shown;
    const { payload, key } = row.right;
    return { ...shown, _joined: { ...(isObject(payload) ? payload : { payload }), key } };
  });
}
