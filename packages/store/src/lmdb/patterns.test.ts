import { patternRecord } from '@drops/ir';
import { expect, test } from 'vitest';
import { add, merge, openTestStore, put, remove } from './testing/temporary-store.fixture.js';

const person = patternRecord(
  [
    { name: 'name', type: 'text', required: true, array: false },
    { name: 'age', type: 'number', required: false, array: false },
  ],
  '1',
);

test('a pattern checks the writes of the route of its name', async () => {
  const { run, refused, get, store } = openTestStore();
  await run(put('people', 'old', { age: 'unknown' }));
  await run(put('patterns', 'people', person));
  expect(store.snapshot().definitions.patterns.get('people')).toMatchObject({ name: 'people', version: '1' });
  expect(await refused(put('people', 'a', { age: 'x' }))).toMatchObject({
    code: 'SCHEMA_VIOLATION',
    status: 400,
    details: [
      { field: 'name', message: 'name is required' },
      { field: 'age', message: 'age must be a number' },
    ],
  });
  await run(put('people', 'a', { name: 'A', age: 1, extra: true }), put('people/below', 'x', 1));
  expect(await refused(merge('people', 'a', { name: null }))).toMatchObject({ code: 'SCHEMA_VIOLATION' });
  expect(await refused(put('people', null, 5))).toMatchObject({ code: 'SCHEMA_VIOLATION' });
  expect(await refused(add('people', 'nobody', ['age'], 1))).toMatchObject({ code: 'SCHEMA_VIOLATION' });
  expect(await refused(put('people', 'b', { name: 'B' }), put('people', 'c', {}))).toMatchObject({
    details: [{ index: 1 }, { field: 'name' }],
  });
  expect(get('people', 'nobody')).toBeUndefined();
  expect(get('people', 'old')).toMatchObject({ payload: { age: 'unknown' } });
});

test('a payload may name a pattern; a name that is none is data', async () => {
  const { run, refused } = openTestStore();
  await run(put('patterns', 'person', person));
  expect(await refused(put('any', 'a', { pattern: 'person' }))).toMatchObject({ code: 'SCHEMA_VIOLATION' });
  await run(put('any', 'a', { pattern: 'person', name: 'A' }), put('any', 'b', { pattern: 'nothing' }));
});

test('definitions change within a unit, and raise the epoch', async () => {
  const { run, refused, store } = openTestStore();
  expect(store.snapshot().definitions.epoch).toBe(0);
  expect(await refused(put('patterns', 'p', person), put('p', 'a', {}))).toMatchObject({
    details: [{ index: 1 }, {}],
  });
  await run(put('patterns', 'p', person));
  await run(put('other', 'a', 1));
  expect(store.snapshot().definitions.epoch).toBe(1);
  await run(remove('patterns', 'p'), put('p', 'a', {}), put('_views', 'v', { relation: 1 }));
  const { definitions } = store.snapshot();
  expect(definitions.epoch).toBe(5);
  expect(definitions.patterns.size).toBe(0);
  expect(definitions.views.get('v')).toEqual({ relation: 1 });
  expect(store.snapshot().asOf(1).definitions.patterns.has('p')).toBe(true);
});
