import { CommandFailure } from '../failures.js';
import type { ImportPart, ImportSource, PartOptions } from './import-part.js';
import { routeOfTable } from './route-of-table.js';
import { openSqlite, quoted, type SqliteDatabase } from './sqlite-database.js';
import { tableRows, type ColumnMeaning, type TableRead } from './sqlite-table.js';

/** What the database says of itself, as texts. */
function textsOf(database: SqliteDatabase, sql: string, values: readonly string[] = []): readonly string[] {
  return [...database.rows(sql, values)].map((row) => String([...row.values()][0]));
}

const ownTables = `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite@_%' ESCAPE '@' ORDER BY name`;
const readable = `SELECT name FROM pragma_table_list WHERE schema = 'main' AND name = ?`;

function meaningOf(type: string): ColumnMeaning {
  if (/^BOOL(EAN)?$/i.test(type)) return 'boolean';
  return /^JSONB?$/i.test(type) ? 'json' : 'plain';
}

function readOf(
  database: SqliteDatabase,
  file: string,
  table: string,
  keyField: string | undefined,
): TableRead {
  const columns = new Map<string, ColumnMeaning>();
  const primary: string[] = [];
  // Our own exports say in a comment what SQLite has no type for.
  const [definition = ''] = textsOf(database, 'SELECT sql FROM sqlite_master WHERE name = ?', [table]);
  for (const row of database.rows('SELECT name, type, pk FROM pragma_table_info(?)', [table])) {
    const name = String(row.get('name'));
    const marked = definition.includes(`${quoted(name)} TEXT /* JSON */`);
    columns.set(name, marked ? 'json' : meaningOf(String(row.get('type'))));
    if (row.get('pk') !== 0) primary.push(name);
  }
  if (keyField !== undefined && !columns.has(keyField))
    throw new CommandFailure(`${file}: the table ${table} has no column ${keyField} for the key`);
  const own = columns.has('_key') && columns.has('_created_at');
  const key = keyField ?? (own || primary.length !== 1 ? undefined : primary[0]);
  return { table, columns, key, keyApart: false };
}

/** The tables of an SQLite file: one by name, or all of them, each on a route of its own. */
export async function openSqliteFile(file: string, options: PartOptions): Promise<ImportSource> {
  const { route, table, keyField } = options;
  const database = await openSqlite(file);
  try {
    const tables = table === undefined ? textsOf(database, ownTables) : textsOf(database, readable, [table]);
    if (tables.length === 0)
      throw new CommandFailure(`${file} has no table${table === undefined ? '' : ` ${table}`}`);
    const parts = tables.map((name): ImportPart => {
      const read = readOf(database, file, name, keyField);
      return {
        route: table === undefined ? routeOfTable(file, route, name) : route,
        name: `${file}:${name}`,
        rows: () => tableRows(database, read, options),
      };
    });
    return { parts, close: database.close };
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}
