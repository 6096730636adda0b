import { expect, test } from 'vitest';
import {
  add,
  drain,
  history,
  merge,
  openTestStore,
  put,
  remove,
} from '../testing/temporary-store.fixture.js';

test('an increment of nothing makes version 1 with an empty payload', async () => {
  const { run, get, store } = openTestStore();
  const { results, tx } = await run(add('r', 'k', ['n'], 2));
  expect(results).toEqual([{ kind: 'increment', value: 2, tx: 2 }]);
  expect(tx).toBe(2);
  expect(get('r', 'k')).toMatchObject({ payload: { n: 2 }, version: 1, tx: 1 });
  expect(drain(store.snapshot(), history('r'))).toMatchObject([{ payload: {}, tx: 1 }]);
});

test('an increment changes nothing of its drop but the value', async () => {
  const { run, get, clock } = openTestStore();
  await run(put('r', 'k', { n: 5, s: 'x' }));
  const before = get('r', 'k');
  clock.now += 1000;
  await run(add('r', 'k', ['n'], 2.5));
  expect(get('r', 'k')).toEqual({ ...(typeof before === 'object' && before), payload: { n: 7.5, s: 'x' } });
});

test('nested paths are merged into the payload', async () => {
  const { run, get } = openTestStore();
  await run(put('r', 'k', { stats: { views: 1, name: 'x' }, list: [{ n: 1 }, 2] }));
  await run(add('r', 'k', ['stats', 'views'], 1), add('r', 'k', ['stats', 'deep', 'likes'], 3));
  await run(
    add('r', 'k', ['list', 0, 'n'], 4),
    add('r', 'k', ['list', 1], 5),
    add('r', 'k', ['__proto__'], 1),
  );
  const stats = { views: 2, name: 'x', deep: { likes: 3 } };
  const payload = Object.defineProperty({ stats, list: [{ n: 5 }, 7] }, '__proto__', {
    value: 1,
    enumerable: true,
  });
  expect(get('r', 'k')).toHaveProperty('payload', payload);
});

test('adding to what is no number is TYPE_ERROR', async () => {
  const { run, refused, get } = openTestStore();
  await run(put('r', 'k', { text: 'x', list: [1], nothing: null, big: 1e308 }), put('r', 'array', [1]));
  for (const path of [['text'], ['text', 'deep'], ['list'], ['list', 5], ['list', 'n']]) {
    expect(await refused(add('r', 'k', path, 1))).toMatchObject({ code: 'TYPE_ERROR', status: 400 });
  }
  expect(await refused(add('r', 'array', ['n'], 1))).toMatchObject({ code: 'TYPE_ERROR' });
  expect(await refused(add('r', 'k', ['big'], 1e308))).toMatchObject({ code: 'TYPE_ERROR' });
  expect(await refused(add('r', 'k', ['n'], Number.NaN))).toMatchObject({ code: 'TYPE_ERROR' });
  await run(add('r', 'k', ['nothing'], 1));
  expect(get('r', 'k')).toMatchObject({ payload: { nothing: 1, list: [1] }, version: 1 });
});

test('a save that does not name the counter keeps it, one that names it sets it', async () => {
  const { run, get } = openTestStore();
  await run(put('r', 'k', { n: 1, a: 1 }), add('r', 'k', ['n'], 1), add('r', 'k', ['o', 'm'], 1));
  await run(put('r', 'k', { a: 2 }));
  expect(get('r', 'k')).toMatchObject({ payload: { a: 2, n: 2, o: { m: 1 } } });
  await run(merge('r', 'k', { a: 3 }));
  expect(get('r', 'k')).toMatchObject({ payload: { a: 3, n: 2, o: { m: 1 } } });
  await run(put('r', 'k', { n: 10 }));
  expect(get('r', 'k')).toMatchObject({ payload: { n: 10, o: { m: 1 } } });
  await run(add('r', 'k', ['n'], 1), merge('r', 'k', { o: { z: 1 } }));
  expect(get('r', 'k')).toMatchObject({ payload: { n: 11, o: { z: 1 } } });
  await run(merge('r', 'k', { n: null }));
  expect(get('r', 'k')).toHaveProperty('payload', { o: { z: 1 } });
  await run(add('r', 'k', ['n'], 1));
  expect(get('r', 'k')).toMatchObject({ payload: { n: 1 } });
  await run(put('r', 'k', 'text'));
  expect(get('r', 'k')).toMatchObject({ payload: 'text' });
});

test('removal and expiry clear all counters', async () => {
  const { run, get, clock } = openTestStore();
  await run(add('r', 'k', ['n'], 5), remove('r', 'k'), add('r', 'k', ['n'], 1));
  expect(get('r', 'k')).toMatchObject({ payload: { n: 1 }, version: 3 });
  await run(put('r', 'k', {}, 10));
  expect(get('r', 'k')).toMatchObject({ payload: { n: 1 } });
  clock.now += 10_000;
  await run(add('r', 'k', ['n'], 1));
  expect(get('r', 'k')).toMatchObject({ payload: { n: 1 }, version: 5 });
});

test('as of a tx shows the counters of that time', async () => {
  const { run, store } = openTestStore();
  await run(put('r', 'k', { n: 1 }));
  await run(add('r', 'k', ['n'], 1));
  await run(add('r', 'k', ['m'], 1));
  await run(put('r', 'k', { n: 0 }));
  await run(remove('r', 'k'));
  const snapshot = store.snapshot();
  const at = (tx: number) => {
    const drop = snapshot.asOf(tx).get('r', 'k');
    return typeof drop === 'object' ? drop.payload : drop;
  };
  expect([0, 1, 2, 3].map(at)).toEqual([undefined, { n: 1 }, { n: 2 }, { n: 2, m: 1 }]);
  // The save writes a record that clears the counter, then its version.
  expect([4, 5, 6].map(at)).toEqual([{ n: 2, m: 1 }, { n: 0, m: 1 }, 'deleted']);
});

test('many increments at once lose nothing', async () => {
  const { run, get } = openTestStore();
  await Promise.all(Array.from({ length: 500 }, () => run(add('r', 'k', ['n'], 1))));
  expect(get('r', 'k')).toMatchObject({ payload: { n: 500 } });
});
