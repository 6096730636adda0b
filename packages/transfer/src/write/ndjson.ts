import type { ReadRows, SelectedColumn } from '../export-spec.js';
import { jsonRow } from './flat-row.js';
import { gather } from './gather.js';

/** One drop a line. */
export function writeNdjson(
  rows: ReadRows,
  columns: readonly SelectedColumn[] | undefined,
): AsyncGenerator<string> {
  return gather(rows, (drop) => `${JSON.stringify(jsonRow(columns, drop))}\n`);
}
