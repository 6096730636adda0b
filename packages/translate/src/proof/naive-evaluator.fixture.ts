import { assertNever } from '@drops/diagnostics';
import {
  compareForSort,
  compareValues,
  equalValues,
  isArray,
  valueAt,
  type AggregateColumn,
  type Expression,
  type Field,
  type Json,
  type JsonObject,
  type Relation,
} from '@drops/ir';

/** A stored row, as small as the meaning of a query needs. */
export interface NaiveDrop {
  readonly route: string;
  readonly key: string;
  readonly created_at: string;
  readonly payload: JsonObject;
}
type Value = Json | undefined;
type Row =
  | { readonly kind: 'drop'; readonly drop: NaiveDrop; readonly joined?: NaiveDrop | undefined }
  | { readonly kind: 'flat'; readonly columns: ReadonlyMap<string, Value> };

/** Every drop there is, and what a query over them must give: written from the contract, as plainly as possible. */
export function evaluate(drops: readonly NaiveDrop[], relation: Relation): readonly Row[] {
  const go = (r: Relation): readonly Row[] => evaluate(drops, r);
  const value = (row: Row, e: Expression): Value => valueOf(drops, row, e);
  switch (relation.kind) {
    case 'Scan':
      return drops.filter((d) => d.route === relation.route).map((drop) => ({ kind: 'drop', drop }));
    case 'Filter':
      return go(relation.input).filter((row) => value(row, relation.predicate) === true);
    case 'Sort':
      return [...go(relation.input)].sort((a, b) => {
        for (const k of relation.keys) {
          const order = compareForSort(value(a, k.expression), value(b, k.expression), k.descending);
          if (order !== 0) return order;
        }
        return 0;
      });
    case 'Slice': {
      const { offset, limit } = relation;
      if (typeof offset !== 'number' || typeof limit === 'object') throw new Error('a parameter');
      return go(relation.input).slice(offset, limit === undefined ? undefined : offset + limit);
    }
    case 'Project':
      return go(relation.input).map((row) => {
        const columns = new Map<string, Value>(relation.star ? starOf(row) : []);
        for (const item of relation.items) columns.set(item.as, value(row, item.expression));
        return { kind: 'flat', columns };
      });
    case 'Group': {
      const compareGroups = (a: Row | undefined, b: Row | undefined): number => {
        if (!a || !b) return 0;
        const orders = (relation.by ?? []).map((c) =>
          compareForSort(value(a, c.expression), value(b, c.expression), false),
        );
        return orders.find((order) => order !== 0) ?? 0;
      };
      const groups = new Map<string, Row[]>();
      if (relation.by === null) groups.set('', []);
      for (const row of go(relation.input)) {
        const id = JSON.stringify((relation.by ?? []).map((c) => value(row, c.expression) ?? null));
        groups.set(relation.by === null ? '' : id, [
          ...(groups.get(relation.by === null ? '' : id) ?? []),
          row,
        ]);
      }
      const sorted = [...groups.values()].sort((a, b) => compareGroups(a[0], b[0]));
      return sorted.map((rows) => {
        const columns = new Map<string, Value>();
        const [first] = rows;
        for (const c of relation.by ?? []) columns.set(c.as, first ? value(first, c.expression) : null);
        for (const a of relation.aggregates) columns.set(a.as, aggregateOf(a, rows, value));
        return { kind: 'flat', columns };
      });
    }
    case 'Join':
      return go(relation.left).flatMap((row): readonly Row[] => {
        if (row.kind !== 'drop') throw new Error('a join of flat rows');
        const matches = go(relation.right).flatMap((right) => {
          if (right.kind !== 'drop') return [];
          const both: Row = { kind: 'drop', drop: row.drop, joined: right.drop };
          const all = relation.on.every((p) => {
            const l = value(both, p.left);
            return l !== null && l !== undefined && equalValues(l, value(both, p.right));
          });
          return all ? [both] : [];
        });
        return matches.length > 0 || relation.join === 'inner' ? matches : [row];
      });
    case 'Search':
    case 'FacetScan':
      throw new Error(`not here: ${relation.kind}`);
    default:
      return assertNever(relation);
  }
}

function starOf(row: Row): Iterable<readonly [string, Value]> {
  return row.kind === 'flat' ? row.columns : [...Object.entries(row.drop.payload), ['key', row.drop.key]];
}

function fieldOf(row: Row, field: Field): Value {
  const [first, ...rest] = field.path;
  if (row.kind === 'flat') return valueAt(row.columns.get(String(first)), rest);
  const { drop, joined } = row;
  const own = valueAt(drop.payload, field.path);
  const right =
    joined && field.path.length === 1 && first === 'key' ? joined.key : valueAt(joined?.payload, field.path);
  switch (field.scope) {
    case 'system':
      return first === 'key' ? drop.key : first === 'created_at' ? drop.created_at : drop.route;
    case 'joined':
      return right;
    case 'either':
      return own === undefined ? right : own;
    default:
      return own;
  }
}

function valueOf(drops: readonly NaiveDrop[], row: Row, e: Expression): Value {
  const value = (x: Expression): Value => valueOf(drops, row, x);
  const isNull = (v: Value): v is null | undefined => v === null || v === undefined;
  const inList = (operand: Value, list: readonly Value[], negated: boolean): boolean => {
    if (negated) return !isNull(operand) && !list.some((v) => !isNull(v) && equalValues(operand, v));
    return list.some((v) => (isNull(operand) ? isNull(v) : equalValues(operand, v)));
  };
  switch (e.kind) {
    case 'Field':
      return fieldOf(row, e);
    case 'Lit':
      return e.value;
    case 'And':
      return e.terms.every((t) => value(t) === true);
    case 'Or':
      return e.terms.some((t) => value(t) === true);
    case 'Not':
      return value(e.term) !== true;
    case 'Exists':
      return isNull(value(e.operand)) === e.negated;
    case 'Cmp':
      return compare(e.op, value(e.left), value(e.right));
    case 'In':
      return inList(
        value(e.operand),
        e.list.kind === 'Lit' && isArray(e.list.value) ? e.list.value : [],
        e.negated,
      );
    case 'InQuery': {
      const rows = evaluate(drops, e.query);
      const list = rows.map((r) => (r.kind === 'flat' ? [...r.columns.values()][0] : null));
      return inList(value(e.operand), list, e.negated);
    }
    case 'Like': {
      const left = value(e.left);
      const right = value(e.right);
      if (isArray(left)) return e.match === 'contains' && left.some((v) => equalValues(v, right));
      if (typeof left !== 'string' || typeof right !== 'string') return false;
      if (e.match === 'contains') return left.includes(right);
      return e.match === 'prefix' ? left.startsWith(right) : left.endsWith(right);
    }
    case 'Arith':
      return calculate(e.op, value(e.left), value(e.right));
    case 'Fn':
      return call(e.name, e.args.map(value));
    case 'Param':
    case 'List':
    case 'Object':
      throw new Error('a parameter');
    default:
      return assertNever(e);
  }
}

function compare(op: string, a: Value, b: Value): boolean {
  if (a === null || a === undefined || b === null || b === undefined) return false;
  if (op === '=') return equalValues(a, b);
  if (op === '!=') return !equalValues(a, b);
  if (typeof a !== typeof b || isArray(a) !== isArray(b)) return false;
  const order = compareValues(a, b);
  return op === '<' ? order < 0 : op === '<=' ? order <= 0 : op === '>' ? order > 0 : order >= 0;
}

function calculate(op: string, a: Value, b: Value): Value {
  if (typeof a !== 'number' || typeof b !== 'number') return null;
  const result = op === '+' ? a + b : op === '-' ? a - b : op === '*' ? a * b : op === '/' ? a / b : a % b;
  return Number.isFinite(result) ? result : null;
}

function call(name: string, args: readonly Value[]): Value {
  const [a] = args;
  if (name === 'coalesce') return args.find((v) => v !== null && v !== undefined) ?? null;
  if (name === 'concat')
    return args
      .map((v) => (typeof v === 'string' ? v : v === null || v === undefined ? '' : JSON.stringify(v)))
      .join('');
  if (name === 'len') return typeof a === 'string' ? [...a].length : isArray(a) ? a.length : null;
  if (typeof a === 'string') {
    if (name === 'lower') return a.toLowerCase();
    if (name === 'upper') return a.toUpperCase();
    if (name === 'trim') return a.trim();
    if (name === 'date') return a.slice(0, 10);
  }
  if (typeof a === 'number') {
    if (name === 'abs') return Math.abs(a);
    if (name === 'floor') return Math.floor(a);
    if (name === 'ceil') return Math.ceil(a);
    if (name === 'round') return Math.sign(a) * Math.round(Math.abs(a));
  }
  return null;
}

function aggregateOf(
  a: AggregateColumn,
  rows: readonly Row[],
  value: (row: Row, e: Expression) => Value,
): Value {
  const { argument } = a;
  if (!argument) return rows.length;
  const inTime = [...rows].sort((x, y) =>
    x.kind === 'drop' && y.kind === 'drop'
      ? compareValues(x.drop.created_at, y.drop.created_at) || compareValues(x.drop.key, y.drop.key)
      : 0,
  );
  const values = inTime.map((row) => value(row, argument)).filter((v) => v !== null && v !== undefined);
  const numbers = values.filter((v) => typeof v === 'number');
  const sorted = [...values].sort(compareValues);
  switch (a.fn) {
    case 'count':
      return values.length;
    case 'sum':
      return numbers.reduce((s, n) => s + n, 0);
    case 'avg':
      return numbers.length === 0 ? null : numbers.reduce((s, n) => s + n, 0) / numbers.length;
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
    default:
      return assertNever(a.fn);
  }
}
