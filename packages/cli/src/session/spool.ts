import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DropRow } from '../import/import-part.js';

/** Rows that wait in a temporary file until all of them were judged. */
export interface Spool {
  readonly count: number;
  countOf(part: number): number;
  add(part: number, row: DropRow): void;
  /** All of them in order, each time anew. Reads at once, since a write transaction does not wait for promises. */
  rows(): Generator<{ readonly part: number; readonly row: DropRow }>;
  remove(): void;
}

const chunkSize = 1 << 20;

/** A line of the file, part and row. */
type Line = readonly [number, DropRow];

function* linesOf(file: string): Generator<string> {
  const descriptor = openSync(file, 'r');
  try {
    const chunk = Buffer.allocUnsafe(chunkSize);
    let parts: Buffer[] = [];
    for (;;) {
      const length = readSync(descriptor, chunk, 0, chunkSize, null);
      if (length === 0) return;
      const found = chunk.subarray(0, length);
      let start = 0;
      for (let end = found.indexOf(10); end !== -1; end = found.indexOf(10, start)) {
        parts.push(found.subarray(start, end));
        yield Buffer.concat(parts).toString('utf8');
        parts = [];
        start = end + 1;
      }
      // The chunk is used again.
      if (start < length) parts.push(Buffer.from(found.subarray(start)));
    }
  } finally {
    closeSync(descriptor);
  }
}

/** An empty spool, in the folder for temporary files. */
export function createSpool(): Spool {
  const folder = mkdtempSync(join(tmpdir(), 'drops-import-'));
  const file = join(folder, 'rows');
  const descriptor = openSync(file, 'w', 0o600);
  const counts: number[] = [];
  let count = 0;
  let waiting: string[] = [];
  let characters = 0;
  let open = true;

  const flush = (): void => {
    const bytes = Buffer.from(waiting.join(''), 'utf8');
    for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
    waiting = [];
    characters = 0;
  };
  const close = (): void => {
    if (open) closeSync(descriptor);
    open = false;
  };

  return {
    get count() {
      return count;
    },
    countOf: (part) => counts[part] ?? 0,
    add(part, row) {
      const line: Line = [part, row];
      const text = `${JSON.stringify(line)}\n`;
      waiting.push(text);
      characters += text.length;
      count += 1;
      counts[part] = (counts[part] ?? 0) + 1;
      if (characters >= chunkSize) flush();
    },
    *rows() {
      flush();
      for (const text of linesOf(file)) {
        const [part, row]: Line = JSON.parse(text);
        yield { part, row };
      }
    },
    remove() {
      close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
