import type { ReadRows } from '../export-spec.js';
import { exportedDrop, type ExportedDrop } from '../export-spec.js';

/** Characters of one chunk: large enough that a chunk costs nothing, small enough to hold many. */
const chunkSize = 65_536;

/** Pieces of text one drop at a time, put together into chunks. */
export async function* gather(
  rows: ReadRows,
  pieceOf: (drop: ExportedDrop) => string,
  around: { readonly before?: string; readonly after?: () => string } = {},
): AsyncGenerator<string> {
  let chunk = around.before ?? '';
  for await (const batch of rows()) {
    for (const row of batch) {
      chunk += pieceOf(exportedDrop(row));
      if (chunk.length < chunkSize) continue;
      yield chunk;
      chunk = '';
    }
  }
  chunk += around.after?.() ?? '';
  if (chunk !== '') yield chunk;
}
