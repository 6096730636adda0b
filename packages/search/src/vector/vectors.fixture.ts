import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unitVector } from '@drops/ir';
import { openLmdbStore, type LocalStore, type Operation } from '@drops/store';
import { afterEach } from 'vitest';
import { openVectorSearch, type OpenVectorSearch } from './open-vector-search.js';
import type { VectorType } from './graph.js';
import type { VectorAnswer } from './vector-index.js';

/** A store with a vector search whose clock the test sets. */
export interface TestVectors {
  readonly store: LocalStore;
  readonly search: OpenVectorSearch;
  readonly path: string;
  readonly graphs: string;
  readonly clock: { now: number };
  put(route: string, key: string | null, vector: readonly number[], ttl?: number): Operation;
  run(...operations: Operation[]): Promise<number>;
  find(
    routes: readonly string[],
    vector: readonly number[],
    count: number,
  ): Promise<VectorAnswer | undefined>;
}

const opened: TestVectors[] = [];
const folders: string[] = [];

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'drops-vectors-'));
  folders.push(folder);
  return folder;
}

/** Closes what a test opened, before its end or after it. */
export async function closeVectors(test: TestVectors): Promise<void> {
  opened.splice(opened.indexOf(test), 1);
  await test.search.close();
  await test.store.close();
}

afterEach(async () => {
  for (const test of [...opened]) await closeVectors(test);
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export function openVectors(path = temporaryFolder(), type?: VectorType, memory?: number): TestVectors {
  const clock = { now: 1_000_000_000_000 };
  const store = openLmdbStore({ path, clock: () => clock.now, durability: 'relaxed' });
  const graphs = join(path, 'vectors');
  const search = openVectorSearch({ store, folder: graphs, type, memory });
  const test: TestVectors = {
    store,
    search,
    path,
    graphs,
    clock,
    put: (route, key, vector, ttl) => ({
      kind: 'put',
      route,
      key,
      payload: { vector },
      ...(ttl !== undefined && { ttl }),
    }),
    run: async (...operations) => (await store.commit({ operations, writer: null })).tx,
    async find(routes, vector, count) {
      const snapshot = store.snapshot();
      try {
        return await search.search(snapshot, routes, unitVector(vector), count);
      } finally {
        snapshot.release();
      }
    },
  };
  opened.push(test);
  return test;
}

/** Numbers from 0 to 1 that are the same in every run (Numerical Recipes' congruential generator). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Vectors about some centres, as embeddings lie: vectors without any structure make every graph look broken. */
export function clusteredVectors(count: number, dimension: number, seed = 1): readonly (readonly number[])[] {
  const random = seeded(seed);
  // About normal, by the sum of six.
  const normal = (): number => Array.from({ length: 6 }, random).reduce((a, b) => a + b) - 3;
  const point = (): readonly number[] => Array.from({ length: dimension }, normal);
  const centres = Array.from({ length: Math.ceil(Math.sqrt(count)) }, point);
  return Array.from({ length: count }, () => {
    const centre = centres[Math.floor(random() * centres.length)] ?? [];
    return centre.map((n) => n + 0.6 * normal());
  });
}
