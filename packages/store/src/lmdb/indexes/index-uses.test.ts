import { expect, test } from 'vitest';
import {
  closeStore,
  openTestStore,
  put,
  remove,
  type TestStore,
} from '../testing/temporary-store.fixture.js';

const definition = put('_indexes', 'i', { route: 'r', fields: [['a']], created: 'manual' });

function use({ store }: TestStore): void {
  const snapshot = store.snapshot();
  const [index] = snapshot.indexes('r');
  const path = {
    kind: 'IndexScan',
    route: 'r',
    index: index?.id ?? 0,
    fields: [['a']],
    equal: [1],
    order: { kind: 'natural' },
    rows: 'all',
  } as const;
  snapshot.run(path)?.close();
  snapshot.release();
}

const usesOf = ({ store }: TestStore): readonly (readonly [number, number])[] =>
  store
    .snapshot()
    .indexes('r')
    .map(({ used, lastUsed }) => [used, lastUsed]);

test('uses of an index are counted over all processes, outlive them, and go with the index', async () => {
  const clock = { now: 1000 };
  const first = openTestStore(undefined, clock);
  await first.run(definition, put('r', 'k', { a: 1 }));
  const second = openTestStore(first.path, clock);
  expect(usesOf(first)).toEqual([[0, 1000]]);
  first.store.admin.shareIndexUses();
  clock.now = 2000;
  expect(usesOf(first)).toEqual([[0, 1000]]);
  use(first);
  use(first);
  clock.now = 3000;
  use(second);
  expect([usesOf(first), usesOf(second)]).toEqual([[[2, 2000]], [[1, 3000]]]);
  first.store.admin.shareIndexUses();
  second.store.admin.shareIndexUses();
  expect(usesOf(second)).toEqual([[3, 3000]]);
  clock.now = 4000;
  use(second);
  await closeStore(second);
  first.store.admin.shareIndexUses();
  expect(usesOf(first)).toEqual([[4, 4000]]);
  await first.run(remove('_indexes', 'i'));
  await first.run(definition);
  expect(usesOf(first)).toEqual([[0, 4000]]);
});
