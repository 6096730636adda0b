import type { Json, JsonObject } from '@drops/ir';
import type { AggregateCall, Column, Computed, Condition, Entity, Question, Tables } from './model.js';

export type Random = () => number;

const column = (name: string, type: Column['type'], ...within: readonly string[]): Column => ({
  name,
  type,
  ...(within.length > 0 && { within }),
});

/** The key has another name in each language. */
export const keyColumn: Column = column('key', 'text');

export const columnsOf = {
  orders: [
    column('user', 'text'),
    column('amount', 'number'),
    column('qty', 'number'),
    column('city', 'text'),
    column('paid', 'boolean'),
    column('memo', 'text'),
  ],
  users: [
    column('name', 'text'),
    column('role', 'text'),
    column('age', 'number'),
    column('score', 'number'),
    column('vip', 'boolean'),
  ],
} as const;
const nested: readonly Column[] = [column('item', 'json', 'price'), column('item', 'json', 'sku')];

const texts = [
  '',
  'Oslo',
  'oslo',
  'Bergen',
  'ＦINN 𝒳',
  '50%_off',
  'back\\slash',
  `O'Brien "q" \`t\``,
  'é',
  'e\u0301',
  'zz',
  '10',
  '9',
  'true',
  'null',
  ' a ',
  '--',
  '\u{1F600}',
];
const numbers = [0, 1, -1, 2, 3, 7, 10, -7, 2.5, 0.1, 0.2, -3.25, 41, 100, 1e15, 1e-7];

export const pick = <T>(random: Random, values: readonly T[]): T => {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined) throw new Error('nothing to pick from');
  return value;
};
const chance = (random: Random, share: number): boolean => random() < share;
const several = <T>(random: Random, from: number, to: number, make: () => T): readonly T[] =>
  Array.from({ length: from + Math.floor(random() * (to - from + 1)) }, make);

function valueFor(random: Random, { type, name }: Column): string | number | boolean {
  const kind = type === 'json' ? pick(random, ['text', 'number'] as const) : type;
  if (kind === 'boolean') return chance(random, 0.5);
  if (kind === 'text') return pick(random, name === 'user' ? ['u1', 'u2', 'u3', 'nobody', ...texts] : texts);
  const number = pick(random, numbers);
  return name === 'qty' || name === 'age' ? Math.round(number) : number;
}

function payload(random: Random, columns: readonly Column[]): JsonObject {
  const fields: [string, Json][] = [];
  for (const one of columns) {
    if (chance(random, 0.12)) continue;
    fields.push([one.name, chance(random, 0.08) ? null : valueFor(random, one)]);
  }
  return Object.fromEntries(fields);
}

/** Two tables whose rows refer to each other, with nulls, missing fields and values that break careless quoting. */
export function makeTables(random: Random, rows: number): Tables {
  const users = Array.from({ length: Math.ceil(rows / 4) }, (_, i): Entity => ({
    key: `u${i}`,
    payload: payload(random, columnsOf.users),
  }));
  const orders = Array.from({ length: rows }, (_, i): Entity => {
    const item: JsonObject = {
      price: pick(random, [3, 'free', null, true, -1, 0.5]),
      sku: pick(random, ['A', 'b', null, 'é', 1]),
    };
    const own = payload(random, columnsOf.orders);
    const user = `u${Math.floor(random() * users.length * 1.3)}`;
    const refers = chance(random, 0.7);
    const withItem = chance(random, 0.8);
    return {
      key: `o${String(i).padStart(3, '0')}`,
      payload: { ...own, ...(refers && { user }), ...(withItem && { item }) },
    };
  });
  // Every column has a value somewhere, so that its type is known to whoever is given the rows.
  const full = (key: string, columns: readonly Column[]): Entity => ({
    key,
    payload: Object.fromEntries(
      columns.map((one) => [
        one.name,
        one.type === 'text'
          ? 'full'
          : one.type === 'boolean'
            ? true
            : one.name === 'qty' || one.name === 'age'
              ? 5
              : 5.5,
      ]),
    ),
  });
  return {
    users: [...users, full('ufull', columnsOf.users)],
    orders: [
      ...orders,
      {
        ...full('ofull', columnsOf.orders),
        payload: { ...full('ofull', columnsOf.orders).payload, item: { price: 1, sku: 'x' } },
      },
    ],
  };
}

/** A number made of columns, of which those of a join may stand on either side; nothing where no column fits. */
function computed(random: Random, columns: readonly Column[]): Computed | undefined {
  const numeric = columns.filter(({ type, within }) => type === 'number' && !within);
  const texts = columns.filter(({ type, name }) => type === 'text' && name !== keyColumn.name);
  const kind = random();
  if (kind < 0.15 && texts.length > 0) return { kind: 'call', name: 'len', column: pick(random, texts) };
  if (numeric.length === 0) return undefined;
  const column = pick(random, numeric);
  if (kind < 0.35)
    return { kind: 'call', name: pick(random, ['abs', 'floor', 'ceil', 'round'] as const), column };
  if (kind < 0.5) return { kind: 'coalesce', column, other: pick(random, [0, 2, -1.5]) };
  const op = pick(random, ['+', '-', '*', '/'] as const);
  const by = chance(random, 0.4) ? pick(random, numeric) : pick(random, [2, 3, 0.5, 10, -1]);
  return { kind: 'arithmetic', op, column, by };
}

function leaf(random: Random, columns: readonly Column[]): Condition {
  const of = chance(random, 0.15) ? computed(random, columns) : undefined;
  if (of) {
    const op = pick(random, ['=', '!=', '<', '<=', '>', '>='] as const);
    return { kind: 'compare computed', of, op, value: pick(random, [0, 1, 2, 3, 4, 9, -1, 2.5, 0.5]) };
  }
  const chosen = pick(random, columns);
  const kind = random();
  if (kind < 0.12) return { kind: 'exists', column: chosen, negated: chance(random, 0.5) };
  if (kind < 0.3 && chosen.type === 'text') {
    return {
      kind: 'like',
      column: chosen,
      match: pick(random, ['prefix', 'suffix', 'contains'] as const),
      text: pick(
        random,
        texts.filter((t) => t !== ''),
      ).slice(0, 3),
    };
  }
  if (kind < 0.45 && (chosen.type === 'text' || chosen.type === 'number')) {
    const values = several(random, 1, 4, () => valueFor(random, chosen)).flatMap((v) =>
      typeof v === 'boolean' ? [] : [v],
    );
    return { kind: 'in', column: chosen, values, negated: chance(random, 0.4) };
  }
  const ops =
    chosen.type === 'boolean' ? (['=', '!='] as const) : (['=', '!=', '<', '<=', '>', '>='] as const);
  return { kind: 'compare', column: chosen, op: pick(random, ops), value: valueFor(random, chosen) };
}

/** Values of one column out of another question; never nothing, for which SQL has an answer of its own. */
function subQuery(random: Random, chosen: Column): Condition {
  const route = pick(random, ['orders', 'users'] as const);
  const own: readonly Column[] = columnsOf[route];
  const picked = pick(
    random,
    [...own, ...(chosen.type === 'text' ? [keyColumn] : [])].filter(({ type }) => type === chosen.type),
  );
  const exists = { kind: 'exists', column: picked, negated: false } as const;
  const where: Condition = { kind: 'and', terms: [exists, leaf(random, [...own, keyColumn])] };
  return {
    kind: 'in query',
    column: chosen,
    query: { route, pick: picked, where },
    negated: chance(random, 0.4),
  };
}

function condition(
  random: Random,
  columns: readonly Column[],
  depth: number,
  around?: 'and' | 'or',
): Condition {
  const kind = random();
  if (depth === 2 && kind < 0.06) {
    return subQuery(
      random,
      pick(
        random,
        columns.filter(({ type }) => type === 'text' || type === 'number'),
      ),
    );
  }
  if (depth === 0 || kind < 0.5) return leaf(random, columns);
  if (kind < 0.62) return { kind: 'not', term: condition(random, columns, depth - 1) };
  const own = around === 'and' ? 'or' : around === 'or' ? 'and' : pick(random, ['and', 'or'] as const);
  return { kind: own, terms: several(random, 2, 3, () => condition(random, columns, depth - 1, own)) };
}

function unique(columns: readonly Column[]): readonly Column[] {
  return columns.filter((one, i) => columns.findIndex(({ name }) => name === one.name) === i);
}

function aggregates(random: Random, columns: readonly Column[]): readonly AggregateCall[] {
  const calls = several(random, 1, 3, (): AggregateCall => {
    const fn = pick(random, ['count', 'sum', 'avg', 'min', 'max'] as const);
    if (fn === 'count') return { fn, as: 'n' };
    const fitting = columns.filter(
      ({ type }) => type === 'number' || (type === 'text' && (fn === 'min' || fn === 'max')),
    );
    const chosen = pick(random, fitting);
    return { fn, column: chosen, as: `${fn}_${chosen.name}` };
  });
  return calls.filter((call, i) => calls.findIndex(({ as }) => as === call.as) === i);
}

/** A question; one with a limit is sorted to the last row, so that it has one answer. */
export function makeQuestion(random: Random): Question {
  const route = pick(random, ['orders', 'orders', 'users'] as const);
  const join =
    route === 'orders' && chance(random, 0.3) ? pick(random, ['left', 'inner'] as const) : undefined;
  const own: readonly Column[] = columnsOf[route];
  const columns = join ? [...own, ...columnsOf.users] : own;
  const asked = [...columns, keyColumn, ...(route === 'orders' && !join ? nested : [])];
  const where = chance(random, 0.75) ? condition(random, asked, 2) : undefined;
  const base = { route, ...(join && { join }), ...(where && { where }) };
  if (chance(random, 0.35)) {
    const by = unique(several(random, 0, 2, () => pick(random, columns)));
    const calls = aggregates(random, columns);
    const made: readonly Column[] = [
      ...by,
      ...calls.map(({ as, fn, column: of }) =>
        column(as, fn === 'min' || fn === 'max' ? (of?.type ?? 'number') : 'number'),
      ),
    ];
    const having = by.length > 0 && chance(random, 0.3) ? leaf(random, made) : undefined;
    const sorted = by.length > 0 && chance(random, 0.6);
    const sort = sorted ? by.map((one) => ({ column: one, descending: chance(random, 0.4) })) : [];
    return {
      ...base,
      group: { by, aggregates: calls, ...(having && { having }) },
      pick: [],
      sort,
      ...(sorted && chance(random, 0.4) && { limit: Math.floor(random() * 6) }),
    };
  }
  const picked = unique([keyColumn, ...several(random, 1, 3, () => pick(random, columns))]);
  const sorted = chance(random, 0.6);
  const free = unique(several(random, 1, 2, () => pick(random, columns)));
  const sort = sorted
    ? [...free, keyColumn].map((one) => ({
        column: one,
        descending: one !== keyColumn && chance(random, 0.4),
      }))
    : [];
  return {
    ...base,
    group: null,
    pick: picked,
    sort,
    ...(sorted && chance(random, 0.5) && { limit: Math.floor(random() * 12) }),
    ...(sorted && chance(random, 0.2) && { offset: 1 + Math.floor(random() * 5) }),
  };
}
