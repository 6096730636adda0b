import { afterAll, describe, expect, it } from 'vitest';
import { answer } from './answer.js';
import { openMariadb, openPostgres, openSqlite, type Database } from './databases.js';
import { runDifferential } from './run-differential.js';

const testAddress = process.env['DROPS_TEST_PG_URL'] ?? 'postgres://postgres@127.0.0.1:5432/test';
const databases: Database[] = [];
for (const [name, open] of [
  ['PostgreSQL', openPostgres],
  ['MariaDB', openMariadb],
  ['SQLite', openSqlite],
] as const) {
  const opened = await open().catch((thrown: unknown) => String(thrown));
  if (typeof opened !== 'string') databases.push(opened);
  describe.skipIf(typeof opened === 'string')(`translations on ${name}`, () => {
    it('can be compared', () => expect(typeof opened).toBe('object'));
  });
}
afterAll(async () => {
  for (const database of databases) await database.close();
});

it('500 random questions have one answer, however they are asked', async () => {
  const { asked, failures, counts } = await runDifferential({
    seed: 20261122,
    questions: 500,
    perTables: 250,
    rows: 30,
    databases,
    // Where PostgreSQL is, one more engine keeps its store there.
    store: databases.some(({ dialect }) => dialect === 'sql') ? testAddress : undefined,
  });
  expect(failures).toEqual([]);
  expect(asked).toBe(500);
  for (const { name } of databases) expect(counts.get(name)?.size).toBeGreaterThan(0);
}, 120_000);

it('a database that leaves a row out is found', async () => {
  const sqlite = await openSqlite();
  const liar: Database = { ...sqlite, run: async (sql) => (await sqlite.run(sql)).slice(1) };
  const { failures } = await runDifferential({
    seed: 1,
    questions: 20,
    perTables: 20,
    rows: 10,
    databases: [liar],
  });
  await sqlite.close();
  expect(failures.length).toBeGreaterThan(0);
  expect(failures[0]?.problems.join()).toContain('SQLite');
});

it('negation holds for what is nothing', () => {
  const amount = { name: 'amount', type: 'number' } as const;
  const tables = {
    users: [],
    orders: [
      { key: 'a', payload: { amount: 1 } },
      { key: 'b', payload: { amount: null } },
    ],
  };
  const where = { kind: 'not', term: { kind: 'compare', column: amount, op: '>', value: 0 } } as const;
  expect(answer({ route: 'orders', group: null, pick: [amount], sort: [], where }, tables)).toEqual([
    { amount: null },
  ]);
});
