import { afterAll, beforeAll, expect, test } from 'vitest';
import fc from 'fast-check';
import type { StoredDrop } from '@drops/ir';
import { rules } from '@drops/planner';
import { oracleResults, type Drops } from './testing/oracle.fixture.js';
import { arbitraryPayload, arbitraryRelation } from './testing/relations.arbitrary.js';
import { scan } from './testing/relations.fixture.js';
import { openTestStore, put, resultsOf, type TestStore } from './testing/store.fixture.js';

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

test('the data holds entities and events', async () => {
  expect((await resultsOf(store, scan('l'))).length).toBeGreaterThan(30);
});

test('a query gives the same rows with all rules, with none, and by its plain meaning', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRelation, async (relation) => {
      const expected = oracleResults(relation, drops);
      expect(await resultsOf(store, relation, { rules: false })).toEqual(expected);
      expect(await resultsOf(store, relation)).toEqual(expected);
    }),
    { numRuns: 600 },
  );
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
