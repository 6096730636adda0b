import { dotProduct, unitVector } from '@drops/ir';
import { expect, test } from 'vitest';
import { closeVectors, clusteredVectors, openVectors, type TestVectors } from './vectors.fixture.js';

const names = (answer: { readonly hits: readonly { readonly key: string | null }[] } | undefined) =>
  answer?.hits.map(({ key }) => key);

/** Fills a route with vectors named by their place. */
async function fill(
  test: TestVectors,
  route: string,
  vectors: readonly (readonly number[])[],
): Promise<void> {
  for (let at = 0; at < vectors.length; at += 500) {
    await test.run(...vectors.slice(at, at + 500).map((v, i) => test.put(route, `v${at + i}`, v)));
  }
}

/** Names of the nearest, all compared. */
function exact(
  vectors: readonly (readonly number[])[],
  query: readonly number[],
  count: number,
): readonly string[] {
  const unit = unitVector(query);
  return vectors
    .map((v, i) => ({ name: `v${i}`, score: dotProduct(unit, unitVector(v)) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, count)
    .map(({ name }) => name);
}

test('few vectors are all compared, by their cosine', async () => {
  const t = openVectors();
  await t.run(t.put('docs', 'a', [1, 0]), t.put('docs', 'b', [0, 5]), t.put('docs', 'c', [-1, 0]));
  await t.run(t.put('docs', null, [3, 3]), {
    kind: 'put',
    route: 'docs',
    key: 'd',
    payload: { text: 'no vector' },
  });
  expect(await t.find(['docs'], [2, 0], 10)).toEqual({
    hits: [
      { route: 'docs', key: 'a', tx: 1, score: 1 },
      { route: 'docs', key: null, tx: 4, score: 0.707107 },
      { route: 'docs', key: 'b', tx: 2, score: 0 },
      { route: 'docs', key: 'c', tx: 3, score: -1 },
    ],
    compared: 4,
    total: 4,
    dimensions: 2,
    indexType: 'brute_force',
  });
});

test('equal scores come in the order of tx, and no more than were asked for', async () => {
  const t = openVectors();
  await t.run(t.put('docs', 'b', [1, 1]), t.put('docs', 'a', [2, 2]), t.put('docs', 'c', [3, 3]));
  expect(names(await t.find(['docs'], [1, 1], 2))).toEqual(['b', 'a']);
  expect(names(await t.find(['docs'], [0, 0], 2))).toEqual(['b', 'a']);
});

test('only vectors of the dimension of the query are compared, on the routes that are named', async () => {
  const t = openVectors();
  await t.run(t.put('docs', 'a', [1, 0]), t.put('docs/long', 'b', [1, 0, 0]), t.put('other', 'c', [1, 0]));
  expect(await t.find(['docs', 'docs/long'], [1, 0, 0], 5)).toMatchObject({
    total: 1,
    compared: 1,
    dimensions: 3,
  });
  expect(await t.find(['nothing'], [1, 0], 5)).toBeUndefined();
  await expect(t.find(['docs', 'docs/long'], [1], 5)).rejects.toMatchObject({
    diagnostic: { code: 'DIMENSION_MISMATCH' },
  });
});

test('what has expired, was removed or replaced is not found, and an older snapshot finds it still', async () => {
  const t = openVectors();
  await t.run(t.put('docs', 'a', [1, 0], 10), t.put('docs', 'b', [1, 0]), t.put('docs', 'c', [1, 0]));
  const before = t.store.snapshot();
  await t.run({ kind: 'delete', route: 'docs', key: 'b' }, t.put('docs', 'c', [0, 1]));
  t.clock.now += 11_000;
  expect(await t.find(['docs'], [1, 0], 5)).toMatchObject({ hits: [{ key: 'c', score: 0 }], total: 1 });
  expect(names(await t.search.search(before, ['docs'], unitVector([1, 0]), 5))).toEqual(['a', 'b', 'c']);
  before.release();
});

test('a state of the past is searched by its rows', async () => {
  const t = openVectors();
  const tx = await t.run(t.put('docs', 'a', [1, 0]), t.put('docs', 'b', [0, 1]));
  await t.run({ kind: 'delete', route: 'docs', key: 'a' }, t.put('docs', 'c', [1, 1]));
  const now = t.store.snapshot();
  expect(names(await t.search.search(now.asOf(tx), ['docs'], unitVector([1, 0]), 5))).toEqual(['a', 'b']);
  await expect(t.search.search(now.asOf(tx), ['docs'], unitVector([1]), 5)).rejects.toMatchObject({
    diagnostic: { code: 'DIMENSION_MISMATCH' },
  });
  now.release();
});

test.each(['f32', 'f16', 'i8'] as const)('a graph of %s finds nearly all that are nearest', async (type) => {
  const t = openVectors(undefined, type);
  const vectors = clusteredVectors(3000, 48);
  await fill(t, 'docs', vectors);
  const queries = clusteredVectors(3040, 48).slice(3000);
  await t.find(['docs'], [...(queries[0] ?? [])], 10);
  await t.search.settled();
  let found = 0;
  for (const query of queries) {
    const answer = await t.find(['docs'], query, 10);
    expect(answer).toMatchObject({ total: 3000, indexType: 'hnsw' });
    // The graph was used.
    expect(answer?.compared).toBeLessThan(100);
    const wanted = exact(vectors, query, 10);
    found += names(answer)?.filter((name) => name !== null && wanted.includes(name)).length ?? 0;
  }
  expect(found / (10 * queries.length)).toBeGreaterThanOrEqual(0.97);
});

test('a search through a graph sees every write before it', async () => {
  const t = openVectors();
  const vectors = clusteredVectors(800, 16);
  await fill(t, 'docs', vectors);
  const query = vectors[7] ?? [];
  expect(names(await t.find(['docs'], query, 1))).toEqual(['v7']);
  await t.search.settled();
  await t.run(t.put('docs', 'new', query), { kind: 'delete', route: 'docs', key: 'v7' });
  expect(names(await t.find(['docs'], query, 1))).toEqual(['new']);
  await t.run(t.put('docs', 'new', vectors[8] ?? []), { kind: 'delete', route: 'docs', key: 'v8' });
  const answer = await t.find(['docs'], query, 100);
  expect(names(answer)).not.toContain('v7');
  expect(names(answer)).not.toContain('v8');
  await t.search.settled();
  expect(names(await t.find(['docs'], vectors[8] ?? [], 1))).toEqual(['new']);
});

test('a graph most of whose vectors are gone is made anew', async () => {
  const t = openVectors();
  await fill(t, 'docs', clusteredVectors(600, 16, 1));
  await t.find(['docs'], clusteredVectors(1, 16)[0] ?? [], 10);
  await t.search.settled();
  for (let round = 2; round < 7; round += 1) await fill(t, 'docs', clusteredVectors(600, 16, round));
  const query = clusteredVectors(600, 16, 6)[5] ?? [];
  for (let i = 0; i < 2; i += 1) {
    const answer = await t.find(['docs'], query, 20);
    expect(answer?.total).toBe(600);
    expect(answer?.hits[0]).toMatchObject({ key: 'v5', score: 1 });
    expect(answer?.hits).toHaveLength(20);
    await t.search.settled();
  }
});

test('a search for many compares all', async () => {
  const t = openVectors();
  const vectors = clusteredVectors(600, 16);
  await fill(t, 'docs', vectors);
  const query = vectors[0] ?? [];
  const answer = await t.find(['docs'], query, 600);
  expect(names(answer)).toEqual(exact(vectors, query, 600));
  expect(answer?.compared).toBe(600);
});

test('routes are searched together: small ones exactly, large ones through their graphs', async () => {
  const t = openVectors();
  const vectors = clusteredVectors(700, 16);
  await fill(t, 'docs/large', vectors.slice(0, 600));
  await fill(t, 'docs/small', vectors.slice(600));
  const query = vectors[650] ?? [];
  for (let i = 0; i < 2; i += 1) {
    const answer = await t.find(['docs', 'docs/large', 'docs/small'], query, 10);
    expect(answer).toMatchObject({ total: 700, indexType: 'hnsw' });
    expect(answer?.hits[0]).toMatchObject({ route: 'docs/small', key: 'v50', score: 1 });
    await t.search.settled();
  }
});

test('what a graph holds is there after a restart', async () => {
  const t = openVectors();
  const vectors = clusteredVectors(1200, 16);
  await fill(t, 'docs', vectors);
  const query = vectors[3] ?? [];
  await t.find(['docs'], query, 5);
  await t.search.settled();
  await closeVectors(t);
  const again = openVectors(t.path);
  const answer = await again.find(['docs'], query, 5);
  expect(names(answer)).toEqual(exact(vectors, query, 5));
  // From its file at once: nothing was compared one by one.
  expect(answer?.compared).toBeLessThan(50);
});
