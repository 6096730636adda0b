import { expect, test } from 'vitest';
import { bundleProgram, startChild } from '../testing/child.fixture.js';
import { parseReaders, watchSpace } from './space.js';
import { openTestStore, put } from '../testing/temporary-store.fixture.js';

test('the listing of LMDB is read: open transactions alone', () => {
  expect(parseReaders('(no active readers)\n')).toEqual([]);
  const list = '\t\tpid\t\t thread\t\t txnid\n     15820 7fb0c1e74c80 -\n     15821 7fb0c1e74c81 1007\n';
  expect(parseReaders(list)).toEqual([{ pid: 15_821, thread: '7fb0c1e74c81', transaction: 1007 }]);
});

test('a reader of another process that holds on is told of once, and its place is cleared when it dies', async () => {
  const { environment, run, path, store } = openTestStore(undefined, undefined, 'relaxed');
  await run(put('r', 'k', { i: 0 }));
  environment.checkpoint();
  let now = 0;
  const lines: string[] = [];
  const watch = watchSpace(
    environment,
    () => now,
    (line) => lines.push(line),
  );
  const child = startChild(await bundleProgram('holding-program.fixture'), [path]);
  expect(await child.line()).toBe('holding');
  watch.check();
  // It sees the newest state: nothing is kept from being used again.
  expect(watch.space().oldestReader).toBe(0);

  for (let i = 1; i <= 10; i += 1) await run(put('r', 'k', { i }));
  watch.check();
  now += 59_000;
  watch.check();
  expect(lines).toEqual([]);
  expect(watch.space().oldestReader).toBe(59_000);
  now += 1000;
  watch.check();
  now += 60_000;
  watch.check();
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(
    new RegExp(
      `^warning: process ${child.process.pid} reads a state of 60 s ago, \\d+ transactions back: the file grows`,
    ),
  );

  const held = watch.space();
  for (let i = 0; i < 50; i += 1) await run(put('r', 'k', { i }));
  // Whatever these commits freed is kept for the reader.
  expect(watch.space().freePages).toBeGreaterThan(held.freePages + 100);
  child.process.kill('SIGKILL');
  await child.ended;
  environment.checkpoint();
  watch.check();
  const { pages, freePages, oldestReader } = watch.space();
  expect(oldestReader).toBe(0);
  expect(freePages).toBeLessThan(pages);
  for (let i = 0; i < 50; i += 1) {
    await run(put('r', 'k', { i }));
    // Pages are used again after a checkpoint.
    environment.checkpoint();
  }
  // It is used again now.
  expect(watch.space().pages).toBeLessThan(pages + 20);
  expect(store.admin.space().pages).toBe(watch.space().pages);
});
