import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from '@drops/engine';
import { openLmdbStore } from '@drops/store';
import { afterEach, expect, test } from 'vitest';
import { writersOf } from './writers.js';

const folder = mkdtempSync(join(tmpdir(), 'drops-writers-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What each writer of a round finds applied after some statements. */
async function appliedAfter(name: string, statements: readonly string[]): Promise<readonly unknown[]> {
  const data = join(folder, name);
  const engine = await open({ data, durability: 'relaxed' });
  for (const text of statements) expect((await engine.exec(text)).status, text).toBe(200);
  await engine.close();
  const store = openLmdbStore({ path: data });
  const snapshot = store.snapshot();
  const applied = await Promise.all(
    writersOf(0).map(async (writer) => {
      try {
        return await writer.applied(snapshot);
      } catch (error) {
        return String(error);
      }
    }),
  );
  snapshot.release();
  await store.close();
  return applied;
}

test('writers find what they wrote', async () => {
  const statements = writersOf(0).flatMap((writer, w) =>
    Array.from({ length: w + 1 }, (_, i) => writer.statement(i)),
  );
  expect(await appliedAfter('whole', statements)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test('writers notice what is lost, halved or changed', async () => {
  const [saver, other, rewriter, appender, , , , remover] = writersOf(0);
  const found = await appliedAfter('broken', [
    // The first of two is lost.
    saver?.statement(1) ?? '',
    (other?.statement(0) ?? '').replace('n: 0', 'n: 5'),
    rewriter?.statement(4) ?? '',
    appender?.statement(1) ?? '',
    'add 1 to counters @0-a n',
    'save batches @0-0-3 n: 0',
    remover?.statement(0) ?? '',
    remover?.statement(0) ?? '',
  ]);
  expect(found).toEqual([
    0,
    expect.stringContaining('something else than was written'),
    expect.stringContaining('version 1 holds n 4'),
    expect.stringContaining('event 0 is'),
    1,
    0,
    expect.stringContaining('there by half'),
    expect.stringContaining('in a wrong state'),
  ]);
});
