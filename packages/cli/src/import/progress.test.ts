import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import type { Io } from '../io.js';
import { createProgress } from './progress.js';

function terminal(err: boolean) {
  const written: string[] = [];
  const io: Io = {
    stdin: Readable.from([]),
    out: () => undefined,
    err: (text) => void written.push(text),
    outReady: async () => undefined,
    env: {},
    columns: undefined,
    terminal: { err },
    color: { out: false, err: false },
  };
  return { io, written };
}

it('draws rows and bytes at most ten times a second, and goes when it is done', () => {
  const { io, written } = terminal(true);
  let now = 0;
  const progress = createProgress(io, 4_000_000, () => now);
  for (; now < 1000; now += 1) {
    progress.bytes(3000);
    progress.rows(2);
  }
  expect(written).toHaveLength(10);
  expect(written.at(-1)).toBe('\r\u001b[K████████████████░░░░░░░░  67 %  1,800 rows, 2.7 of 4.0 MB');
  progress.clear();
  progress.clear();
  expect(written.slice(10)).toEqual(['\r\u001b[K']);
});

it('shows no bar where the end is not known', () => {
  const { io, written } = terminal(true);
  createProgress(io, undefined, () => 0).rows(5);
  createProgress(io, undefined, () => 0).bytes(1_500_000);
  expect(written).toEqual(['\r\u001b[K5 rows', '\r\u001b[K0 rows, 1.5 MB']);
});

it('is silent where stderr is no terminal', () => {
  const { io, written } = terminal(false);
  const progress = createProgress(io, 10);
  progress.bytes(5);
  progress.rows(5);
  progress.clear();
  expect(written).toEqual([]);
});
