import type { Json, SqlDialectName } from '@drops/ir';
import { createConnection, type Connection } from 'mysql2/promise';
import pg from 'pg';
import initSqlJs from 'sql.js';
import type { ColumnType, NaiveTable } from './rows.fixture.js';

export type DatabaseRow = Readonly<Record<string, unknown>>;

/** A real database, with tables of its own that go when it is closed. */
export interface TestDatabase {
  readonly dialect: SqlDialectName;
  run(sql: string, parameters?: readonly (string | number)[]): Promise<readonly DatabaseRow[]>;
  close(): Promise<void>;
}

const types: Readonly<Record<SqlDialectName, Readonly<Record<ColumnType, string>>>> = {
  sql: { text: 'TEXT', integer: 'BIGINT', double: 'DOUBLE PRECISION', boolean: 'BOOLEAN', json: 'JSONB' },
  mysql: { text: 'VARCHAR(255)', integer: 'BIGINT', double: 'DOUBLE', boolean: 'TINYINT(1)', json: 'JSON' },
  sqlite: { text: 'TEXT', integer: 'INTEGER', double: 'REAL', boolean: 'BOOLEAN', json: 'TEXT' },
};
const systemColumns: Readonly<Record<SqlDialectName, string>> = {
  sql: '"_key" TEXT PRIMARY KEY, "_created_at" TIMESTAMPTZ',
  mysql: '`_key` VARCHAR(256) PRIMARY KEY, `_created_at` DATETIME(3)',
  sqlite: '"_key" TEXT PRIMARY KEY, "_created_at" TEXT',
};

export function quoteName(dialect: SqlDialectName, name: string): string {
  const quote = dialect === 'mysql' ? '`' : '"';
  return `${quote}${name.replaceAll(quote, quote + quote)}${quote}`;
}

/** A value as the driver is given it; independent of what is being tested. */
function toColumn(
  dialect: SqlDialectName,
  type: ColumnType,
  value: Json | undefined,
): string | number | null {
  if (value === null || value === undefined) return null;
  if (type === 'json') return JSON.stringify(value);
  if (typeof value === 'boolean') return dialect === 'sql' ? String(value) : Number(value);
  if (typeof value === 'object') throw new Error('an object in a plain column');
  return value;
}

/** Makes a table as export makes it, and fills it. */
export async function load(db: TestDatabase, table: NaiveTable): Promise<void> {
  const { dialect } = db;
  const name = quoteName(dialect, table.route);
  const columns = Object.entries(table.columns);
  const list = columns.map(([c, t]) => `${quoteName(dialect, c)} ${types[dialect][t]}`);
  const suffix = dialect === 'mysql' ? ' CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin' : '';
  await db.run(`CREATE TABLE ${name} (${systemColumns[dialect]}, ${list.join(', ')})${suffix}`);
  const all = ['_key', '_created_at', ...Object.keys(table.columns)].map((c) => quoteName(dialect, c));
  for (const { key, created_at, payload } of table.drops) {
    const time = dialect === 'mysql' ? created_at.replace('T', ' ').replace('Z', '') : created_at;
    const values = columns.map(([c, t]) => toColumn(dialect, t, payload[c]));
    const rest = [key, time, ...values.map((v) => v ?? null)];
    // NULL is written, since a bound null is no string or number.
    const written = rest.map((v) => (v === null ? 'NULL' : undefined));
    const bound = rest.filter((v) => v !== null);
    let i = 0;
    const marks = written.map((w) => w ?? (dialect === 'sql' ? `$${(i += 1)}` : '?'));
    await db.run(`INSERT INTO ${name} (${all.join(', ')}) VALUES (${marks.join(', ')})`, bound);
  }
}

let opened = 0;
function uniqueName(): string {
  opened += 1;
  return `drops_translate_${process.pid}_${Date.now().toString(36)}_${opened}`;
}

/** PostgreSQL of DROPS_TEST_PG_URL, in a schema of its own. */
export async function openPostgres(): Promise<TestDatabase> {
  const url = process.env['DROPS_TEST_PG_URL'] ?? 'postgres://postgres@127.0.0.1:5432/test';
  const unique = uniqueName();
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3000 });
  await client.connect();
  // Integers and decimals come as text otherwise.
  for (const type of [20, 1700]) pg.types.setTypeParser(type, Number);
  await client.query(`CREATE SCHEMA ${unique}`);
  await client.query(`SET search_path TO ${unique}`);
  return {
    dialect: 'sql',
    run: async (sql, parameters) => {
      const result = await client.query<DatabaseRow>(sql, parameters ? [...parameters] : undefined);
      return result.rows ?? [];
    },
    close: async () => {
      await client.query(`DROP SCHEMA ${unique} CASCADE`);
      await client.end();
    },
  };
}

/** MariaDB or MySQL of DROPS_TEST_MARIADB_URL, in a database of its own. */
export async function openMariadb(): Promise<TestDatabase> {
  const uri = process.env['DROPS_TEST_MARIADB_URL'] ?? 'mysql://root@127.0.0.1:3306/test';
  const unique = uniqueName();
  const connection: Connection = await createConnection({
    uri,
    connectTimeout: 3000,
    charset: 'utf8mb4',
    multipleStatements: true,
    decimalNumbers: true,
  });
  await connection.query(`CREATE DATABASE ${unique} CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin`);
  await connection.query(`USE ${unique}`);
  return {
    dialect: 'mysql',
    run: async (sql, parameters) => {
      const [rows] = parameters
        ? await connection.execute(sql, [...parameters])
        : await connection.query(sql);
      return Array.isArray(rows) ? rows.filter((r): r is typeof r & DatabaseRow => !Array.isArray(r)) : [];
    },
    close: async () => {
      await connection.query(`DROP DATABASE ${unique}`);
      await connection.end();
    },
  };
}

/** SQLite in memory. */
export async function openSqlite(): Promise<TestDatabase> {
  // SQLite's own functions, not the ones the library once brought along.
  const native: NonNullable<Parameters<typeof initSqlJs>[0]> & {
    readonly useOldExtensionFunctions: boolean;
  } = {
    useOldExtensionFunctions: false,
  };
  const { Database } = await initSqlJs(native);
  const db = new Database();
  return {
    dialect: 'sqlite',
    run: async (sql, parameters) => {
      if (!parameters && /;\s*\S/.test(sql) && !/^SELECT/.test(sql)) {
        db.exec(sql);
        return [];
      }
      const statement = db.prepare(sql, parameters ? [...parameters] : undefined);
      const rows: DatabaseRow[] = [];
      while (statement.step()) rows.push(statement.getAsObject());
      statement.free();
      return rows;
    },
    close: async () => db.close(),
  };
}
