import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  indexRecord,
  type Expression,
  type Json,
  type JsonObject,
  type Relation,
  type StoredDrop,
} from '@drops/ir';
import { copyStore, openLmdbStore, openStore, type Store } from '@drops/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { execute } from '../execute.js';
import { oracleResults, type Drops } from '../testing/oracle.fixture.js';
import {
  arbitraryAggregated,
  arbitraryClauses,
  arbitraryCounted,
  arbitraryIndexed,
  arbitraryPayload,
  arbitraryPicked,
  arbitraryRelation,
} from '../testing/relations.arbitrary.js';
import { compare, filter, isIn, literal, payload, query, scan } from '../testing/relations.fixture.js';
import { asObject, put } from '../testing/store.fixture.js';

const address = process.env['DROPS_TEST_PG_URL'] ?? 'postgres://postgres@127.0.0.1:5432/test';
const data = `${address}${address.includes('?') ? '&' : '?'}schema=drops_executor_${process.pid}_${Date.now().toString(36)}`;
const folder = mkdtempSync(join(tmpdir(), 'drops-remote-'));

/** The store in PostgreSQL, or why there is none. */
async function openRemote(): Promise<Store | string> {
  try {
    return await openStore({ path: data, durability: 'relaxed' });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The same drops as they are in a folder: ids and times too. */
async function fill(): Promise<Drops> {
  const path = join(folder, 'data');
  let now = Date.parse('2026-01-01T00:00:00Z');
  const store = openLmdbStore({ path, clock: () => now, durability: 'relaxed' });
  for (const [i, payload] of fc.sample(arbitraryPayload, { seed: 7, numRuns: 60 }).entries()) {
    now += 1;
    const route = i % 3 === 0 ? 'r' : 'l';
    const key = i % 7 === 0 ? null : `k${(i * 17) % 41}`;
    const operations = [put(route, key, payload), put(route, i % 5 === 0 ? null : `m${i}`, payload)];
    await store.commit({ operations, writer: null });
  }
  const snapshot = store.snapshot();
  const readAll = (route: string): readonly StoredDrop[] => {
    const found: StoredDrop[] = [];
    const source = snapshot.run({ kind: 'RouteScan', route, subtree: false, rows: 'all' });
    for (let batch = source?.next(); batch && !(batch instanceof Promise); batch = source?.next())
      found.push(...batch);
    return found;
  };
  const all = new Map(['l', 'r'].map((route) => [route, readAll(route)]));
  snapshot.release();
  await store.close();
  await copyStore(path, data);
  return (route) => all.get(route) ?? [];
}

const first = await openRemote();
const missing = typeof first === 'string' ? first : undefined;
if (typeof first === 'string') console.warn(`SKIPPED: random queries on a store in PostgreSQL: ${first}`);
else await first.close();

describe.skipIf(missing !== undefined)('a store in PostgreSQL', () => {
  let store: Store;
  let drops: Drops;
  beforeAll(async () => {
    drops = await fill();
    store = await openStore({ path: data, durability: 'relaxed' });
  });
  afterAll(async () => {
    await store?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const onRemote = async (
    run: (context: Parameters<typeof execute>[1]) => Json | Promise<Json>,
  ): Promise<Json> => {
    const snapshot = await store.snapshot();
    try {
      return await run({ store, snapshot, writer: null });
    } finally {
      snapshot.release();
    }
  };
  const rowsOf = async (
    relation: Relation,
    more: { readonly rules?: false } = {},
  ): Promise<readonly JsonObject[]> => {
    const { results } = asObject(
      await onRemote((context) => execute(query(relation), { ...context, ...more })),
    );
    return Array.isArray(results) ? results.map(asObject) : [];
  };
  const explain = async (relation: Relation): Promise<string> => {
    const plan = {
      kind: 'Explain',
      mode: 'plan',
      plan: query(relation),
      span: { start: 0, end: 0 },
    } as const;
    return String(asObject(await onRemote((context) => execute(plan, context)))['text']);
  };

  const remoteOps = (text: string): readonly string[] =>
    text.split('\n').flatMap((line) => (line.includes('remote=') ? [/[A-Z]\w+/.exec(line)?.[0] ?? ''] : []));

  test('gives the rows of random queries by their plain meaning, whoever filters, sorts, cuts and counts them', async () => {
    const remote = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          arbitraryRelation,
          arbitraryClauses,
          arbitraryCounted(),
          arbitraryIndexed(),
          arbitraryAggregated(),
          arbitraryPicked(),
        ),
        async (relation) => {
          const expected = oracleResults(relation, drops);
          expect(await rowsOf(relation)).toEqual(expected);
          expect(await rowsOf(relation, { rules: false })).toEqual(expected);
          for (const op of remoteOps(await explain(relation))) remote.set(op, (remote.get(op) ?? 0) + 1);
        },
      ),
      { numRuns: 800 },
    );
    // Some hundred of them; how many is chance.
    for (const op of ['Filter', 'TopN', 'Group', 'RouteScan'])
      expect(remote.get(op) ?? 0).toBeGreaterThan(20);
  }, 240_000);

  test('lets the database use indexes for texts of any length, ranges and beginnings, and says which', async () => {
    const long = 'å'.repeat(600);
    const operations = Array.from({ length: 3000 }, (_, i) =>
      put('big', `k${i}`, { n: i, t: i === 7 ? `${long}x` : i === 8 ? `${long}y` : `text ${i}` }),
    );
    await store.commit({ operations, writer: null });
    const define = (key: string, field: string) =>
      put('_indexes', key, indexRecord({ route: 'big', fields: [[field]], created: 'manual' }));
    await store.commit({ operations: [define('n', 'n'), define('t', 't')], writer: null });
    await store.admin.indexesSettled();
    const prefix = (text: string): Expression => ({
      kind: 'Like',
      match: 'prefix',
      left: payload('t'),
      right: literal(text),
      span: { start: 0, end: 0 },
    });
    const cases: readonly (readonly [Expression, string, number])[] = [
      [compare(payload('n'), '=', 5), 'big.n', 1],
      [compare(payload('n'), '>=', 2995), 'big.n', 5],
      [isIn(payload('n'), [1, 2, 3]), 'big.n', 3],
      [compare(payload('t'), '=', 'text 9'), 'big.t', 1],
      [compare(payload('t'), '=', `${long}x`), 'big.t', 1],
      [compare(payload('t'), '>', `${long}x`), 'big.t', 1],
      [compare(payload('t'), '>', long), 'big.t', 2],
      [isIn(payload('t'), [`${long}y`, 'text 1', 5]), 'big.t', 2],
      [prefix('text 299'), 'big.t', 11],
      [prefix(`${long}y`), 'big.t', 1],
    ];
    for (const [predicate, index, rows] of cases) {
      const relation = filter(scan('big'), predicate);
      expect(await explain(relation)).toContain(` index=${index}`);
      expect(await rowsOf(relation)).toHaveLength(rows);
    }
  }, 60_000);
});
