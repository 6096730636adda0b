import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Identity } from '@drops/access';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../engine.js';
import { open } from '../open.js';
import { keyNamed } from './matrix.fixture.js';

const folder = mkdtempSync(join(tmpdir(), 'drops-row-rules-'));
const author: Identity = { kind: 'key', key: keyNamed('author of the shop') };
const reader: Identity = { kind: 'key', key: keyNamed('reader of the shop') };
let engine: Engine;

async function answer(text: string, identity?: Identity): Promise<unknown> {
  const { status, body } = await engine.exec(text, { identity });
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body;
}

beforeAll(async () => {
  engine = await open({ data: folder });
  const saves = Array.from({ length: 300 }, (_, i) => `save shop @k${i} n: ${300 - i} price 5`);
  await answer(`bulk (${saves.join(', ')})`, author);
  await answer('define shop index n');
  await engine.settled();
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

it('tells readers of priced drops nothing by the order of an index', async () => {
  const keys = 'find shop sort n limit 3 then pick key';
  const groups = 'find shop group n first key limit 3';
  expect(await answer(keys, author)).toMatchObject({
    results: [{ key: 'k299' }, { key: 'k298' }, { key: 'k297' }],
  });
  expect(await answer(`explain ${keys}`)).toMatchObject({
    text: expect.stringContaining('IndexScan route=shop index=n'),
  });
  // To a reader no drop has an n: they are in the order in which they were written.
  expect(await answer(keys, reader)).toMatchObject({
    results: [{ key: 'k0' }, { key: 'k1' }, { key: 'k10' }],
  });
  expect(await answer(groups, reader)).toMatchObject({ results: [{ n: null, first_key: 'k0' }] });
});
