import type { Json } from '@drops/diagnostics';
import { importRow, type ImportRow } from '@drops/transfer';
import type { PartOptions } from './import-part.js';
import { quoted, type SqliteDatabase, type SqliteRow, type SqliteValue } from './sqlite-database.js';

/** What the values of a column stand for where SQLite has no type of its own. */
/** `list`: texts that are arrays of JSON, and others that are themselves. */
export type ColumnMeaning = 'plain' | 'boolean' | 'json' | 'list';

/** A table as rows of a route. */
export interface TableRead {
  readonly table: string;
  /** Its columns, and what they hold. */
  readonly columns: ReadonlyMap<string, ColumnMeaning>;
  /** The column of the keys; undefined: the rows have none, or those of an export of ours. */
  readonly key: string | undefined;
  /** The key stands beside the fields and is none of them. */
  readonly keyApart: boolean;
}

/** Says of a row that a text in it holds U+0000, where the library would cut it. */
const cutColumn = 'drops: cut text';

/** A long chain of `or` nests deeper than SQLite allows; a tree of it does not. */
function anyOf(terms: readonly string[]): string {
  if (terms.length <= 1) return terms[0] ?? '0';
  const half = terms.length >> 1;
  return `(${anyOf(terms.slice(0, half))} OR ${anyOf(terms.slice(half))})`;
}

function selectOf({ table, columns }: TableRead): string {
  const names = [...columns.keys()].map(quoted);
  const cut = anyOf(names.map((name) => `(typeof(${name}) = 'text' AND instr(${name}, char(0)) > 0)`));
  return `SELECT ${[...names, `${cut} AS ${quoted(cutColumn)}`].join(', ')} FROM ${quoted(table)}`;
}

function jsonOf(text: string): Json {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}

/** A value as JSON; undefined for NULL, which is a field that is missing. Throws the reason why it cannot be one. */
function valueOf(value: SqliteValue, meaning: ColumnMeaning): Json | undefined {
  if (value === null) return undefined;
  if (typeof value === 'bigint') throw new Error(`the integer ${value} is more than a number holds exactly`);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value === 'string') {
    const parsed = meaning === 'json' || (meaning === 'list' && value.startsWith('['));
    return parsed ? jsonOf(value) : value;
  }
  if (!Number.isFinite(value)) throw new Error(`${value} is no number of JSON`);
  return meaning === 'boolean' && (value === 0 || value === 1) ? value === 1 : value;
}

function fieldsOf(row: SqliteRow, { columns }: TableRead): Map<string, Json> {
  if (row.get(cutColumn) === 1) throw new Error('a text holds U+0000, which this importer cannot read');
  const fields = new Map<string, Json>();
  for (const [name, meaning] of columns) {
    const value = valueOf(row.get(name) ?? null, meaning);
    if (value !== undefined) fields.set(name, value);
  }
  return fields;
}

function toImportRow(line: number, row: SqliteRow, read: TableRead, options: PartOptions): ImportRow {
  const { key, keyApart } = read;
  const { encodeKeys, now } = options;
  try {
    const fields = fieldsOf(row, read);
    if (key === undefined || !keyApart) {
      // A row of an export of ours is known by both of its columns, the key of an event being NULL.
      const own: Readonly<Record<string, Json>> =
        read.columns.has('_key') && read.columns.has('_created_at') ? { _key: null } : {};
      const value = { ...own, ...Object.fromEntries(fields) };
      return importRow({ line, value }, { ...(key !== undefined && { keyField: key }), encodeKeys, now });
    }
    const found = fields.get(key) ?? null;
    fields.delete(key);
    return importRow(
      { line, value: { key: found, payload: Object.fromEntries(fields) } },
      { encodeKeys, now },
    );
  } catch (thrown) {
    return { kind: 'rejected', line, reason: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

/** The rows of a table one by one; a line is the number of a row. */
export async function* tableRows(
  database: SqliteDatabase,
  read: TableRead,
  options: PartOptions,
): AsyncGenerator<ImportRow> {
  let line = 0;
  for (const row of database.rows(selectOf(read))) {
    line += 1;
    yield toImportRow(line, row, read, options);
  }
}
