import { isObject, setProperty, type Json, type MutableObject } from '@drops/ir';
import { jsonOf, plainValue } from '../csv-cells.js';
import { ownColumns, parseName, textSuffix, type ParsedName } from '../csv-names.js';
import type { Found } from '../import-row.js';
import { csvRecords, type CsvCell, type CsvRecord } from './csv-records.js';
import type { Chunks } from './lines.js';

interface Column extends ParsedName {
  readonly name: string;
  /** In an export of ours: the payload itself, which is no object. */
  readonly whole: boolean;
}

/** What a cell says. Quoted cells are texts, or arrays and objects; see `plainValue` for the others. */
function valueOf({ text, quoted }: CsvCell, column: Column): Json | undefined {
  if (column.own === ownColumns.key || column.own === ownColumns.time || column.own === ownColumns.route) {
    return text === '' ? undefined : text;
  }
  if (column.text) return text === '' && !quoted ? undefined : text;
  return quoted ? (jsonOf(text) ?? text) : plainValue(text);
}

/** Puts a value at a path of an object under construction; false where another value is in the way. */
function place(target: MutableObject, path: readonly string[], value: Json): boolean {
  let object = target;
  for (const name of path.slice(0, -1)) {
    const next: Json | undefined = Object.hasOwn(object, name) ? object[name] : undefined;
    const inner: MutableObject = next === undefined ? {} : isObject(next) ? { ...next } : {};
    if (next !== undefined && !isObject(next)) return false;
    setProperty(object, name, inner);
    object = inner;
  }
  const last = path.at(-1) ?? '';
  if (Object.hasOwn(object, last)) return false;
  setProperty(object, last, value);
  return true;
}

type Outcome = { readonly value: Json } | { readonly reason: string };

function rowOf(cells: readonly CsvCell[], columns: readonly Column[], own: boolean): Outcome {
  if (cells.length !== columns.length) {
    return { reason: `${cells.length} cells found, ${columns.length} as in the header expected` };
  }
  const row: MutableObject = {};
  let whole: Json | undefined;
  for (const [i, column] of columns.entries()) {
    const cell = cells[i];
    const value = cell && valueOf(cell, column);
    if (value === undefined) continue;
    if (own && column.own !== undefined && column.own !== ownColumns.payload) continue;
    if (own && column.whole) whole = value;
    else if (!place(row, column.path, value)) {
      return { reason: `the column ${column.name} holds a value where another column holds one` };
    }
  }
  return { value: whole ?? row };
}

function keyOf(cells: readonly CsvCell[], columns: readonly Column[]): string | null {
  const text = cells[columns.findIndex((column) => column.own === ownColumns.key)]?.text ?? '';
  return text === '' ? null : text;
}

function columnsOf(record: CsvRecord): readonly Column[] | string {
  if ('reason' in record) return `the header: ${record.reason}`;
  const columns = record.cells.map(({ text }) => ({
    ...parseName(text),
    name: text,
    whole: text === ownColumns.payload || text === ownColumns.payload + textSuffix,
  }));
  const names = columns.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  return twice === undefined ? columns : `the header has the column ${JSON.stringify(twice)} twice`;
}

/** Exports of ours have the key and the time in columns of their own. */
function isOwn(columns: readonly Column[]): boolean {
  return [ownColumns.key, ownColumns.time].every((name) => columns.some((column) => column.own === name));
}

/** Rows of a CSV with a header; dots lead into objects. In an export of ours key and payload are told apart. */
export async function* readCsv(chunks: Chunks): AsyncGenerator<Found> {
  let columns: readonly Column[] | undefined;
  for await (const record of csvRecords(chunks)) {
    const { line } = record;
    if (!columns) {
      const header = columnsOf(record);
      if (typeof header === 'string') {
        yield { line, reason: header };
        return;
      }
      columns = header;
      continue;
    }
    if ('reason' in record) {
      yield { line, reason: record.reason };
      continue;
    }
    const own = isOwn(columns);
    const row = rowOf(record.cells, columns, own);
    if ('reason' in row) yield { line, reason: row.reason };
    else yield { line, value: own ? { key: keyOf(record.cells, columns), payload: row.value } : row.value };
  }
}
