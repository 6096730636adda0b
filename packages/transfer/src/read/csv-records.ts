import type { Chunks } from './lines.js';
import { linesOf } from './lines.js';

export interface CsvCell {
  readonly text: string;
  readonly quoted: boolean;
}

/** One record, and the line on which it begins. A broken one has a reason instead of cells. */
export type CsvRecord =
  | { readonly line: number; readonly cells: readonly CsvCell[] }
  | { readonly line: number; readonly reason: string };

/** True when a quote that opened in the text is still open at its end. */
function endsOpen(text: string, open: boolean): boolean {
  let quotes = 0;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) quotes += 1;
  return quotes % 2 === 1 ? !open : open;
}

/** A cell from where it begins to its comma or the end. */
const cellForm = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;

/** The cells of one record, or what is wrong with it. */
function cellsOf(text: string): readonly CsvCell[] | string {
  const cells: CsvCell[] = [];
  cellForm.lastIndex = 0;
  for (;;) {
    const found = cellForm.exec(text);
    if (!found) return `cell ${cells.length + 1} has a quote in its middle`;
    const [, quoted, plain = '', end] = found;
    cells.push(
      quoted === undefined
        ? { text: plain, quoted: false }
        : { text: quoted.replaceAll('""', '"'), quoted: true },
    );
    if (end === '') return cells;
  }
}

/** Records of a CSV text (RFC 4180; lines may end in LF). Empty lines are passed over. */
export async function* csvRecords(chunks: Chunks): AsyncGenerator<CsvRecord> {
  let line = 0;
  let begun = 1;
  let parts: string[] = [];
  let open = false;
  for await (const text of linesOf(chunks)) {
    line += 1;
    if (parts.length === 0) begun = line;
    open = endsOpen(text, open);
    parts.push(text);
    if (open) continue;
    // The CR of a CRLF is not part of the last cell.
    const record = parts.join('\n').replace(/\r$/, '');
    parts = [];
    if (record === '') continue;
    const cells = cellsOf(record);
    yield typeof cells === 'string' ? { line: begun, reason: cells } : { line: begun, cells };
  }
  if (parts.length > 0) yield { line: begun, reason: 'a quote opens and never closes' };
}
