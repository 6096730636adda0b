import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyStore } from './copy-store.js';
import {
  missingPostgres,
  newFolder,
  newSchema,
  openAt,
  type TestPlace,
} from './postgres/test-schema.fixture.js';
import { everythingOf } from './read-all.fixture.js';
import { restoreBackup } from './restore-backup.js';
import type { Operation } from './store.js';

const missing = await missingPostgres();
const clock = { now: 1_700_000_000_000 };

/** A store with something of everything, hostile texts among it. */
async function fill(place: TestPlace): Promise<void> {
  const store = await openAt(place, clock);
  const units: readonly (readonly Operation[])[] = [
    [{ kind: 'put', route: 'r', key: 'a\0b', payload: { text: 'x\0y', 'n\0': 1, quote: `'"\\` } }],
    [{ kind: 'put', route: 'r', key: 'ä', payload: { n: 1e300, deep: [{ a: [null, true] }] }, price: 0.5 }],
    [
      { kind: 'put', route: 'r/e', key: null, payload: 'event' },
      { kind: 'increment', route: 'r', key: 'ä', path: ['count', 'x'], delta: 2.5 },
    ],
    [{ kind: 'put', route: 'r', key: 'gone', payload: { a: 1 } }],
    [{ kind: 'delete', route: 'r', key: 'gone' }],
    [{ kind: 'put', route: 'r', key: 'soon', payload: 1, ttl: 60 }],
    [{ kind: 'put', route: 'patterns', key: 'p', payload: { fields: {} } }],
    [{ kind: 'hide', route: 'r/e', tx: 3 }],
  ];
  for (const operations of units) await store.commit({ operations, writer: 'somebody' });
  await store.close();
}

const kinds = [
  ['a folder', newFolder],
  ['PostgreSQL', newSchema],
] as const;
const ways = kinds.flatMap(([from, newFrom]) =>
  kinds.map(([to, newTo]) => [from, to, newFrom, newTo] as const),
);

describe.each(ways)('from %s to %s', (fromKind, toKind, newFrom, newTo) => {
  const places: TestPlace[] = [];
  const place = (make: () => TestPlace): TestPlace => {
    const made = make();
    places.push(made);
    return made;
  };
  const needsDatabase = [fromKind, toKind].includes('PostgreSQL');
  let from: TestPlace;
  beforeAll(async () => {
    if (needsDatabase && missing !== undefined) return;
    from = place(newFrom);
    await fill(from);
  });
  afterAll(() => Promise.all(places.map((made) => made.remove())));

  test.skipIf(needsDatabase && missing !== undefined)(
    'a copy is the same store, chain included',
    async () => {
      const to = place(newTo);
      const { head, link } = await copyStore(from.data, to.data);
      const [source, copy] = [await openAt(from, clock), await openAt(to, clock)];
      const txs = Array.from({ length: head + 1 }, (_, i) => i);
      expect(await everythingOf(copy, txs)).toEqual(await everythingOf(source, txs));
      expect(await copy.log(0, 100)).toEqual(await source.log(0, 100));
      const report = await source.admin.verify();
      expect(report).toMatchObject({ ok: true, head, link });
      expect(await copy.admin.verify()).toEqual(report);
      expect(await copy.admin.prove('r', 'ä')).toEqual(await source.admin.prove('r', 'ä'));
      // Both go on by themselves.
      await copy.commit({ operations: [{ kind: 'put', route: 'new', key: 'k', payload: 1 }], writer: null });
      expect(await copy.admin.verify()).toMatchObject({ ok: true, head: head + 1 });
      await Promise.all([source.close(), copy.close()]);
      await expect(copyStore(from.data, to.data)).rejects.toMatchObject({ diagnostic: { code: 'CONFLICT' } });
    },
  );

  test.skipIf(needsDatabase && missing !== undefined)(
    'a backup of one is restored as the other',
    async () => {
      const to = place(newTo);
      const files = place(newFolder);
      const file = `${files.data}.backup`;
      const source = await openAt(from, clock);
      const { drops } = await source.admin.backup(file);
      expect(await restoreBackup(file, to.data)).toEqual({ drops });
      const copy = await openAt(to, clock);
      expect(await everythingOf(copy)).toEqual(await everythingOf(source));
      await Promise.all([source.close(), copy.close()]);
    },
  );
});
