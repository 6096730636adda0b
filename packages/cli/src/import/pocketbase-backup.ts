import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Json } from '@drops/diagnostics';
import { CommandFailure } from '../failures.js';
import type { ImportPart, ImportSource, PartOptions } from './import-part.js';
import { routeOfTable } from './route-of-table.js';
import { openOwnSqlite, temporaryFolder, type SqliteDatabase } from './sqlite-database.js';
import { tableRows, type ColumnMeaning, type TableRead } from './sqlite-table.js';

/** What is wanted of a backup: the database and the log of what is not in it yet. */
const wanted = ['data.db', 'data.db-wal'];

/** What is wrong with the bytes of the zip is the user's to know; what the system says is reported as always. */
async function extract(file: string, folder: string): Promise<readonly string[]> {
  try {
    return await extractWanted(file, folder);
  } catch (thrown) {
    if (!(thrown instanceof Error) || 'syscall' in thrown) throw thrown;
    throw new CommandFailure(`${file} is damaged: ${thrown.message}`);
  }
}

/** Writes the files of a zip that are wanted into a folder; gives their names. */
async function extractWanted(file: string, folder: string): Promise<readonly string[]> {
  const { default: yauzl } = await import('yauzl');
  const zip = await yauzl.openPromise(file, { lazyEntries: true, autoClose: false });
  const found: string[] = [];
  try {
    for await (const entry of zip.eachEntry()) {
      const name = wanted.find((one) => one === entry.fileName);
      if (name === undefined) continue;
      const stream: Readable = await zip.openReadStreamPromise(entry);
      await pipeline(stream, createWriteStream(join(folder, name)));
      found.push(name);
    }
  } finally {
    zip.close();
  }
  return found;
}

/** A field of a collection, as far as it tells how its values are kept. */
interface FieldFacts {
  readonly name: string;
  readonly type: string;
  /** Most values it has; undefined where that is not limited. */
  readonly most: number | undefined;
}

function member(value: Json | undefined, name: string): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.entries(value).find(([found]) => found === name)?.[1];
}

/** Fields as versions since 0.23 write them, and before that with `options`. */
function factsOf(text: string): readonly FieldFacts[] {
  const list: Json = JSON.parse(text);
  if (!Array.isArray(list)) return [];
  return list.flatMap((field: Json): FieldFacts[] => {
    const [name, type] = [member(field, 'name'), member(field, 'type')];
    const most = member(field, 'maxSelect') ?? member(member(field, 'options'), 'maxSelect');
    if (typeof name !== 'string' || typeof type !== 'string') return [];
    return [{ name, type, most: typeof most === 'number' ? most : undefined }];
  });
}

const listTypes: ReadonlySet<string> = new Set(['select', 'relation', 'file']);

function meaningOf({ type, most }: FieldFacts): ColumnMeaning {
  if (type === 'bool') return 'boolean';
  if (type === 'json' || type === 'geoPoint') return 'json';
  return listTypes.has(type) && (most === undefined || most > 1) ? 'list' : 'plain';
}

/** What lets people in stays behind: hashes of passwords and what signs their tokens. */
const secrets: ReadonlySet<string> = new Set([
  'password',
  'passwordHash',
  'tokenKey',
  'lastResetSentAt',
  'lastVerificationSentAt',
  'lastLoginAlertSentAt',
]);
/** Columns of collections of people that have no entry among the fields before 0.23. */
const flags: ReadonlySet<string> = new Set(['verified', 'emailVisibility']);

function readOf(database: SqliteDatabase, table: string, type: string, fields: string): TableRead {
  const people = type === 'auth';
  const facts = new Map(factsOf(fields).map((field) => [field.name, field]));
  const columns = new Map<string, ColumnMeaning>();
  for (const row of database.rows('SELECT name FROM pragma_table_info(?)', [table])) {
    const name = String(row.get('name'));
    const field = facts.get(name);
    if (field?.type === 'password' || (people && secrets.has(name))) continue;
    columns.set(name, field ? meaningOf(field) : people && flags.has(name) ? 'boolean' : 'plain');
  }
  return { table, columns, key: 'id', keyApart: true };
}

/** The collections of a database: neither those of the system nor views. */
function readsOf(database: SqliteDatabase, file: string): readonly TableRead[] {
  const [known] = database.rows(
    `SELECT 1 FROM pragma_table_list WHERE schema = 'main' AND name = '_collections'`,
  );
  if (!known) throw new CommandFailure(`${file}: data.db has no collections; a PocketBase backup expected`);
  return [...database.rows('SELECT * FROM "_collections" ORDER BY name')].flatMap((row) => {
    const [name, type] = [String(row.get('name')), String(row.get('type'))];
    if (name.startsWith('_') || type === 'view') return [];
    return [readOf(database, name, type, String(row.get('fields') ?? row.get('schema') ?? '[]'))];
  });
}

/**
 * The collections of a PocketBase backup, each on a route of its own: the id of a record becomes its key, lists and JSON
 * become values. Files are names, as in the records; they stay in the backup.
 */
export async function openPocketbaseBackup(file: string, options: PartOptions): Promise<ImportSource> {
  const { route, table } = options;
  const folder = temporaryFolder();
  let database: SqliteDatabase | undefined;
  const close = (): void => {
    database?.close();
    folder.remove();
  };
  try {
    const found = await extract(file, folder.path);
    if (!found.includes('data.db'))
      throw new CommandFailure(`${file} is a zip without data.db; a PocketBase backup expected`);
    const opened = await openOwnSqlite(join(folder.path, 'data.db'), `${file}: data.db`);
    database = opened;
    const reads = readsOf(opened, file).filter((read) => table === undefined || read.table === table);
    if (reads.length === 0)
      throw new CommandFailure(`${file} has no collection${table === undefined ? '' : ` ${table}`}`);
    const parts = reads.map((read): ImportPart => {
      return {
        route: table === undefined ? routeOfTable(file, route, read.table) : route,
        name: `${file}:${read.table}`,
        rows: () => tableRows(opened, read, options),
      };
    });
    return { parts, close };
  } catch (thrown) {
    close();
    throw thrown;
  }
}
