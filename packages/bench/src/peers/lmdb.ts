import { open, type Database } from 'lmdb';
import { batching } from '../batching.js';
import { cityOf, userKey, type Order, type User } from '../data.js';
import { argumentsOf, batchRows, chunksOf, scanned, type Peer, type Row, type System } from '../system.js';

type Tables = ReturnType<typeof tablesOf>;
type IndexKey = readonly (string | number)[];

/** Rows as records of msgpack with shared structures; indexes as ordered keys that end with the key of the row. */
function tablesOf(folder: string) {
  const root = open({ path: folder, maxDbs: 40, mapSize: 16 * 2 ** 30 });
  const rows = <T>(name: string): Database<T, string> =>
    root.openDB<T, string>({ name, sharedStructuresKey: Symbol.for('structures'), cache: false });
  const index = (name: string): Database<number, (string | number)[]> =>
    root.openDB<number, (string | number)[]>({ name });
  return {
    root,
    rows,
    index,
    users: rows<User>('users'),
    orders: rows<Order>('orders'),
    byCityScore: index('users by city, score'),
    byScore: index('users by score'),
    byPlaced: index('orders by placed'),
    counters: root.openDB<number, string>({ name: 'counters' }),
  };
}

/** One synced transaction; the block body keeps lmdb from answering before the sync. */
function commit(root: Tables['root'], work: () => void): void {
  root.transactionSync(() => {
    work();
  });
}

function putUsers(
  root: Tables['root'],
  users: readonly User[],
  table: Database<User, string>,
  byCityScore: Database<number, (string | number)[]>,
  byScore: Database<number, (string | number)[]>,
): void {
  for (const batch of chunksOf(users, batchRows)) {
    commit(root, () => {
      for (const user of batch) {
        table.putSync(user.key, user);
        byCityScore.putSync([user.city, user.score, user.key], 0);
        byScore.putSync([user.score, user.key], 0);
      }
    });
  }
}

const lastOf = (key: IndexKey): string => String(key[key.length - 1]);

function operationsOf(t: Tables, sizes: Parameters<typeof argumentsOf>[0]): System['operations'] {
  const of = argumentsOf(sizes);
  const add = (name: string): void => void t.counters.putSync(name, (t.counters.get(name) ?? 0) + 1);
  const update = (n: number): void => {
    const key = userKey(of.user(n));
    const user = t.users.get(key);
    if (!user) throw new Error(`no user ${key}`);
    const next = { ...user, score: of.newScore(n), city: cityOf(n) };
    t.byCityScore.removeSync([user.city, user.score, key]);
    t.byScore.removeSync([user.score, key]);
    t.users.putSync(key, next);
    t.byCityScore.putSync([next.city, next.score, key], 0);
    t.byScore.putSync([next.score, key], 0);
  };
  return {
    pointGet: (n) => t.users.get(userKey(of.user(n))),
    findPage(n) {
      const city = cityOf(n);
      const found: (User | undefined)[] = [];
      for (const key of t.byCityScore.getKeys({
        start: [city, Infinity],
        end: [city],
        reverse: true,
        limit: 10,
      }))
        found.push(t.users.get(lastOf(key)));
      return found;
    },
    range(n) {
      const found: (User | undefined)[] = [];
      for (const key of t.byScore.getKeys({ start: [of.score(n)], limit: 100 }))
        found.push(t.users.get(lastOf(key)));
      return found;
    },
    scan() {
      const found: User[] = [];
      for (const { value } of t.users.getRange({})) {
        if (value.age === scanned.age && value.status === scanned.status && value.score < of.middleScore)
          found.push(value);
      }
      return found;
    },
    group() {
      const groups = new Map<string, { city: string; count: number; sum: number; ages: number }>();
      for (const { value } of t.users.getRange({})) {
        const group = groups.get(value.city) ?? { city: value.city, count: 0, sum: 0, ages: 0 };
        if (group.count === 0) groups.set(value.city, group);
        group.count += 1;
        group.sum += value.score;
        group.ages += value.age;
      }
      return [...groups.values()].map(({ ages, ...rest }) => ({ ...rest, avg: ages / rest.count }));
    },
    joinGrouped() {
      const cities = new Map<string, string>();
      for (const { value } of t.users.getRange({})) cities.set(value.key, value.city);
      const groups = new Map<string, { city: string; count: number; sum: number }>();
      for (const { value } of t.orders.getRange({})) {
        const city = cities.get(value.user_id) ?? '';
        const group = groups.get(city) ?? { city, count: 0, sum: 0 };
        if (group.count === 0) groups.set(city, group);
        group.count += 1;
        group.sum += value.amount;
      }
      return [...groups.values()];
    },
    joinPage(n) {
      const found: Row[] = [];
      for (const index of t.byPlaced.getKeys({ start: [of.placed(n)], limit: 100 })) {
        const order = t.orders.get(lastOf(index));
        if (order)
          found.push({ key: order.key, amount: order.amount, name: t.users.get(order.user_id)?.name });
      }
      return found;
    },
    increment: (n) => commit(t.root, () => add(of.counter(n))),
    incrementTogether: batching<number>((items) =>
      commit(t.root, () => {
        for (const n of items) add(of.counter(n));
      }),
    ),
    updateTogether: batching<number>((items) =>
      commit(t.root, () => {
        for (const n of items) update(n);
      }),
    ),
  };
}

export const lmdb: Peer = {
  name: 'lmdb by hand',
  setUp:
    'lmdb 3.5, written by hand: msgpack records, ordered keys as indexes, synced commits; no chain, no history',
  async open({ folder, sizes, data }) {
    const tables = tablesOf(folder);
    const { root } = tables;
    if (data) {
      putUsers(root, data.users, tables.users, tables.byCityScore, tables.byScore);
      for (const batch of chunksOf(data.orders, batchRows)) {
        commit(root, () => {
          for (const order of batch) {
            tables.orders.putSync(order.key, order);
            tables.byPlaced.putSync([order.placed, order.key], 0);
          }
        });
      }
    }
    let loads = 0;
    return {
      operations: operationsOf(tables, sizes),
      plain: (answer) => (Array.isArray(answer) ? answer : [answer]),
      async bulkLoad(users) {
        loads += 1;
        const name = `load ${loads}`;
        const table = tables.rows<User>(name);
        const [one, two] = [tables.index(`${name} a`), tables.index(`${name} b`)];
        putUsers(root, users, table, one, two);
        for (const made of [table, one, two]) made.dropSync();
      },
      close: () => root.close(),
    };
  },
};
