import type { AccessPath, Json, JsonObject, StoredDrop } from '@drops/ir';
import type { LocalSnapshot, LocalStore, Operation } from '../../store.js';

/** The time of the golden store, and the time that its answers are asked at: one drop has expired by then. */
export const goldenTime = Date.UTC(2026, 0, 1);
export const askingTime = goldenTime + 3_600_000;

// Of its own: this also runs outside of the tests, as a program.
const put = (route: string, key: string | null, payload: Json, ttl?: number): Operation =>
  ttl === undefined ? { kind: 'put', route, key, payload } : { kind: 'put', route, key, payload, ttl };
const merge = (route: string, key: string, changes: JsonObject): Operation => ({
  kind: 'merge',
  route,
  key,
  changes,
});
const remove = (route: string, key: string): Operation => ({ kind: 'delete', route, key });
const hide = (route: string, tx: number): Operation => ({ kind: 'hide', route, tx });
const add = (route: string, key: string, path: readonly string[], delta: number): Operation => ({
  kind: 'increment',
  route,
  key,
  path,
  delta,
});

const scan = (route: string): AccessPath => ({ kind: 'RouteScan', route, subtree: false, rows: 'all' });
const history = (route: string): AccessPath => ({
  kind: 'HistoryScan',
  route,
  subtree: false,
  newestFirst: false,
});

function drain(snapshot: LocalSnapshot, path: AccessPath): readonly StoredDrop[] {
  const source = snapshot.run(path);
  const drops: StoredDrop[] = [];
  for (;;) {
    const batch = source?.next() ?? null;
    if (batch === null) return drops;
    if (!(batch instanceof Promise)) drops.push(...batch);
  }
}

const writer = 'golden-writer'.padEnd(43, '_');

/** Fills a new store with every kind of record and every kind of content. */
export async function fillGolden(store: LocalStore, clock: { now: number }): Promise<void> {
  const commit = async (by: string | null, ...operations: Operation[]): Promise<number> => {
    clock.now += 1000;
    return (await store.commit({ operations, writer: by })).tx;
  };
  await commit(
    writer,
    put('users', 'alice', { name: 'Alice', age: 30, tags: ['admin', 'eu'], at: { city: 'Oslo' } }),
  );
  await commit(
    null,
    put('users', 'bob', { name: 'Bob ☂ Zoë', age: null, active: true }),
    put('users', 'carl', 'a text'),
  );
  await commit(writer, merge('users', 'alice', { age: 31, at: null }));
  await commit(null, {
    kind: 'put',
    route: 'users/eu/vip',
    key: 'a/b',
    payload: [1, 2.5, -3, 1e300, 0],
    price: 9.5,
  });
  await commit(null, put('files', 'large', { text: 'x\u0000y'.repeat(1200) }));
  await commit(null, put('sessions', 'short', { n: 1 }, 60), put('sessions', 'long', { n: 2 }, 86_400));
  const click = await commit(
    writer,
    put('clicks', null, { n: 1 }),
    put('clicks', null, 'second'),
    put('clicks', null, false),
  );
  await commit(null, hide('clicks', click - 1));
  await commit(
    null,
    add('pages', 'home', ['views'], 5),
    add('pages', 'home', ['views'], 2),
    add('users', 'alice', ['age'], 1),
  );
  await commit(null, put('users', 'dora', { n: 1 }));
  await commit(null, remove('users', 'dora'));
  await commit(null, put('users', 'dora', { n: 2 }), remove('users', 'carl'));
  await commit(null, put('patterns', 'todo', { fields: { title: 'text required' } }));
}

/** Everything that a store answers about its drops, as data. */
export function goldenAnswers(snapshot: LocalSnapshot): Json {
  const routes = snapshot.routes();
  const old = snapshot.asOf(4);
  const answers = {
    tx: snapshot.tx,
    routes,
    statistics: routes.map((route) => snapshot.statistics(route)),
    current: routes.flatMap((route) => drain(snapshot, scan(route))),
    history: routes.flatMap((route) => drain(snapshot, history(route))),
    asOf: old.routes().flatMap((route) => drain(old, scan(route))),
    gone: snapshot.get('users', 'carl') ?? null,
    expired: snapshot.get('sessions', 'short') ?? null,
    epoch: snapshot.definitions.epoch,
    patterns: [...snapshot.definitions.patterns.keys()],
  };
  const plain: Json = JSON.parse(JSON.stringify(answers));
  return plain;
}
