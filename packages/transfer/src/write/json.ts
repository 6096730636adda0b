import type { ReadRows, SelectedColumn } from '../export-spec.js';
import { jsonRow } from './flat-row.js';
import { gather } from './gather.js';

/** `{"results":[…],"count":n}`, one drop a line: the shape in which statements answer rows. */
export function writeJson(
  rows: ReadRows,
  columns: readonly SelectedColumn[] | undefined,
): AsyncGenerator<string> {
  let count = 0;
  return gather(
    rows,
    (drop) => {
      count += 1;
      return `${count === 1 ? '' : ','}\n${JSON.stringify(jsonRow(columns, drop))}`;
    },
    { before: '{"results":[', after: () => `${count === 0 ? '' : '\n'}],"count":${count}}\n` },
  );
}
