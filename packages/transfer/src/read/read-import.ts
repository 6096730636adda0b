import { assertNever } from '@drops/diagnostics';
import type { ExportFormat } from '../export-spec.js';
import { importRow, type Found, type ImportOptions, type ImportRow } from '../import-row.js';
import { readCsv } from './csv.js';
import { readJson } from './json.js';
import type { Chunks } from './lines.js';
import { readMongo } from './mongo.js';
import { readNdjson } from './ndjson.js';
import { readSql } from './sql.js';

const endings: ReadonlyMap<string, ExportFormat> = new Map([
  ['csv', 'csv'],
  ['ndjson', 'ndjson'],
  ['jsonl', 'ndjson'],
  ['sql', 'sql'],
  ['js', 'mongo'],
]);

/** The format of a file, by its name where that says it, else by how it begins. */
export function formatOf(name: string, beginning: string): ExportFormat {
  const byName = endings.get(/\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '');
  if (byName !== undefined) return byName;
  const text = beginning.replace(/^[\uFEFF\s]+/, '');
  if (text.startsWith('[') || /^\{\s*"results"\s*:/.test(text)) return 'json';
  if (text.startsWith('{')) return 'ndjson';
  if (/^(?:CREATE TABLE|INSERT INTO)\b/.test(text)) return 'sql';
  if (/^db\./.test(text)) return 'mongo';
  return /\.json$/i.test(name) ? 'ndjson' : 'csv';
}

function readAs(format: ExportFormat, chunks: Chunks): AsyncGenerator<Found> {
  switch (format) {
    case 'ndjson':
      return readNdjson(chunks);
    case 'json':
      return readJson(chunks);
    case 'csv':
      return readCsv(chunks);
    case 'sql':
      return readSql(chunks);
    case 'mongo':
      return readMongo(chunks);
    default:
      return assertNever(format);
  }
}

/** The rows of a file one by one: drops to write, and what is none with its line and the reason. */
export async function* readImport(
  format: ExportFormat,
  chunks: Chunks,
  options: ImportOptions,
): AsyncGenerator<ImportRow> {
  for await (const found of readAs(format, chunks)) yield importRow(found, options);
}
