import { setTimeout as wait } from 'node:timers/promises';
import { DropsError } from '@drops/diagnostics';
import { afterEach, describe, expect, test } from 'vitest';
import { openStore } from '../open-store.js';
import type { Store } from '../store.js';
import { openProxy } from './proxy.fixture.js';
import { missingPostgres, newSchema, openAt, runSql, type TestPlace } from './test-schema.fixture.js';

const missing = await missingPostgres();
const clock = { now: 1_700_000_000_000 };
const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const addOne = { kind: 'increment', route: 'r', key: 'k', path: ['n'], delta: 1 } as const;

async function countOf(store: Store): Promise<unknown> {
  const found = await (await store.snapshot()).get('r', 'k');
  return typeof found === 'object' ? found.payload : found;
}

async function opened() {
  const place: TestPlace = newSchema();
  const proxy = await openProxy(place.data);
  const store = await openAt({ ...place, data: proxy.data }, clock);
  endings.push(place.remove, proxy.close, store.close);
  return { place, proxy, store };
}

describe.skipIf(missing !== undefined)('when the connection is lost', () => {
  test('a commit whose answer got lost is found in the chain and not written again', async () => {
    const { proxy, store } = await opened();
    await store.commit({ operations: [addOne], writer: null });
    proxy.loseNextCommit();
    expect(await store.commit({ operations: [addOne], writer: null })).toMatchObject({ tx: 3 });
    expect(await countOf(store)).toEqual({ n: 2 });
    expect(await store.admin.verify()).toMatchObject({ ok: true, head: 3 });
  });

  test('a commit that never arrived is written by another try', async () => {
    const { proxy, store } = await opened();
    proxy.dropNextCommit();
    expect(await store.commit({ operations: [addOne], writer: null })).toMatchObject({ tx: 2 });
    expect(await countOf(store)).toEqual({ n: 1 });
  });

  test('reads wait for a database that is away for a moment', async () => {
    const { proxy, store } = await opened();
    await store.commit({ operations: [addOne], writer: null });
    proxy.cut(true);
    const reading = countOf(store);
    await wait(300);
    proxy.cut(false);
    expect(await reading).toEqual({ n: 1 });
  });

  test('a database that stays away is a 503, and the store goes on when it is back', async () => {
    const { proxy, store } = await opened();
    proxy.cut(true);
    const failures = await Promise.allSettled([
      countOf(store),
      store.commit({ operations: [addOne], writer: null }),
    ]);
    for (const failure of failures) {
      const reason: unknown = failure.status === 'rejected' ? failure.reason : undefined;
      expect(reason).toBeInstanceOf(DropsError);
      expect(reason).toMatchObject({ diagnostic: { code: 'STORE_UNREACHABLE' } });
    }
    proxy.cut(false);
    await store.commit({ operations: [addOne], writer: null });
    expect(await countOf(store)).toEqual({ n: 1 });
  });

  test('nothing acknowledged is lost or done twice while backends are ended', async () => {
    const place = newSchema();
    const stores = await Promise.all([1, 2].map(() => openAt(place, clock)));
    endings.push(place.remove, ...stores.map((store) => store.close));
    let over = false;
    let ended = 0;
    let done = 0;
    let doneBefore = -1;
    const killing = (async () => {
      for (; !over; await wait(150)) {
        // A database that ends every connection before anything is done is one that stays away.
        if (done === doneBefore) continue;
        doneBefore = done;
        const rows = await runSql(
          'select pg_terminate_backend(pid) from pg_stat_activity where application_name = left($1, 63)',
          [`drops ${place.schema}`],
        );
        ended += rows.length;
      }
    })();
    const perWriter = 40;
    const write = async (store: Store, writer: number): Promise<number> => {
      for (let i = 0; i < perWriter; i += 1) {
        const put = { kind: 'put', route: `w${writer}`, key: null, payload: i } as const;
        await store.commit({ operations: [addOne, put], writer: null });
        done += 1;
      }
      return perWriter;
    };
    const written = await Promise.all([0, 1, 2, 3].map((writer) => write(stores[writer % 2]!, writer)));
    over = true;
    await killing;
    expect(ended).toBeGreaterThan(0);
    const [store] = stores;
    expect(await countOf(store!)).toEqual({ n: written.reduce((sum, count) => sum + count, 0) });
    expect(await store!.admin.verify()).toMatchObject({ ok: true });
    const snapshot = await store!.snapshot();
    expect([0, 1, 2, 3].map((writer) => snapshot.statistics(`w${writer}`).events)).toEqual(written);
  }, 120_000);

  test('a database that is not there is a 503', async () => {
    const opening = openStore({ path: 'postgres://nobody@127.0.0.1:1/nothing' });
    await expect(opening).rejects.toMatchObject({ diagnostic: { code: 'STORE_UNREACHABLE' } });
  });
});
