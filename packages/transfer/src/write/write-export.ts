import { assertNever } from '@drops/diagnostics';
import { selectedColumn, type ExportFormat, type ExportSpec, type ReadRows } from '../export-spec.js';
import { writeCsv } from './csv.js';
import { writeJson } from './json.js';
import { writeMongo } from './mongo.js';
import { writeNdjson } from './ndjson.js';
import { writeSql } from './sql.js';

export const contentTypes: Readonly<Record<ExportFormat, string>> = {
  ndjson: 'application/x-ndjson',
  json: 'application/json',
  csv: 'text/csv; charset=utf-8',
  sql: 'application/sql; charset=utf-8',
  mongo: 'application/javascript; charset=utf-8',
};

/**
 * Drops as chunks of text, in memory that does not grow with their number. What must be known of all rows
 * (columns and types) is read before this resolves, so that UNSUPPORTED comes before the first chunk.
 */
export async function writeExport(spec: ExportSpec, rows: ReadRows): Promise<AsyncGenerator<string>> {
  const columns = spec.select?.map(selectedColumn);
  switch (spec.format) {
    case 'ndjson':
      return writeNdjson(rows, columns);
    case 'json':
      return writeJson(rows, columns);
    case 'csv':
      return writeCsv(rows, columns);
    case 'sql':
      return writeSql(rows, spec, columns);
    case 'mongo':
      return writeMongo(rows, spec.route, columns);
    default:
      return assertNever(spec.format);
  }
}
