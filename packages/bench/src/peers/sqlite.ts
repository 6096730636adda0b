import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { batching } from '../batching.js';
import { cityOf, userKey, type User } from '../data.js';
import {
  Absent,
  argumentsOf,
  batchRows,
  chunksOf,
  library,
  scanned,
  type Arguments,
  type Peer,
  type System,
} from '../system.js';
import {
  orderColumns,
  orderIndexes,
  orderTable,
  queries,
  userColumns,
  userIndexes,
  userTable,
} from './sql.js';

/** Opens a file with WAL and a sync a commit. */
export async function openSqlite(file: string): Promise<Database> {
  const { default: Sqlite } = await library('better-sqlite3', () => import('better-sqlite3'));
  let db;
  try {
    db = new Sqlite(file);
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message.split('\n')[0] : String(thrown);
    throw new Absent(`better-sqlite3 is not compiled here (node scripts/build-natives.mjs does it): ${why}`);
  }
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('cache_size = -262144');
  db.pragma('mmap_size = 4294967296');
  return db;
}

const types = { text: 'TEXT', real: 'REAL', whole: 'INTEGER' };

/** One prepared insert, a transaction a batch. */
export function insertRows(
  db: Database,
  table: string,
  columns: readonly string[],
  rows: readonly object[],
): void {
  const insert = db.prepare(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((column) => `@${column}`).join(', ')})`,
  );
  const write = db.transaction((batch: readonly object[]) => {
    for (const row of batch) insert.run(row);
  });
  for (const batch of chunksOf(rows, batchRows)) write(batch);
}

function operationsOf(db: Database, of: Arguments): System['operations'] {
  const sql = queries(() => '?');
  const get = db.prepare(sql.pointGet);
  const findPage = db.prepare(sql.findPage);
  const range = db.prepare(sql.range);
  const scan = db.prepare(sql.scan);
  const group = db.prepare(sql.group);
  const joinGrouped = db.prepare(sql.joinGrouped);
  const joinPage = db.prepare(sql.joinPage);
  const increment = db.prepare(sql.increment);
  const update = db.prepare(sql.update);
  const incrementAll = db.transaction((items: readonly number[]) => {
    for (const n of items) increment.run(of.counter(n));
  });
  const updateAll = db.transaction((items: readonly number[]) => {
    for (const n of items) update.run(of.newScore(n), cityOf(n), userKey(of.user(n)));
  });
  return {
    pointGet: (n) => get.get(userKey(of.user(n))),
    findPage: (n) => findPage.all(cityOf(n)),
    range: (n) => range.all(of.score(n)),
    scan: () => scan.all(scanned.age, scanned.status, of.middleScore),
    group: () => group.all(),
    joinGrouped: () => joinGrouped.all(),
    joinPage: (n) => joinPage.all(of.placed(n)),
    increment: (n) => increment.run(of.counter(n)),
    incrementTogether: batching<number>(incrementAll),
    updateTogether: batching<number>(updateAll),
  };
}

function load(db: Database, users: readonly User[], table: string): void {
  db.exec(userTable(table, types));
  for (const index of userIndexes(table)) db.exec(index);
  insertRows(db, table, userColumns, users);
}

export const sqlite: Peer = {
  name: 'SQLite',
  setUp: 'better-sqlite3, prepared statements, WAL, synchronous = FULL, 256 MB of cache',
  async open({ folder, sizes, data }) {
    const db = await openSqlite(join(folder, 'bench.db'));
    if (data) {
      load(db, data.users, 'users');
      db.exec(orderTable(types));
      for (const index of orderIndexes) db.exec(index);
      insertRows(db, 'orders', orderColumns, data.orders);
      db.exec('CREATE TABLE counters (key TEXT PRIMARY KEY, n INTEGER) WITHOUT ROWID');
      db.exec('ANALYZE');
    }
    let loads = 0;
    return {
      operations: operationsOf(db, argumentsOf(sizes)),
      plain: (answer) => (Array.isArray(answer) ? answer : [answer]),
      async bulkLoad(users) {
        loads += 1;
        load(db, users, `load${loads}`);
      },
      close: async () => void db.close(),
    };
  },
};
