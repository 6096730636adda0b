import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openEnvironment, type Environment } from '../environment.js';
import { readerOf } from '../reader.js';
import { rowsOf } from '../testing/table-bytes.fixture.js';
import { temporaryFolder } from '../testing/temporary-store.fixture.js';
import { recordLimit } from './change-record.js';

const opened: Environment[] = [];
afterEach(async () => {
  for (const environment of opened.splice(0)) await environment.close();
});

function openAt(path: string, boot = 'first', durability: 'full' | 'relaxed' = 'full'): Environment {
  const environment = openEnvironment({ path, durability, boot });
  opened.push(environment);
  return environment;
}

/** What a disk holds that took nothing unasked: the data file as it was once, the others as they are. */
function createDisk(path: string) {
  const image = temporaryFolder();
  const copy = (name: string): void => {
    if (existsSync(join(path, name))) copyFileSync(join(path, name), join(image, name));
  };
  return {
    takeData: () => copy('store.mdb'),
    /** Opens what is found after the machine was started again. */
    startAgain(boot = 'second'): Environment {
      for (const name of ['store.log', 'checkpoint.mdb']) copy(name);
      return openAt(image, boot);
    },
  };
}

const value = (text: string | number): Buffer => Buffer.from(String(text));
const put = (environment: Environment, key: string, text: string | number): void =>
  environment.write(() => {
    environment.log.putSync(key, value(text));
  });
const textOf = (environment: Environment, key: string): string | undefined =>
  readerOf().get(environment.log, key)?.toString();

function makePath(): string {
  const path = join(temporaryFolder(), 'data');
  mkdirSync(path);
  return path;
}

test('what was written since the last checkpoint comes out of the log', () => {
  const path = makePath();
  const environment = openAt(path);
  put(environment, 'a', 1);
  environment.checkpoint();
  const disk = createDisk(path);
  disk.takeData();
  for (let i = 0; i < 100; i += 1) put(environment, `k${i % 10}`, i);
  environment.write(() => {
    environment.current.putSync('row', value('x'));
    environment.log.removeSync('k3');
  });
  environment.write(() => {
    environment.current.clearSync();
    environment.current.putSync('other', value('y'));
  });
  const again = disk.startAgain();
  expect(rowsOf(again.log)).toEqual(rowsOf(environment.log));
  expect(rowsOf(again.current)).toEqual(rowsOf(environment.current));
  put(again, 'later', 1);
  expect(textOf(again, 'later')).toBe('1');
});

test('in the same boot the data file is taken as it is', async () => {
  const path = makePath();
  const environment = openAt(path);
  put(environment, 'a', 1);
  environment.checkpoint();
  const disk = createDisk(path);
  put(environment, 'a', 2);
  disk.takeData();
  expect(textOf(disk.startAgain('first'), 'a')).toBe('2');
});

test('a machine that is started again twice, and a store that is closed, lose nothing', async () => {
  const path = makePath();
  const environment = openAt(path);
  put(environment, 'a', 1);
  await environment.close();
  const second = openAt(path, 'second');
  put(second, 'b', 2);
  const disk = createDisk(path);
  disk.takeData();
  const third = disk.startAgain('third');
  expect([textOf(third, 'a'), textOf(third, 'b')]).toEqual(['1', '2']);
});

test('a write that is too long for the log is durable without it, and those after it follow', () => {
  const path = makePath();
  const environment = openAt(path);
  put(environment, 'a', 1);
  const long = 'x'.repeat(recordLimit);
  put(environment, 'long', long);
  const disk = createDisk(path);
  disk.takeData();
  put(environment, 'b', 2);
  put(environment, 'c', 3);
  const again = disk.startAgain();
  expect(textOf(again, 'long')?.length).toBe(long.length);
  expect([textOf(again, 'a'), textOf(again, 'b'), textOf(again, 'c')]).toEqual(['1', '2', '3']);
});

test('records of two writers follow each other, also when the log is gone round many times', () => {
  const path = makePath();
  const writers = [openAt(path), openAt(path)] as const;
  const filler = 'x'.repeat(200_000);
  const disk = createDisk(path);
  for (let i = 0; i < 60; i += 1) put(writers[i % 2 === 0 ? 0 : 1], `k${i % 7}`, `${i} ${filler}`);
  for (const writer of writers) writer.checkpoint();
  disk.takeData();
  for (let i = 60; i < 63; i += 1) put(writers[i % 2 === 0 ? 0 : 1], `k${i % 7}`, `${i} ${filler}`);
  expect(rowsOf(disk.startAgain().log)).toEqual(rowsOf(writers[0].log));
});

test('pages of a checkpoint are not used again before the next one', () => {
  const path = makePath();
  const environment = openAt(path);
  for (let i = 0; i < 50; i += 1) put(environment, `k${i}`, 'x'.repeat(2000));
  environment.checkpoint();
  const before = openAt(path);
  for (let i = 0; i < 50; i += 1) put(environment, `k${i}`, `${i}`);
  const disk = createDisk(path);
  // All pages that were written since are on disk, too: none of them is one of the checkpoint.
  disk.takeData();
  put(before, 'last', 1);
  const again = disk.startAgain();
  expect(rowsOf(again.log)).toEqual(rowsOf(environment.log));
});

test('what LMDB refuses after it was logged does not come back', () => {
  const path = makePath();
  const environment = openAt(path);
  put(environment, 'a', 1);
  environment.checkpoint();
  const disk = createDisk(path);
  disk.takeData();
  const commit = environment.root.transactionSync;
  // What LMDB writes at the end of a transaction finds no room.
  environment.root.transactionSync = new Proxy(commit, {
    apply(target, self, [work, flags]) {
      const refused = (): void => {
        work();
        throw Object.assign(new Error('No space left on device'), { code: 28 });
      };
      return Reflect.apply(target, self, [refused, flags]);
    },
  });
  expect(() => put(environment, 'a', 2)).toThrow(/disk refused/);
  environment.root.transactionSync = commit;
  expect(textOf(environment, 'a')).toBe('1');
  expect(textOf(disk.startAgain(), 'a')).toBe('1');
});

test('what is written outside a transaction of the environment is refused', () => {
  const environment = openAt(makePath());
  expect(() => environment.log.putSync('a', value(1))).toThrow(/would not be durable/);
});
