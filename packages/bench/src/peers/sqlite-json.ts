import { join } from 'node:path';
import { argumentsOf, scanned, type Peer } from '../system.js';
import { insertRows, openSqlite } from './sqlite.js';

const field = (name: string, of = 'body'): string => `json_extract(${of}, '$.${name}')`;

/** The store that keeps what we keep: a key and a JSON document, no columns. */
export const sqliteJson: Peer = {
  name: 'SQLite JSON',
  setUp: 'better-sqlite3, a key and a JSON document a row, json_extract',
  async open({ folder, sizes, data }) {
    const db = await openSqlite(join(folder, 'bench.db'));
    if (data) {
      db.exec('CREATE TABLE users (key TEXT PRIMARY KEY, body TEXT)');
      db.exec('CREATE TABLE orders (key TEXT PRIMARY KEY, body TEXT)');
      for (const table of ['users', 'orders'] as const) {
        const rows = data[table].map(({ key, ...body }) => ({ key, body: JSON.stringify(body) }));
        insertRows(db, table, ['key', 'body'], rows);
      }
    }
    const scan = db.prepare(
      `SELECT key, body FROM users WHERE ${field('age')} = ? AND ${field('status')} = ? AND ${field('score')} < ?`,
    );
    const group = db.prepare(
      `SELECT ${field('city')} AS city, count(*) AS count, sum(${field('score')}) AS sum, avg(${field('age')}) AS avg
       FROM users GROUP BY 1`,
    );
    const joinGrouped = db.prepare(
      `SELECT ${field('city', 'u.body')} AS city, count(*) AS count, sum(${field('amount', 'o.body')}) AS sum
       FROM orders o LEFT JOIN users u ON u.key = ${field('user_id', 'o.body')} GROUP BY 1`,
    );
    const parse = (row: unknown): unknown => {
      const { key, body } = row as { key: string; body: string };
      return { key, ...JSON.parse(body) };
    };
    return {
      operations: {
        scan: () => scan.all(scanned.age, scanned.status, argumentsOf(sizes).middleScore).map(parse),
        group: () => group.all(),
        joinGrouped: () => joinGrouped.all(),
      },
      plain: (answer) => (Array.isArray(answer) ? answer : [answer]),
      close: async () => void db.close(),
    };
  },
};
