import { expect, test } from 'vitest';
import { rowsOf } from '../testing/table-bytes.fixture.js';
import {
  add,
  closeStore,
  openTestStore,
  put,
  remove,
  type TestStore,
} from '../testing/temporary-store.fixture.js';

const open = (segment: number, path?: string): TestStore =>
  openTestStore(path, undefined, 'relaxed', undefined, undefined, segment);

/** What a drop was as of each tx: after the last whole commit up to it. */
function valuesOf({ store }: TestStore, key: string, last: number): readonly unknown[] {
  const snapshot = store.snapshot();
  const values = Array.from({ length: last }, (_, i) => {
    const found = snapshot.asOf(i + 1).get('r', key);
    return typeof found === 'object' ? found.payload : found;
  });
  snapshot.release();
  return values;
}

test('the history of a counter is the same for every length of a segment', async () => {
  const found = [];
  for (const segment of [1, 4, 8192]) {
    const opened = open(segment);
    await opened.run(put('r', 'k', { a: 1 }));
    for (let i = 0; i < 5; i += 1) await opened.run(add('r', 'k', ['n'], 1), add('r', 'other', ['n'], 1));
    await opened.run(add('r', 'k', ['m', 'deep'], 2), put('r', 'k', { n: 7 }));
    await opened.run(remove('r', 'k'));
    await opened.run(add('r', 'k', ['n'], 1));
    found.push(valuesOf(opened, 'k', opened.store.snapshot().tx));
    await closeStore(opened);
  }
  expect(found[0]).toContainEqual({ a: 1, n: 5 });
  expect(found[0]?.slice(-3)).toEqual(['deleted', 'deleted', { n: 1 }]);
  expect(found[1]).toEqual(found[0]);
  expect(found[2]).toEqual(found[0]);
});

test('a segment that two writers wrote is the one that a rebuild makes', async () => {
  const one = open(10);
  const two = open(10, one.path);
  for (let i = 0; i < 60; i += 1) {
    await (i % 3 === 0 ? one : two).run(add('r', `k${i % 4}`, ['n'], i));
    if (i % 20 === 19) await one.run(remove('r', `k${i % 4}`));
  }
  await two.run(...Array.from({ length: 35 }, (_, i) => add('r', 'k1', ['n'], i)));
  // The one that wrote last reads what is newest.
  const before = rowsOf(two.environment.counterHistory);
  expect(before.length).toBeGreaterThan(10);
  one.store.admin.rebuild();
  expect(rowsOf(one.environment.counterHistory)).toEqual(before);
});

test('rows of a segment are written when it is whole, and a refused unit leaves nothing in them', async () => {
  const opened = open(4);
  const rows = () => rowsOf(opened.environment.counterHistory).length;
  await opened.run(put('r', 'k', {}), add('r', 'k', ['n'], 1));
  await opened.refused(add('r', 'k', ['n'], 1), remove('r', 'absent'));
  expect(rows()).toBe(0);
  await opened.run(add('r', 'k', ['n'], 1), add('r', 'k', ['n'], 1));
  expect(rows()).toBe(1);
  expect(valuesOf(opened, 'k', 4)).toEqual([undefined, { n: 1 }, { n: 1 }, { n: 3 }]);
});
