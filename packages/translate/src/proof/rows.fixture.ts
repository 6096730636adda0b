import type { Json, JsonObject } from '@drops/ir';
import type { NaiveDrop } from './naive-evaluator.fixture.js';

/** The types that export gives columns. */
export type ColumnType = 'text' | 'integer' | 'double' | 'boolean' | 'json';
export interface NaiveTable {
  readonly route: string;
  readonly columns: Readonly<Record<string, ColumnType>>;
  readonly drops: readonly NaiveDrop[];
}

const hostile = `O'Brien \\ "quoted" \`tick\` %_! -- ; 𝒳 ｚ \t\n\u0001`;

function table(
  route: string,
  columns: NaiveTable['columns'],
  payloads: Readonly<Record<string, JsonObject>>,
): NaiveTable {
  const drops = Object.entries(payloads).map(([key, payload], i) => ({
    route,
    key,
    created_at: new Date(Date.UTC(2026, 0, 1 + Math.floor(i / 2), 0, 0, 0, i % 2)).toISOString(),
    payload,
  }));
  return { route, columns, drops };
}

const address = (city: Json, zip: Json = null): JsonObject => ({
  city,
  zip,
  geo: { lat: 1.5, tags: ['a', 'b'] },
});

/** Nulls, mixed case, unicode, quotes, numbers, booleans, and JSON of mixed types. */
export const users = table(
  'app/users',
  {
    name: 'text',
    role: 'text',
    age: 'integer',
    score: 'double',
    vip: 'boolean',
    address: 'json',
    tags: 'json',
    'odd "`name': 'text',
    order: 'integer',
  },
  {
    ada: {
      name: 'Ada',
      role: 'admin',
      age: 36,
      score: 1.5,
      vip: true,
      address: address('Oslo', 10),
      tags: ['x', 1, true],
      'odd "`name': 'here',
      order: 3,
    },
    bob: {
      name: 'bob',
      role: 'Admin',
      age: 41,
      score: -2.5,
      vip: false,
      address: address('oslo', '10'),
      tags: [],
      order: 1,
    },
    cleo: {
      name: 'Cleo',
      role: null,
      age: null,
      score: 0.1,
      vip: null,
      address: address(10, true),
      tags: ['x y', 2.5],
    },
    dora: {
      name: '',
      role: 'user',
      age: 0,
      score: 2.5,
      address: address(null),
      tags: [['x'], 'z'],
      order: 2,
    },
    emil: { name: '50%_off', role: 'user', age: -7, score: 1e21, vip: true, tags: null },
    finn: {
      name: 'ＦINN 𝒳',
      role: 'user',
      age: 41,
      score: 0.3,
      vip: false,
      address: { city: ['Oslo'], zip: 9 },
    },
    gus: {
      name: hostile,
      role: 'guest',
      age: 41,
      vip: true,
      address: { city: 'true' },
      tags: ['10', 10, 'x'],
    },
    hal: { name: 'back\\slash', role: 'null', age: 100, score: 41, address: {} },
    ida: {},
    jo: {
      name: '  jo ',
      role: 'admin',
      age: 36,
      score: -0.5,
      vip: true,
      address: { city: 'true', zip: true },
    },
  },
);

export const orders = table(
  'orders',
  {
    user: 'text',
    amount: 'double',
    qty: 'integer',
    city: 'text',
    paid: 'boolean',
    item: 'json',
    memo: 'text',
  },
  {
    o1: {
      user: 'ada',
      amount: 10.5,
      qty: 3,
      city: 'Oslo',
      paid: true,
      item: { price: 3, sku: 'A' },
      memo: 'first',
    },
    o2: { user: 'ada', amount: 20, qty: 1, city: 'Oslo', paid: false, item: { price: 'free', sku: 'b' } },
    o3: { user: 'bob', amount: null, qty: 0, city: 'Bergen', paid: true, item: { price: null } },
    o4: { user: 'nobody', amount: 5, qty: 7, city: null, item: { price: true, sku: 'A' }, memo: hostile },
    o5: { user: null, amount: -3.25, qty: -7, paid: false, item: {} },
    o6: { user: 'finn', amount: 0.1, qty: 2, city: 'oslo', paid: null, item: { price: 0.5, sku: 'é' } },
    o7: { user: 'ada', amount: 0.2, qty: null, city: 'Oslo', item: { price: -1, sku: null } },
  },
);

export const tables: readonly NaiveTable[] = [users, orders];
export const everyDrop: readonly NaiveDrop[] = tables.flatMap((t) => t.drops);
