import type { Io } from '../io.js';

/** How far an import is, shown on a terminal and nowhere else. */
export interface Progress {
  bytes(count: number): void;
  rows(count: number): void;
  /** Takes the line away, so that something else can be written. */
  clear(): void;
}

/** Milliseconds between two drawings. */
const interval = 100;
const barWidth = 24;

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}

function drawn(bytes: number, rows: number, total: number | undefined): string {
  const counts = `${rows.toLocaleString('en-US')} rows`;
  if (bytes === 0) return counts;
  if (total === undefined || total === 0) return `${counts}, ${megabytes(bytes)} MB`;
  const share = Math.min(1, bytes / total);
  const full = Math.floor(share * barWidth);
  const bar = '█'.repeat(full) + '░'.repeat(barWidth - full);
  return `${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${counts}, ${megabytes(bytes)} of ${megabytes(total)} MB`;
}

/** A line on stderr that is drawn anew at most ten times a second; nothing where stderr is no terminal. `total` in bytes. */
export function createProgress(io: Io, total: number | undefined, clock: () => number = Date.now): Progress {
  if (!io.terminal.err) return { bytes: () => undefined, rows: () => undefined, clear: () => undefined };
  let [bytes, rows] = [0, 0];
  let last = -Infinity;
  let shown = false;
  const draw = (): void => {
    const now = clock();
    if (now - last < interval) return;
    last = now;
    shown = true;
    io.err(`\r\u001b[K${drawn(bytes, rows, total)}`);
  };
  return {
    bytes(count) {
      bytes += count;
      draw();
    },
    rows(count) {
      rows += count;
      draw();
    },
    clear() {
      if (shown) io.err('\r\u001b[K');
      shown = false;
    },
  };
}
