import { isObject, type Json, type SqlDialectName } from '@drops/ir';
import { describe, expect, it, type TestContext } from 'vitest';
import {
  openMariadb,
  openPostgres,
  openSqlite,
  quoteName,
  type TestDatabase,
} from '../../translate/src/proof/databases.fixture.js';
import { dropsOf, events, hostile, textOf } from './drops.fixture.js';

const databases = [
  { name: 'PostgreSQL', variable: 'DROPS_TEST_PG_URL', open: openPostgres, dialect: 'sql' },
  { name: 'MariaDB', variable: 'DROPS_TEST_MARIADB_URL', open: openMariadb, dialect: 'mysql' },
  { name: 'SQLite', variable: undefined, open: openSqlite, dialect: 'sqlite' },
] as const;

/** Columns whose values are of several kinds, or no scalars: they hold JSON. */
const jsonColumns: ReadonlySet<string> = new Set(['mixed', 'tags', 'address']);

/** What a driver gives for a column, as the value that was exported. */
function valueOf(found: unknown, column: string, dialect: SqlDialectName): Json {
  if (found === null || found === undefined) return null;
  // SQLite gives JSON as its text; the other drivers parse it.
  if (jsonColumns.has(column))
    return JSON.parse(dialect === 'sqlite' ? String(found) : JSON.stringify(found));
  if (column === 'yes') return found === true || found === 1;
  if (typeof found === 'string' || typeof found === 'number') return found;
  throw new Error(`${String(found)} in ${column}`);
}

async function withDatabase(
  { name, variable, open }: (typeof databases)[number],
  context: TestContext,
  use: (db: TestDatabase) => Promise<void>,
): Promise<void> {
  const db = await open().catch((error: unknown) => {
    // Who names a server wants it tested.
    if (variable !== undefined && process.env[variable] !== undefined) throw error;
    return undefined;
  });
  if (!db) return context.skip(`${name} is not running; ${variable ?? ''} names another place`);
  try {
    await use(db);
  } finally {
    await db.close();
  }
}

/** Time as each product keeps it, as ISO text. */
const timeText: Readonly<Record<SqlDialectName, string>> = {
  sql: `to_char("_created_at" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
  mysql: "CONCAT(LEFT(DATE_FORMAT(`_created_at`, '%Y-%m-%dT%H:%i:%s.%f'), 23), 'Z')",
  sqlite: '"_created_at"',
};

describe.each(databases)('$name', (database) => {
  const { dialect } = database;
  const name = (text: string) => quoteName(dialect, text);

  it('loads hostile values and gives them back', async (context) => {
    await withDatabase(database, context, async (db) => {
      const drops = dropsOf(hostile, 'shop/users');
      await db.run(await textOf(drops, { format: 'sql', dialect, route: 'shop/users' }));
      const rows = await db.run(`SELECT *, ${timeText[dialect]} AS shown_at FROM ${name('shop/users')}`);
      const byKey = new Map(rows.map((row) => [row['_key'], row]));
      expect(byKey.size).toBe(hostile.length);
      for (const { key, payload } of hostile) {
        const row = byKey.get(key) ?? {};
        expect(row['shown_at']).toBe('2026-02-06T12:00:00.123Z');
        const columns = Object.keys(row).filter((column) => !/^_|^shown_at$/.test(column));
        const expected = columns.map((column) => [
          column,
          (isObject(payload) && Object.hasOwn(payload, column) ? payload[column] : null) ?? null,
        ]);
        expect(columns.map((column) => [column, valueOf(row[column], column, dialect)])).toEqual(expected);
      }
    });
  });

  it('loads drops without a key', async (context) => {
    await withDatabase(database, context, async (db) => {
      await db.run(await textOf(dropsOf(events), { format: 'sql', dialect }));
      const [row] = await db.run(`SELECT COUNT(*) AS n FROM ${name('users')} WHERE ${name('_key')} IS NULL`);
      expect(Number(row?.['n'])).toBe(4);
    });
  });

  it('loads the versions of an entity, and an empty route', async (context) => {
    await withDatabase(database, context, async (db) => {
      const versions = dropsOf([
        { key: 'a', payload: { n: 1 } },
        { key: 'a', payload: null },
      ]);
      await db.run(await textOf(versions, { format: 'sql', dialect, history: true }));
      await db.run(await textOf([], { format: 'sql', dialect, route: 'empty' }));
      expect(await db.run(`SELECT * FROM ${name('users')}`)).toHaveLength(2);
      expect(await db.run(`SELECT * FROM ${name('empty')}`)).toHaveLength(0);
    });
  });
});
