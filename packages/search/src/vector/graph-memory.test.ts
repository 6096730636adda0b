import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { clusteredVectors, openVectors, temporaryFolder, type TestVectors } from './vectors.fixture.js';

const vectors = clusteredVectors(600, 16);
const query = vectors[42] ?? [];
const routes = ['a', 'b', 'c'];

async function filled(memory: number): Promise<TestVectors> {
  const t = openVectors(temporaryFolder(), 'f32', memory);
  for (const route of routes) await t.run(...vectors.map((v, i) => t.put(route, `v${i}`, v)));
  for (const route of routes) {
    await t.find([route], query, 5);
    await t.search.settled();
  }
  return t;
}

/** Whether a search was answered by a graph that holds all: else everything is compared. */
async function fromGraph(t: TestVectors, route: string): Promise<boolean> {
  const answer = await t.find([route], query, 5);
  expect(answer?.hits[0]).toMatchObject({ key: 'v42', score: 1 });
  return (answer?.compared ?? 0) < 100;
}

test('what does not fit goes, the one that was searched longest ago first, and comes back out of its file', async () => {
  // Room for one of them.
  const t = await filled(300_000);
  expect(readdirSync(t.graphs)).toHaveLength(2);
  // The last one is there and not saved yet; the others are opened again, each for the one before it.
  for (const route of [...routes].reverse()) expect(await fromGraph(t, route)).toBe(true);
  await t.run(t.put('a', 'v42', vectors[43] ?? []), t.put('a', 'other', query));
  const answer = await t.find(['a'], query, 1);
  expect(answer?.hits[0]?.key).toBe('other');
});

test('where memory has no limit all stay', async () => {
  const t = await filled(0);
  for (const route of routes) expect(await fromGraph(t, route)).toBe(true);
});
