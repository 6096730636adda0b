import {
  boxAround,
  distanceKm,
  matchesFacet,
  readFacet,
  type FacetCondition,
  type Json,
  type StoredDrop,
} from '@drops/ir';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BatchSource, Operation } from '../../store.js';
import { derivedBytes, rowsOf } from '../testing/table-bytes.fixture.js';
import {
  add,
  hide,
  merge,
  openTestStore,
  put,
  remove,
  type TestStore,
} from '../testing/temporary-store.fixture.js';

function all(source: BatchSource | undefined): readonly StoredDrop[] {
  const drops: StoredDrop[] = [];
  for (let batch = source?.next(); Array.isArray(batch); batch = source?.next()) drops.push(...batch);
  return drops;
}
const brief = (drops: readonly StoredDrop[]) => drops.map(({ route, key, tx }) => `${route} ${key ?? tx}`);

/** What the index gives for some conditions, the rest left out. */
function found({ store }: TestStore, conditions: readonly FacetCondition[], mayRead = (_: string) => true) {
  const snapshot = store.snapshot();
  try {
    const drops = all(snapshot.facets?.(conditions, mayRead));
    return brief(drops.filter(({ payload }) => conditions.every((c) => matchesFacet(c, payload))));
  } finally {
    snapshot.release();
  }
}

/** The same by looking at every drop. */
function naive({ store }: TestStore, conditions: readonly FacetCondition[]) {
  const snapshot = store.snapshot();
  try {
    const drops = snapshot
      .routes()
      .flatMap((route) => all(snapshot.run({ kind: 'RouteScan', route, subtree: false, rows: 'all' })))
      .filter(({ payload }) => conditions.every((c) => matchesFacet(c, payload)));
    const events = drops.filter(({ key }) => key === null).sort((a, b) => a.tx - b.tx);
    return brief([...drops.filter(({ key }) => key !== null), ...events]);
  } finally {
    snapshot.release();
  }
}

const start = (...days: string[]): Json => ({ _dates: days.map((day) => ({ start: day })) });

test('what may not be read is not there, and rows come in the order of routes', async () => {
  const opened = openTestStore();
  await opened.run(
    put('b', 'y', start('2026-03-01')),
    put('b', null, start('2026-03-01')),
    put('b', 'x', start('2026-03-09', '2026-03-02')),
    put('a', 'z', start('2026-03-05')),
    put('c', 'w', start('2026-03-01')),
  );
  const march = readFacet('dates', { $gte: '2026-03-01', $lt: '2026-04-01' });
  expect(found(opened, [march], (route) => route !== 'c')).toEqual(['a z', 'b x', 'b y', 'b 2']);
});

test('counters are seen as queries see them', async () => {
  const opened = openTestStore();
  await opened.run(put('a', 'x', { _amounts: [{ value: 1, unit: 'EUR' }] }));
  await opened.run(add('a', 'x', ['_amounts', 0, 'value'], 9));
  const ten = readFacet('amounts', { $gte: 10, $unit: 'EUR' });
  expect(found(opened, [ten])).toEqual(['a x']);
  await opened.run(merge('a', 'x', { other: 1 }));
  expect(found(opened, [ten])).toEqual(['a x']);
  await opened.run(merge('a', 'x', { _amounts: [{ value: 2 }] }));
  expect(found(opened, [ten])).toEqual([]);
});

test('what ends takes its entries with it', async () => {
  const opened = openTestStore();
  await opened.run(put('a', 'x', start('2026-01-01'), 5), put('a', 'y', start('2026-01-01')));
  const { tx } = await opened.run(put('a', null, start('2026-01-01')));
  await opened.run(remove('a', 'y'), hide('a', tx));
  opened.clock.now += 6000;
  expect(found(opened, [readFacet('dates', { $gte: '2000-01-01' })])).toEqual([]);
  await opened.sweep();
  // Only that the route had some is remembered.
  expect(rowsOf(opened.environment.facets)).toHaveLength(1);
});

test('a state of the past is not told of', async () => {
  const opened = openTestStore();
  await opened.run(put('a', 'x', start('2026-01-01')));
  const snapshot = opened.store.snapshot();
  expect(snapshot.asOf(1).facets?.([readFacet('dates', { $gte: '2000-01-01' })], () => true)).toBeUndefined();
  snapshot.release();
});

test('a box holds every place within its distance, at the poles and across the antimeridian too', () => {
  const degree = (limit: number) => fc.double({ min: -limit, max: limit, noNaN: true });
  const edge = (limit: number) =>
    fc.oneof(degree(limit), fc.constantFrom(-limit, limit, limit - 0.001, 0.001 - limit));
  const place = fc.record({ lat: edge(90), lon: edge(180) });
  fc.assert(
    fc.property(place, place, fc.double({ min: 0.001, max: 1.5, noNaN: true }), (a, b, factor) => {
      const distance = distanceKm(a, b);
      const km = distance * factor;
      const { south, north, longitudes } = boxAround(a, km);
      const inside =
        b.lat >= south && b.lat <= north && longitudes.some(([w, e]) => b.lon >= w && b.lon <= e);
      if (distance <= km) expect(inside).toBe(true);
    }),
    { numRuns: 3000 },
  );
});

const day = fc.constantFrom(
  '2026-03-01',
  '2026-03-02T10:00:00Z',
  '2026-03-02T10:00:00+02:00',
  'soon',
  '1969-12-31',
);
const number = fc.constantFrom(-5, 0, 0.5, 10, 1000);
const unit = fc.constantFrom('USD', 'EUR');
const lat = fc.constantFrom(90, 89.9, 55.68, 0, -33.9, -90, 91);
const lon = fc.constantFrom(180, 179.99, -179.99, -180, 12.57, 0, 181);
const type = fc.constantFrom('email', 'tel');
const text = fc.constantFrom('a@b.com', 'b', 'x'.repeat(300), `${'x'.repeat(299)}y`, 'nul\0in it', '');
const list = (item: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  fc.oneof(
    { weight: 8, arbitrary: fc.array(item, { maxLength: 3 }) },
    fc.constantFrom<Json>('x', 3, null, { a: 1 }),
  );
const odd = fc.constantFrom<Json>(null, 'x', 5, {}, [1]);
const payload = fc.record(
  {
    _dates: list(
      fc.oneof(
        day.map((s) => ({ start: s })),
        odd,
      ),
    ),
    _amounts: list(
      fc.oneof(
        fc.record({ value: number, unit }),
        number.map((value) => ({ value })),
        odd,
      ),
    ),
    _locations: list(fc.oneof(fc.record({ lat, lon }), odd)),
    _identifiers: list(
      fc.oneof(
        fc.record({ type, value: text }),
        text.map((value) => ({ value })),
        odd,
      ),
    ),
  },
  { requiredKeys: [] },
);
const route = fc.constantFrom('a', 'a/b', 'c');
const key = fc.constantFrom('k', 'l', 'm');
const operation = fc.oneof<fc.Arbitrary<Operation>[]>(
  fc.tuple(route, key, payload).map(([r, k, p]) => put(r, k, p)),
  fc.tuple(route, key, payload).map(([r, k, p]) => put(r, k, p, 4)),
  fc.tuple(route, key, payload).map(([r, k, p]) => merge(r, k, p)),
  fc.tuple(route, payload).map(([r, p]) => put(r, null, p)),
  fc.tuple(route, key).map(([r, k]) => remove(r, k)),
  fc.tuple(route, key, number).map(([r, k, n]) => add(r, k, ['_amounts', 0, 'value'], n)),
  fc.tuple(route, fc.integer({ min: 1, max: 12 })).map(([r, tx]) => hide(r, tx)),
);

const bound = fc.constantFrom('$gte', '$gt', '$lte', '$lt');
const bounds = (value: fc.Arbitrary<Json>) =>
  fc.dictionary(bound, value, { minKeys: 1, maxKeys: 2, noNullPrototype: true });
const identifier = fc.oneof<fc.Arbitrary<Json>[]>(text, fc.record({ type, value: text }));
const condition = fc.oneof(
  bounds(day.filter((d) => d !== 'soon')).map((p) => readFacet('dates', p)),
  fc
    .tuple(bounds(number), fc.option(unit))
    .map(([p, u]) => readFacet('amounts', { ...p, ...(u !== null && { $unit: u }) })),
  unit.map((u) => readFacet('amounts', { $unit: u })),
  fc
    .record({
      lat: lat.filter((n) => n <= 90),
      lon: lon.filter((n) => n <= 180),
      radius_km: fc.constantFrom(0, 1, 30, 5000, 30000),
    })
    .map((near) => readFacet('locations', { $near: near })),
  identifier.map((has) => readFacet('identifiers', { $has: has })),
  type.map((t) => readFacet('identifiers', { $type: t })),
  fc
    .tuple(fc.array(identifier, { minLength: 1, maxLength: 3 }), type)
    .map(([any, t]) => readFacet('identifiers', { $any: any, $type: t })),
);

test('the index finds what looking at every drop finds, and a rebuild makes the same bytes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(operation, { minLength: 1, maxLength: 3 }), { maxLength: 12 }),
      fc.array(fc.array(condition, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 8 }),
      async (units, queries) => {
        const opened = openTestStore(undefined, undefined, 'relaxed');
        for (const unitOfOne of units) {
          // Units that are refused leave nothing.
          await opened.run(...unitOfOne).catch(() => undefined);
          opened.clock.now += 1000;
        }
        for (const query of queries) expect(found(opened, query)).toEqual(naive(opened, query));
        const before = derivedBytes(opened.environment);
        opened.store.admin.rebuild();
        expect(derivedBytes(opened.environment)).toEqual(before);
      },
    ),
    { numRuns: 60 },
  );
});
