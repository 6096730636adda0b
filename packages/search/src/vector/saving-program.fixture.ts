import { join } from 'node:path';
import { unitVector } from '@drops/ir';
import { openLmdbStore } from '@drops/store';
import { openVectorSearch } from './open-vector-search.js';

/* Adds vectors and searches for ever, so that graphs keep being saved; prints how many were acknowledged. */
const [, , path = '', from = '0'] = process.argv;
const store = openLmdbStore({ path, durability: 'relaxed' });
const search = openVectorSearch({ store, folder: join(path, 'vectors') });
const dimension = 8;
for (let n = Number(from); ; n += 500) {
  const operations = Array.from({ length: 500 }, (_, i) => {
    const vector = Array.from({ length: dimension }, (_, d) => Math.sin((n + i) * Math.sqrt(d + 2)));
    return { kind: 'put', route: 'docs', key: `v${n + i}`, payload: { vector } } as const;
  });
  await store.commit({ operations, writer: null });
  process.stdout.write(`${n + 500}\n`);
  const snapshot = store.snapshot();
  await search.search(snapshot, ['docs'], unitVector(Array.from({ length: dimension }, () => 1)), 5);
  snapshot.release();
  await search.settled();
}
