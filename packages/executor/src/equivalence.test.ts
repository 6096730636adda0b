import { afterAll, beforeAll, expect, test } from 'vitest';
import fc from 'fast-check';
import { indexRecord, type Relation, type StoredDrop } from '@drops/ir';
import { rules } from '@drops/planner';
import type { Snapshot } from '@drops/store';
import type { ExecutionContext } from './context.js';
import { oracleResults, type Drops } from './testing/oracle.fixture.js';
import { withPlainColumns } from './testing/columns.fixture.js';
import {
  arbitraryClauses,
  arbitraryCombined,
  arbitraryCounted,
  arbitraryIndexed,
  arbitraryJoined,
  arbitraryPayload,
  arbitraryRelation,
} from './testing/relations.arbitrary.js';
import { aggregate, compare, filter, group, payload, query, scan } from './testing/relations.fixture.js';
import { asObject, openTestStore, put, resultsOf, type TestStore } from './testing/store.fixture.js';

let store: TestStore;
let drops: Drops;

function readAll(route: string): readonly StoredDrop[] {
  const snapshot = store.store.snapshot();
  const source = snapshot.run({ kind: 'RouteScan', route, subtree: false, rows: 'all' });
  const found: StoredDrop[] = [];
  for (let batch = source?.next(); batch; batch = source?.next()) {
    if (batch instanceof Promise) throw new Error('a synchronous store was expected');
    found.push(...batch);
  }
  snapshot.release();
  return found;
}

beforeAll(async () => {
  store = openTestStore();
  const payloads = fc.sample(arbitraryPayload, { seed: 7, numRuns: 60 });
  for (const [i, payload] of payloads.entries()) {
    const route = i % 3 === 0 ? 'r' : 'l';
    // Some share a moment, some are events, the rest get keys out of order.
    const key = i % 7 === 0 ? null : `k${(i * 17) % 41}`;
    await store.writeAtOnce([put(route, key, payload), put(route, i % 5 === 0 ? null : `m${i}`, payload)]);
  }
  const all = new Map(['l', 'r'].map((route) => [route, readAll(route)]));
  drops = (route) => all.get(route) ?? [];
});
afterAll(() => store.close());

const indexes = [['a'], ['b', 'a'], ['c'], ['a', 'b', 'c'], ['payload']] as const;

beforeAll(async () => {
  for (const [i, fields] of indexes.entries()) {
    const record = indexRecord({
      route: i % 2 === 0 ? 'l' : 'r',
      fields: fields.map((f) => [f]),
      created: 'manual',
    });
    await store.write(
      put('_indexes', `i${i}`, record),
      put('_indexes', `all${i}`, { ...record, route: 'l' }),
    );
  }
  await store.store.admin.indexesSettled();
});

test('the data holds entities and events', async () => {
  expect((await resultsOf(store, scan('l'))).length).toBeGreaterThan(30);
});

test('a query gives the same rows with all rules, with none, with and without indexes, and by its plain meaning', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRelation, async (relation) => {
      const expected = oracleResults(relation, drops);
      expect(await resultsOf(store, relation, { rules: false })).toEqual(expected);
      expect(await resultsOf(store, relation)).toEqual(expected);
      expect(await resultsOf(store, relation, { indexes: 'never' })).toEqual(expected);
      expect(await resultsOf(store, relation, { indexes: 'always' })).toEqual(expected);
      expect(await resultsOf(store, relation, { columns: 'always' })).toEqual(expected);
    }),
    { numRuns: 600 },
  );
});

test.each([
  ['in the order of the route', false],
  ['out of order, some of them gone', true],
])('a query over columns gives the same rows, bit by bit: rows %s', async (_name, scattered) => {
  const handles = { taken: 0, released: 0 };
  await fc.assert(
    fc.asyncProperty(fc.oneof(arbitraryRelation, arbitraryClauses), async (relation) => {
      const seen = (snapshot: Snapshot) => withPlainColumns(snapshot, handles, scattered);
      const rows = await resultsOf(store, relation, { seen, columns: 'always' });
      expect(rows).toEqual(await resultsOf(store, relation, { columns: 'never' }));
      expect(rows).toEqual(oracleResults(relation, drops));
    }),
    { numRuns: 500 },
  );
  expect(handles.taken).toBeGreaterThan(200);
  expect(handles.released).toBe(handles.taken);
});

/** Which operators the plan of a relation has. */
async function operatorsOf(relation: Relation, more: Partial<ExecutionContext>): Promise<string> {
  const plan = { kind: 'Explain', mode: 'plan', plan: query(relation), span: { start: 0, end: 0 } } as const;
  return String(asObject(await store.run(plan, more))['text']);
}

const indexedClauses = arbitraryIndexed();

test('a filter and a sort that an index answers give the same first rows', async () => {
  let used = 0;
  await fc.assert(
    fc.asyncProperty(indexedClauses, async (relation) => {
      const expected = oracleResults(relation, drops);
      expect(await resultsOf(store, relation, { indexes: 'always' })).toEqual(expected);
      if ((await operatorsOf(relation, { indexes: 'always' })).includes('IndexScan')) used += 1;
    }),
    { numRuns: 400 },
  );
  expect(used).toBeGreaterThan(200);
});

test('what two indexes have in common, and what any of several finds, are the same rows', async () => {
  const used = { IndexIntersection: 0, IndexUnion: 0 };
  await fc.assert(
    fc.asyncProperty(arbitraryCombined(), async (relation) => {
      const expected = oracleResults(relation, drops);
      for (const indexes of ['always', 'cheapest', 'never'] as const) {
        expect(await resultsOf(store, relation, { indexes })).toEqual(expected);
      }
      const operators = await operatorsOf(relation, { indexes: 'always' });
      if (operators.includes('IndexIntersection')) used.IndexIntersection += 1;
      if (operators.includes('IndexUnion')) used.IndexUnion += 1;
    }),
    { numRuns: 300 },
  );
  expect(used.IndexIntersection).toBeGreaterThan(15);
  expect(used.IndexUnion).toBeGreaterThan(40);
});

test('counts out of an index and joins by one give the same rows', async () => {
  let counted = 0;
  let joined = 0;
  await fc.assert(
    fc.asyncProperty(fc.oneof(arbitraryCounted(), arbitraryJoined()), async (relation) => {
      const expected = oracleResults(relation, drops);
      for (const indexes of ['always', 'cheapest', 'never'] as const) {
        expect(await resultsOf(store, relation, { indexes })).toEqual(expected);
      }
      const text = await operatorsOf(relation, { indexes: 'always' });
      if (text.includes('Count route=l')) counted += 1;
      if (text.includes('IndexLookupJoin')) joined += 1;
    }),
    { numRuns: 400 },
  );
  expect(counted).toBeGreaterThan(50);
  expect(joined).toBeGreaterThan(50);
});

test('rows that have expired and access lists are not counted', async () => {
  const route = 'counted';
  const all = scan(route);
  const three = filter(all, compare(payload('a'), '=', 3));
  const counts = () =>
    Promise.all(
      [group(all, null, aggregate('count')), group(three, null, aggregate('count'))].map((relation) =>
        store.run(query(relation, 'count')),
      ),
    );
  await store.write(
    put('_indexes', 'counted', indexRecord({ route, fields: [['a']], created: 'manual' })),
    ...[1, 2, 3, 4].map((i) => ({ ...put(route, `k${i}`, { a: 3 }), ...(i > 2 && { ttl: 60 }) })),
    put(route, '_access', { a: 3 }),
    put(route, null, { a: 4 }),
  );
  expect(await operatorsOf(group(three, null, aggregate('count')), {})).toContain(
    'Count route=counted index=a',
  );
  expect(await counts()).toEqual([{ count: 5 }, { count: 4 }]);
  store.advance(61_000);
  expect(await counts()).toEqual([{ count: 3 }, { count: 2 }]);
  const hidden = { visible: () => false };
  expect(await store.run(query(group(three, null, aggregate('count')), 'count'), hidden)).toEqual({
    count: 0,
  });
});

test.each(rules.map((rule) => [rule.name, rule] as const))(
  '%s alone gives the same rows',
  async (_name, rule) => {
    await fc.assert(
      fc.asyncProperty(arbitraryRelation, async (relation) => {
        expect(await resultsOf(store, relation, { rules: [rule] })).toEqual(oracleResults(relation, drops));
      }),
      { numRuns: 60 },
    );
  },
);
