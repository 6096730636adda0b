import { afterAll, beforeAll, expect, test } from 'vitest';
import fc from 'fast-check';
import { indexRecord, isObject, type Query, type Relation, type StoredDrop } from '@drops/ir';
import { rules } from '@drops/planner';
import type { Snapshot } from '@drops/store';
import type { ExecutionContext } from './context.js';
import { oracleResults, type Drops } from './testing/oracle.fixture.js';
import { withPlainColumns } from './testing/columns.fixture.js';
import { arbitraryClauses, arbitraryRelation } from './testing/relations.arbitrary.js';
import { arbitraryPayload } from './testing/steps.arbitrary.js';
import {
  arbitraryCombined,
  arbitraryCounted,
  arbitraryGrouped,
  arbitraryIndexed,
  arbitraryJoined,
  arbitraryJoinedPage,
} from './testing/indexed.arbitrary.js';
import { JsonText } from './query-text.js';
import {
  aggregate,
  compare,
  field,
  filter,
  group,
  joinOn,
  payload,
  query,
  scan,
  slice,
  sort,
} from './testing/relations.fixture.js';
import {
  asObject,
  openTestStore,
  put,
  resultsOf,
  type RunOptions,
  type TestStore,
} from './testing/store.fixture.js';

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
}, 90_000);

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

const groupedClauses = arbitraryGrouped();

test('groups that an index gives one after the other are the same', async () => {
  let streamed = 0;
  await fc.assert(
    fc.asyncProperty(groupedClauses, async (relation) => {
      const expected = oracleResults(relation, drops);
      for (const indexes of ['always', 'cheapest', 'never'] as const) {
        expect(await resultsOf(store, relation, { indexes })).toEqual(expected);
      }
      expect(await resultsOf(store, relation, { rules: false })).toEqual(expected);
      expect(await resultsOf(store, relation, { indexes: 'always', columns: 'always' })).toEqual(expected);
      const text = await operatorsOf(relation, { indexes: 'always', columns: 'never' });
      expect(text).not.toContain('Sort');
      if (text.includes('held=one group at a time')) streamed += 1;
    }),
    { numRuns: 250 },
  );
  expect(streamed).toBeGreaterThan(60);
}, 60_000);

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

const joinedPages = arbitraryJoinedPage();

test('a page of a join takes its fields for those of the left drop while no left drop lacks them, and gives the same rows', async () => {
  const payloads = fc.sample(arbitraryPayload, { seed: 11, numRuns: 40 });
  await store.write(
    ...['a', 'b'].map((name) =>
      put('_indexes', `p ${name}`, indexRecord({ route: 'p', fields: [[name]], created: 'manual' })),
    ),
    ...payloads.map((payload, i) => {
      const fields = isObject(payload) ? payload : {};
      return put('p', `p${(i * 7) % 40}`, { ...fields, a: fields['a'] ?? i % 5, ref: `k${i}` });
    }),
  );
  await store.store.admin.indexesSettled();
  let assumed = 0;
  const samePages = async (numRuns: number) => {
    const all = new Map(['p', 'r'].map((route) => [route, readAll(route)]));
    await fc.assert(
      fc.asyncProperty(joinedPages, async (relation) => {
        const expected = oracleResults(relation, (route) => all.get(route) ?? []);
        for (const indexes of ['always', 'cheapest', 'never'] as const) {
          expect(await resultsOf(store, relation, { indexes })).toEqual(expected);
        }
        // The sort went below the join, where only the left drop can be meant.
        const operators = await operatorsOf(relation, { indexes: 'always' });
        if (/Join[^]* (TopN|IndexScan route=p [^\n]*order=a)/.test(operators)) assumed += 1;
      }),
      { numRuns },
    );
  };
  await samePages(200);
  expect(assumed).toBeGreaterThan(30);
  // A plan that was made before a drop without the field came gives its row in the right place.
  const relation = slice(
    sort(joinOn(scan('p'), scan('r'), [payload('ref'), field('joined', 'key')]), {
      expression: field('either', 'a'),
      descending: false,
    }),
    50,
  );
  const same = query(relation);
  const before = await resultsOf(store, same, { indexes: 'always' });
  const lacking = payloads.findIndex((_, i) => readAll('r').some(({ key }) => key === `k${i}`));
  await store.write(put('p', 'lacks', { ref: `k${lacking}` }));
  const after = await resultsOf(store, same, { indexes: 'always' });
  expect(after).toHaveLength(before.length + 1);
  const all = new Map(['p', 'r'].map((route) => [route, readAll(route)]));
  expect(after).toEqual(oracleResults(relation, (route) => all.get(route) ?? []));
  await samePages(100);
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

test('a reply as text is the text of the reply', async () => {
  let texts = 0;
  await store.write(
    ...[...'xyz'].map((a, i) => ({
      ...put('l', `kept ${a} "quoted" \u{1f600}`, { a: 1, b: a.repeat(i * 2000), c: 'ü"\\\n' }),
      ...(i > 0 && { ttl: 100 }),
      price: 1.5,
    })),
    { kind: 'increment', route: 'l', key: 'counted', path: ['a'], delta: 2 },
    put('l', '_access', { a: 1 }),
  );
  const sameText = async (asked: Query, more: RunOptions) => {
    const reply = await store.runAsText(asked, more);
    const text = reply instanceof JsonText ? reply.text : undefined;
    if (text === undefined) return;
    texts += 1;
    expect(text).toBe(JSON.stringify(await store.run(asked, more)));
  };
  await fc.assert(
    fc.asyncProperty(indexedClauses, fc.integer({ min: 1, max: 40 }), async (relation, rows) => {
      const paged: Relation = relation.kind === 'Slice' ? { ...relation, paged: true } : relation;
      await sameText(query(paged), { indexes: 'always', limits: { rows } });
    }),
    { numRuns: 300 },
  );
  expect(texts).toBeGreaterThan(30);
  store.advance(200_000);
  for (const a of [1, 2, 'x']) {
    const found = filter(scan('l'), compare(payload('a'), '=', a));
    await sameText(query(found), { indexes: 'always', limits: { rows: 4 } });
  }
  const hidden = { indexes: 'always', visible: () => false } as const;
  const reply = await store.runAsText(query(filter(scan('l'), compare(payload('a'), '=', 1))), hidden);
  expect(reply).toEqual({ results: [], count: 0 });
});
