import { afterAll, beforeAll, expect, test } from 'vitest';
import { indexRecord, type Relation } from '@drops/ir';
import { statisticsOf } from './statistics.js';
import { aggregate, compare, filter, group, payload, query, scan } from './testing/relations.fixture.js';
import { asObject, openTestStore, put, type TestStore } from './testing/store.fixture.js';

let store: TestStore;
/** Nine of ten rows have the city x, the others one of hundred. */
const cityOf = (i: number): string => (i % 10 === 0 ? `c${(i / 10) % 100}` : 'x');

beforeAll(async () => {
  store = openTestStore();
  await store.write(put('_indexes', 'i', indexRecord({ route: 'r', fields: [['city']], created: 'manual' })));
  const rows = Array.from({ length: 4000 }, (_, i) =>
    put('r', `k${i}`, { city: cityOf(i), other: cityOf(i) }),
  );
  await store.writeAtOnce(rows);
  await store.store.admin.indexesSettled();
});
afterAll(() => store.close());

/** The plan as `explain` draws it once the sample is there that it asks for. */
async function textOf(relation: Relation): Promise<string> {
  await textAtOnce(relation);
  await store.store.admin.samplesSettled();
  return textAtOnce(relation);
}
async function textAtOnce(relation: Relation): Promise<string> {
  const plan = { kind: 'Explain', mode: 'plan', plan: query(relation), span: { start: 0, end: 0 } } as const;
  return String(asObject(await store.run(plan, { columns: 'never' }))['text']);
}
const where = (name: string, city: string): Relation => filter(scan('r'), compare(payload(name), '=', city));

test('an index is used for a rare value, and not for one that most rows have', async () => {
  expect(await textOf(where('city', 'c7'))).toContain('IndexScan');
  const common = await textOf(where('city', 'x'));
  expect(common).toContain('RouteScan');
  expect(common).toMatch(/the index on r\.city is not used: it would read \d\d % of the rows/);
});

test('estimates come from a sample, also of fields without an index', async () => {
  const rows = async (relation: Relation) => Number(/~(\d+) rows/.exec(await textOf(relation))?.[1]);
  expect(await rows(where('other', 'x'))).toBeGreaterThan(3300);
  expect(await rows(where('other', 'c7'))).toBeLessThan(100);
  const groups = await rows(
    group(scan('r'), [payload('other')], aggregate('count'), aggregate('sum', payload('n'))),
  );
  expect(groups).toBeGreaterThan(30);
  expect(groups).toBeLessThan(400);
});

test('a plan does not wait for the sample, and is made anew once it is there', async () => {
  await store.writeAtOnce(Array.from({ length: 3000 }, (_, i) => put('late', `k${i}`, { city: cityOf(i) })));
  const relation = filter(scan('late'), compare(payload('city'), '=', 'x'));
  const statement = {
    kind: 'Explain',
    mode: 'plan',
    plan: query(relation),
    span: { start: 0, end: 0 },
  } as const;
  const text = async () => String(asObject(await store.run(statement, { columns: 'never' }))['text']);
  expect(await text()).toContain('Filter predicate=city = "x" (~300 rows)');
  await store.store.admin.samplesSettled();
  const rows = Number(/~(\d+) rows/.exec(await text())?.[1]);
  expect(rows).toBeGreaterThan(2400);
});

test('a sample is kept until the route has become another', async () => {
  const known = async () => {
    const field = () => {
      const snapshot = store.store.snapshot();
      const found = statisticsOf({ snapshot }).field?.('r', ['city']);
      snapshot.release();
      return found;
    };
    field();
    await store.store.admin.samplesSettled();
    return field();
  };
  const before = await known();
  await store.write(put('r', 'one', { city: 'y' }));
  expect(await known()).toBe(before);
  await store.writeAtOnce(Array.from({ length: 5000 }, (_, i) => put('r', `y${i}`, { city: 'y' })));
  const after = await known();
  expect(after).not.toBe(before);
  expect(after?.common.map(({ value }) => value)).toContain('y');
});
