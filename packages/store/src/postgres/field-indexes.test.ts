import { indexRecord } from '@drops/ir';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Store } from '../store.js';
import { openPostgresStore } from './open-postgres-store.js';
import { holdTransaction, missingPostgres, newSchema, openAt, runSql } from './test-schema.fixture.js';

const missing = await missingPostgres();
const clock = { now: Date.parse('2026-01-01T00:00:00Z') };

describe.skipIf(missing !== undefined)('indexes of fields in PostgreSQL', () => {
  const place = newSchema();
  let store: Store;
  beforeAll(async () => {
    store = await openAt(place, clock);
  });
  afterAll(async () => {
    await store?.close();
    await place.remove();
  });

  const define = (key: string, route: string, ...fields: readonly string[]) =>
    store.commit({
      operations: [
        {
          kind: 'put',
          route: '_indexes',
          key,
          payload: indexRecord({ route, fields: fields.map((name) => [name]), created: 'manual' }),
        },
      ],
      writer: null,
    });
  const save = (route: string, key: string, payload: { readonly [name: string]: string | number }) =>
    store.commit({ operations: [{ kind: 'put', route, key, payload }], writer: null });
  const inDatabase = async () =>
    (
      await runSql(
        `select indexdef as d from pg_indexes where schemaname = $1 and indexname like 'field\\_%'`,
        [place.schema],
      )
    ).map((row) => JSON.stringify(row));
  const indexesOf = async (route: string) => (await store.snapshot()).indexesNow?.(route);

  test('are made when there are rows of their route, and are of that route alone', async () => {
    await define('a', 'shop', 'city');
    await store.admin.indexesSettled();
    expect(await inDatabase()).toHaveLength(0);
    await save('other', 'k', { n: 1 });
    await save('shop', 'k', { city: 'Oslo' });
    await store.admin.indexesSettled();
    const made = await inDatabase();
    expect(made).toHaveLength(2);
    for (const definition of made) expect(definition).toMatch(/route = \d+/);
    expect(await indexesOf('shop')).toMatchObject([{ fields: [['city']], state: 'remote', used: 0 }]);
  });

  test('texts of any length are written', async () => {
    await save('shop', 'long', { city: 'å😀'.repeat(40_000) });
    await save('shop', 'wide', { city: '\u{10ffff}'.repeat(2000) });
    expect(await (await store.snapshot()).get('shop', 'wide')).toMatchObject({ key: 'wide' });
  });

  test('fields share theirs, and the last definition takes it away', async () => {
    await define('b', 'shop', 'city', 'age');
    await store.admin.indexesSettled();
    expect(await inDatabase()).toHaveLength(4);
    await store.commit({ operations: [{ kind: 'delete', route: '_indexes', key: 'a' }], writer: null });
    await store.admin.indexesSettled();
    expect(await inDatabase()).toHaveLength(4);
    await store.commit({ operations: [{ kind: 'delete', route: '_indexes', key: 'b' }], writer: null });
    await store.admin.indexesSettled();
    expect(await inDatabase()).toHaveLength(0);
    expect(await indexesOf('shop')).toEqual([]);
  });

  test('two processes make them once', async () => {
    const other = await openAt(place, clock);
    await define('c', 'shop', 'name', 'city');
    await Promise.all([store.admin.indexesSettled(), other.admin.indexesSettled()]);
    expect(await inDatabase()).toHaveLength(4);
    await other.close();
  });
});

describe.skipIf(missing !== undefined)('indexes of fields of a large table in PostgreSQL', () => {
  const place = newSchema();
  afterAll(() => place.remove());

  test('are made beside writers, of what is written meanwhile too', async () => {
    const store = await openPostgresStore({ path: place.data, durability: 'relaxed' }, 0);
    const save = (from: number, count: number) =>
      store.commit({
        operations: Array.from({ length: count }, (_, i) => ({
          kind: 'put' as const,
          route: 'large',
          key: `k${from + i}`,
          payload: { size: from + i },
        })),
        writer: null,
      });
    for (let from = 0; from < 10_000; from += 1000) await save(from, 1000);
    // What such an index waits for is a transaction that may have written; writers go on all the same.
    const end = await holdTransaction(`lock table ${place.schema}.current in row exclusive mode`);
    const definition = indexRecord({ route: 'large', fields: [['size']], created: 'manual' });
    await store.commit({
      operations: [{ kind: 'put', route: '_indexes', key: 'size', payload: definition }],
      writer: null,
    });
    let isMade = false;
    const made = store.admin.indexesSettled().then(() => void (isMade = true));
    const beingMade = () =>
      runSql(
        `select 1 from pg_stat_activity where query like 'create index concurrently%' and wait_event_type = 'Lock' and application_name = $1`,
        [`drops ${place.schema}`],
      );
    let written = 0;
    while (written < 40 || (await beingMade()).length === 0) {
      await save(10_000 + written, 1);
      await store.commit({
        operations: [{ kind: 'delete', route: 'large', key: `k${written}` }],
        writer: null,
      });
      written += 1;
    }
    expect(isMade).toBe(false);
    await end();
    await made;
    const { sql, indexes } = await store.snapshot();
    expect(indexes('large')).toMatchObject([{ fields: [['size']], state: 'remote' }]);
    const path = { kind: 'RouteScan', route: 'large', subtree: false, rows: 'all' } as const;
    const size = `CASE WHEN jsonb_typeof("doc"->'size') = 'number' THEN ("doc"->>'size')::double precision END`;
    const count = async (condition: string) => {
      const select = { sql: `SELECT COUNT(*) FROM "state" WHERE ${condition}`, parameters: [] };
      expect(await sql?.indexesFor(path, select)).toEqual(['large.size']);
      return sql?.select(path, select);
    };
    expect(await count(`${size} >= 9990`)).toEqual([[10 + written]]);
    expect(await count(`${size} < ${written + 5}`)).toEqual([[5]]);
    await store.close();
  }, 60_000);
});
