import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { QueryLimits } from '@drops/executor';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from './engine.js';
import { open } from './open.js';

const data = mkdtempSync(join(tmpdir(), 'drops-budget-'));
const count = 3000;

async function withEngine<T>(limits: QueryLimits, use: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = await open({ data, durability: 'relaxed', limits });
  try {
    return await use(engine);
  } finally {
    await engine.close();
  }
}

beforeAll(async () => {
  const drops = Array.from({ length: count }, (_, n) => ({
    key: `k${n}`,
    payload: {
      n,
      city: `city ${n % 10}`,
      word: `word ${n}`,
      other: `k${(n * 7) % count}`,
      text: 'x'.repeat(100),
    },
  }));
  await withEngine({}, (engine) => engine.write('items', drops));
});
afterAll(() => rmSync(data, { recursive: true }));

/** The error of a statement under some limits; undefined: it was answered. */
async function errorOf(text: string, limits: QueryLimits): Promise<unknown> {
  const { status, body } = await withEngine(limits, (engine) => engine.exec(text));
  if (status === 200) return undefined;
  return typeof body === 'object' && body !== null && 'error' in body ? body.error : body;
}

const memory = 200_000;

describe('a statement that holds too much is refused, with what was too much', () => {
  test.each<[string, string, string]>([
    ['a sort', 'find items sort text, word limit 2500', 'the sort'],
    ['a sort without a limit', 'find items then sort text', 'the sort'],
    ['many groups', 'find items group word count', 'the grouping'],
    ['groups of two fields', 'find items group word, n count', 'the grouping'],
    ['distinct values', 'find items distinct word', 'the grouping'],
    ['a join', 'find items join items on word = word sum n', 'the join'],
    ['a query in a query', 'find items where word in (find items then pick word)', 'the answer of a query'],
    ['a large result', 'find items', 'the result'],
    ['an export in one reply', 'export items as json', 'the export'],
  ])('%s', async (_name, text, what) => {
    expect(await errorOf(text, { memory })).toMatchObject({
      code: 'QUERY_TOO_COMPLEX',
      status: 400,
      message: expect.stringMatching(
        new RegExp(`^${what}.* needs more than 0.2 MB, the memory of one query`),
      ),
      hint: expect.stringContaining('--query-memory'),
    });
    expect(await errorOf(text, { memory: 64 * 2 ** 20 })).toBeUndefined();
  });
});

test.each([
  'find items sort text limit 5',
  'find items group city count',
  'count items',
  'find items limit 20',
])('%s holds little, however much it reads', async (text) =>
  expect(await errorOf(text, { memory })).toBeUndefined(),
);

test('a statement that reads too many rows is refused', async () => {
  const refused = await errorOf('find items where text = "y"', { rows: 1000 });
  expect(refused).toMatchObject({
    code: 'QUERY_TOO_COMPLEX',
    message: 'the query reads more than 1000 rows, the most that one query may read',
    hint: expect.stringContaining('--query-rows'),
  });
  expect(await errorOf('find items where key = "k7"', { rows: 1000 })).toBeUndefined();
});

test('a statement that takes too long is refused; a stream may take its time', async () => {
  const text = 'find items then sort text';
  expect(await errorOf(text, { time: -1 })).toMatchObject({
    code: 'QUERY_TOO_COMPLEX',
    message: expect.stringContaining('the time of one query'),
    hint: expect.stringContaining('--query-time'),
  });
  const streamed = await withEngine({ time: -1 }, async (engine) => {
    const stream = await engine.stream(text);
    if (!stream || !('rows' in stream)) throw new Error('a find is a stream');
    let rows = 0;
    for await (const _ of stream.rows) rows += 1;
    return rows;
  });
  expect(streamed).toBe(count);
});

test('a stream holds only what its operators hold', async () => {
  const rows = await withEngine({ memory }, async (engine) => {
    const stream = await engine.stream('find items where n >= 0');
    if (!stream || !('rows' in stream)) throw new Error('a find is a stream');
    let read = 0;
    for await (const _ of stream.rows) read += 1;
    return read;
  });
  expect(rows).toBe(count);
});

test('what a statement used does not count for the next', async () => {
  await withEngine({ memory: 4 * 2 ** 20 }, async (engine) => {
    for (let i = 0; i < 5; i += 1) expect((await engine.exec('find items')).status).toBe(200);
  });
});
