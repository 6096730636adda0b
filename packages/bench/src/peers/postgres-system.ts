import { cityOf, userKey, type Data, type User } from '../data.js';
import { argumentsOf, batchRows, chunksOf, scanned, type Setting, type System } from '../system.js';
import {
  orderColumns,
  orderIndexes,
  orderTable,
  queries,
  userColumns,
  userIndexes,
  userTable,
} from './sql.js';

/** One statement with its values; prepared under its text where the client can. */
export type Query = (
  text: string,
  values: readonly unknown[],
) => Promise<{ readonly rows: readonly unknown[] }>;

const types = { text: 'text', real: 'double precision', whole: 'integer' };
const arrays: Readonly<Record<string, string>> = {
  age: 'integer[]',
  placed: 'integer[]',
  score: 'float8[]',
  amount: 'float8[]',
};

/** Batches as arrays, one a column: the quickest way in short of COPY, and one statement however many rows. */
async function insertRows(
  query: Query,
  table: string,
  columns: readonly string[],
  rows: readonly object[],
): Promise<void> {
  const casts = columns.map((column, i) => `$${i + 1}::${arrays[column] ?? 'text[]'}`);
  const text = `INSERT INTO ${table} (${columns.join(', ')}) SELECT * FROM unnest(${casts.join(', ')})`;
  for (const batch of chunksOf(rows, batchRows)) {
    const records = batch.map((row) => new Map(Object.entries(row)));
    await query(
      text,
      columns.map((column) => records.map((record) => record.get(column))),
    );
  }
}

async function loadUsers(query: Query, table: string, users: readonly User[]): Promise<void> {
  await query(userTable(table, types), []);
  for (const index of userIndexes(table)) await query(index, []);
  await insertRows(query, table, userColumns, users);
}

export async function load(query: Query, data: Data): Promise<void> {
  await loadUsers(query, 'users', data.users);
  await query(orderTable(types), []);
  for (const index of orderIndexes) await query(index, []);
  await insertRows(query, 'orders', orderColumns, data.orders);
  await query('CREATE TABLE counters (key text PRIMARY KEY, n bigint)', []);
  await query('ANALYZE', []);
}

/** The operations over PostgreSQL, real or in WebAssembly. `shared` takes many statements at once. */
export function postgresSystem(
  query: Query,
  shared: Query,
  { sizes }: Setting,
): Pick<System, 'operations' | 'plain' | 'bulkLoad'> {
  const of = argumentsOf(sizes);
  const sql = queries((position) => `$${position}`);
  // Decimal averages come as text otherwise.
  const group = sql.group.replace('avg(age)', 'avg(age)::float8').replace('count(*)', 'count(*)::int');
  const joinGrouped = sql.joinGrouped.replace('count(*)', 'count(*)::int');
  let loads = 0;
  return {
    operations: {
      pointGet: (n) => query(sql.pointGet, [userKey(of.user(n))]),
      findPage: (n) => query(sql.findPage, [cityOf(n)]),
      range: (n) => query(sql.range, [of.score(n)]),
      scan: () => query(sql.scan, [scanned.age, scanned.status, of.middleScore]),
      group: () => query(group, []),
      joinGrouped: () => query(joinGrouped, []),
      joinPage: (n) => query(sql.joinPage, [of.placed(n)]),
      increment: (n) => query(sql.increment, [of.counter(n)]),
      incrementTogether: (n) => shared(sql.increment, [of.counter(n)]),
      updateTogether: (n) => shared(sql.update, [of.newScore(n), cityOf(n), userKey(of.user(n))]),
    },
    plain: (answer) => [...(answer as Awaited<ReturnType<Query>>).rows] as Record<string, unknown>[],
    async bulkLoad(users) {
      loads += 1;
      await loadUsers(query, `load${loads}`, users);
    },
  };
}
