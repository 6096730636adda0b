import type { Identity } from '@drops/access';
import { openStore, type Snapshot, type Store } from '@drops/store';
import { openSearch } from '@drops/search';
import { missingPostgres, newSchema } from '@drops/store/test-schema';
import { afterAll, expect, test } from 'vitest';
import { engineOver } from '../open.js';
import { keyNamed } from './matrix.fixture.js';

const missing = await missingPostgres();
const place = newSchema();
afterAll(() => (missing === undefined ? place.remove() : undefined));

/** The same store, where `between` is done after the definitions of routes were asked for and before they are there. */
function interrupted(store: Store, between: () => Promise<unknown>): Store {
  const slow = (snapshot: Snapshot): Snapshot => ({
    ...snapshot,
    run(path, expected) {
      const source = snapshot.run(path, expected);
      if (path.route !== 'patterns' || !source) return source;
      return {
        close: () => source.close(),
        next: async () => {
          await between();
          return source.next();
        },
      };
    },
  });
  return { ...store, snapshot: async () => slow(await store.snapshot()) };
}

test.skipIf(missing !== undefined)(
  'what a caller may see of definitions is known before drops are read: other statements may make all be forgotten',
  async () => {
    const opened = await openStore({ path: place.data, durability: 'relaxed' });
    const owner: Identity = { kind: 'key', key: keyNamed('owner of the definitions') };
    const reader: Identity = { kind: 'key', key: keyNamed('reader of the definitions') };
    const faults: unknown[] = [];
    let writes = 0;
    const between = async (): Promise<void> => {
      writes += 1;
      // A new state, and somebody who asks for rights in it.
      await engine.exec(`save elsewhere @k n: ${writes}`, { identity: reader });
      await engine.exec('find elsewhere', { identity: reader });
    };
    const shown = interrupted(opened, between);
    const engine = engineOver(shown, openSearch(shown, { folder: undefined }), {
      data: place.data,
      onFault: (fault) => faults.push(fault),
    });
    try {
      const set = await engine.exec(
        'share closed with @aaaaaaaaaaaa\ndefine closed fields n: "number"\ndefine open_to_all fields n: "number"',
        { identity: owner },
      );
      expect(set.status).toBe(200);
      // The lists of both are remembered, so that the gate needs not ask for them.
      await engine.exec('find closed', { identity: reader });
      await engine.exec('find open_to_all', { identity: reader });
      const found = await engine.exec('find patterns then pick key', { identity: reader });
      expect(faults).toEqual([]);
      expect(found).toMatchObject({ status: 200, body: { results: [{ key: 'open_to_all' }] } });
      expect(writes).toBeGreaterThan(0);
    } finally {
      await engine.close();
    }
  },
);
