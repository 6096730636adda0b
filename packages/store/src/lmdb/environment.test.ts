import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openEnvironment, type Environment } from './environment.js';
import { readerOf } from './reader.js';
import { checkFormat, writeFormat } from './format.js';
import { openStoreParts } from './open-lmdb-store.js';
import { derivedBytes } from './testing/table-bytes.fixture.js';
import { add, closeStore, openTestStore, put, temporaryFolder } from './testing/temporary-store.fixture.js';

let environment: Environment;
beforeEach(() => {
  environment = openEnvironment({ path: join(temporaryFolder(), 'data'), durability: 'full' });
});
afterEach(() => environment.close());

const row = Buffer.from('value');
const keys = (query: {
  readonly start: string;
  readonly end: string;
  readonly reverse?: boolean;
  readonly limit?: number;
}) => [...readerOf().keys(environment.log, query)];

test('the work of a write transaction returns nothing: with a promise lmdb would answer before the disk', () => {
  const returnsPromise: () => void = () => environment.log.put('a', row);
  expect(() => environment.write(returnsPromise)).toThrow(/returns nothing/);
  expect(keys({ start: '', end: '\xff' })).toEqual([]);
  environment.write(() => {
    environment.log.putSync('a', row);
  });
  expect(keys({ start: '', end: '\xff' })).toEqual(['a']);
});

test('a write that throws leaves nothing', () => {
  const work = () => {
    environment.log.putSync('a', row);
    throw new Error('stop');
  };
  expect(() => environment.write(work)).toThrow('stop');
  expect(readerOf().get(environment.log, 'a')).toBeUndefined();
});

test('ranges hold their start and not their end, both ways', () => {
  environment.write(() => {
    for (const key of ['a', 'b', 'c', 'd']) environment.log.putSync(key, row);
  });
  expect(keys({ start: 'b', end: 'd' })).toEqual(['b', 'c']);
  expect(keys({ start: 'b', end: 'd', reverse: true })).toEqual(['c', 'b']);
  expect(keys({ start: 'aa', end: 'cc', reverse: true })).toEqual(['c', 'b']);
  expect(keys({ start: '', end: '\xff', reverse: true, limit: 1 })).toEqual(['d']);
  expect(keys({ start: 'e', end: '\xff' })).toEqual([]);
});

test('a value outlives the next read when it came from a range; large values read whole', () => {
  environment.write(() => {
    environment.log.putSync('a', Buffer.alloc(100_000, 'a'));
    environment.log.putSync('b', Buffer.alloc(100_000, 'b'));
  });
  const [first, second] = [...readerOf().range(environment.log, { start: '', end: '\xff' })];
  expect(readerOf().get(environment.log, 'b')?.equals(Buffer.alloc(100_000, 'b'))).toBe(true);
  expect(first?.value.equals(Buffer.alloc(100_000, 'a'))).toBe(true);
  expect(second?.value.length).toBe(100_000);
});

test('a newer format is refused, other derived tables are made anew', async () => {
  const opened = openTestStore();
  await opened.run(put('r', 'k', { n: 1 }), add('r', 'k', ['n'], 1));
  const bytes = derivedBytes(opened.environment);
  const note = (format: object) =>
    opened.environment.write(() => {
      opened.environment.meta.putSync('format', Buffer.from(JSON.stringify(format)));
      opened.environment.current.clearSync();
    });
  note({ truth: 1, derived: { current: 0 } });
  await closeStore(opened);
  const again = openTestStore(opened.path);
  expect(derivedBytes(again.environment)).toEqual(bytes);
  again.environment.write(() => {
    again.environment.meta.putSync('format', Buffer.from(JSON.stringify({ truth: 3 })));
  });
  await closeStore(again);
  expect(() => openStoreParts({ path: opened.path })).toThrow(/format 3; this version reads format 2/);
});

test('a format that is up to date is left alone', () => {
  writeFormat(environment);
  checkFormat(environment, readerOf(), () => {
    throw new Error('nothing is to be made anew');
  });
});

test('a store whose making was cut off before its first sync is made anew', async () => {
  const folder = temporaryFolder();
  const file = Buffer.alloc(8192);
  file.fill(7, 4136, 4264);
  writeFileSync(join(folder, 'store.mdb'), file);
  const opened = openTestStore(folder);
  await opened.run(put('r', 'k', 1));
  await closeStore(opened);
  expect(openTestStore(folder).get('r', 'k')).toMatchObject({ payload: 1 });
});

test('a large file without a beginning is no store, and is left alone', () => {
  const folder = temporaryFolder();
  const file = Buffer.alloc(100_000);
  writeFileSync(join(folder, 'store.mdb'), file);
  expect(() => openStoreParts({ path: folder })).toThrow(/cannot be opened/);
  expect(readFileSync(join(folder, 'store.mdb')).equals(file)).toBe(true);
});

test('what is no store cannot be opened', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'file'), 'text');
  writeFileSync(join(folder, 'store.mdb'), 'something else '.repeat(1000));
  expect(() => openStoreParts({ path: join(folder, 'file') })).toThrow(/cannot be opened/);
  expect(() => openStoreParts({ path: folder })).toThrow(/cannot be opened/);
});
