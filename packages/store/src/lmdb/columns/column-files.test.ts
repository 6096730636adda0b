import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ColumnName } from '../../columns.js';
import { readerOf } from '../reader.js';
import { readHead } from '../head.js';
import { createIndexRegistry } from '../indexes/index-registry.js';
import { createRoutes } from '../rows/routes.js';
import {
  closeStore,
  openTestStore,
  put,
  temporaryFolder,
  type TestStore,
} from '../testing/temporary-store.fixture.js';
import type { CachedColumn } from './budget.js';
import { createColumnCache, type ColumnCache } from './column-cache.js';
import { saveColumns } from './column-file.js';
import { createColumnFiles } from './column-files.js';
import { RouteRows } from './route-rows.js';
import { check, names, operation } from './testing/columns.fixture.js';

const memory = 1 << 26;

/** One process after the other over a store, each with the columns that the last one left. */
function openCaches(t: TestStore, folder = join(t.path, 'left')) {
  const { environment, store, clock } = t;
  const indexes = createIndexRegistry(environment, readerOf(), () => clock.now);
  const routes = createRoutes(environment);
  const next = (): ColumnCache =>
    createColumnCache(memory, createColumnFiles(environment, readerOf(), folder, 0));
  let cache = next();
  return {
    folder,
    /** Compares the columns with a scan, and gives the texts that each one knows. */
    look(wanted: readonly ColumnName[]): readonly (readonly string[])[] | undefined {
      const snapshot = store.snapshot();
      const transaction = environment.root.useReadTransaction();
      const reader = readerOf(transaction);
      const { tx } = readHead(environment, reader);
      const view = {
        environment,
        routes,
        indexes,
        reader,
        tx,
        now: snapshot.now,
        past: false,
        parsers: undefined,
      };
      const columns = cache.open(() => view, 'r', wanted);
      if (columns) check(snapshot, columns, wanted);
      const texts = columns?.columns.map(({ dictionary }) => [...dictionary]);
      columns?.release();
      transaction.done();
      snapshot.release();
      return texts;
    },
    async restart(): Promise<void> {
      await cache.close();
      cache = next();
    },
    forget: () => cache.forget(),
    close: () => cache.close(),
  };
}

const step = fc.record({
  operations: fc.array(operation, { minLength: 1, maxLength: 4 }),
  wait: fc.constantFrom(0, 0, 1, 900, 3000),
  wanted: fc.uniqueArray(fc.nat({ max: names.length - 1 }), { maxLength: 4 }),
  restart: fc.boolean(),
});

test('columns that went through files say what a scan says, whatever was written since', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const t = openTestStore(undefined, undefined, 'relaxed');
      const caches = openCaches(t);
      for (const { operations, wait, wanted, restart } of steps) {
        t.clock.now += wait;
        await t.run(...operations).catch(() => undefined);
        caches.look(wanted.map((n) => names[n] ?? { path: [] }));
        if (restart) await caches.restart();
      }
      await caches.close();
      await closeStore(t);
    }),
    { numRuns: 40 },
  );
}, 60_000);

const text: readonly ColumnName[] = [{ path: ['t'] }];

/** A store of which a file has columns: only they know the text that was replaced. */
async function leftColumns() {
  const t = openTestStore(undefined, undefined, 'relaxed');
  await t.run(put('r', 'a', { t: 'old' }), put('r', 'b', { t: 'same' }));
  const caches = openCaches(t);
  caches.look(text);
  await t.run(put('r', 'a', { t: 'new' }));
  expect(caches.look(text)).toEqual([['old', 'same', 'new']]);
  await caches.restart();
  const [name = ''] = readdirSync(caches.folder);
  return { t, caches, file: join(caches.folder, name) };
}

test('the next process has the columns of the last one, and what was written since', async () => {
  const { t, caches } = await leftColumns();
  await t.run(put('r', 'c', { t: 'later' }));
  expect(caches.look(text)).toEqual([['old', 'same', 'new', 'later']]);
  await caches.close();
});

test('a damaged file is not taken', async () => {
  const { caches, file } = await leftColumns();
  const bytes = readFileSync(file);
  bytes[3] = (bytes[3] ?? 0) ^ 1;
  writeFileSync(file, bytes);
  expect(caches.look(text)).toEqual([['new', 'same']]);
  expect(existsSync(file)).toBe(false);
  await caches.close();
});

test('the file of another store is not taken', async () => {
  const { caches } = await leftColumns();
  const other = openTestStore(undefined, undefined, 'relaxed');
  await other.run(put('r', 'a', { t: 'old' }), put('r', 'b', { t: 'same' }));
  // As many commits of the same size: only the chain tells them apart.
  await other.run(put('r', 'a', { t: 'own' }));
  const folder = temporaryFolder();
  cpSync(caches.folder, folder, { recursive: true });
  const others = openCaches(other, folder);
  expect(others.look(text)).toEqual([['own', 'same']]);
  await others.close();
  await caches.close();
});

test('columns that change while they are written are not kept', async () => {
  const folder = temporaryFolder();
  const cached = {
    ...{ id: 1, rows: new RouteRows(0), columns: new Map<string, CachedColumn>(), usedAt: 0 },
    ...{ tx: 1, readAt: 1, changes: 0, holders: 0, heldSince: 0 },
  };
  const writing = saveColumns(join(folder, 'changed'), 'r', cached, '00');
  cached.changes += 1;
  await writing;
  await saveColumns(join(folder, 'whole'), 'r', cached, '00');
  expect(readdirSync(folder)).toEqual(['whole']);
});

test('columns are made anew with the rows that they were made of', async () => {
  const { caches } = await leftColumns();
  caches.forget();
  expect(existsSync(caches.folder)).toBe(false);
  expect(caches.look(text)).toEqual([['new', 'same']]);
  await caches.close();
});

test('small routes leave no files', async () => {
  const t = openTestStore(undefined, undefined, 'relaxed');
  await t.run(put('r', 'a', { t: 'x' }));
  const snapshot = t.store.snapshot();
  snapshot.columns?.('r', text)?.release();
  snapshot.release();
  await closeStore(t);
  expect(readdirSync(t.path)).not.toContain('columns');
});
