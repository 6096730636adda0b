import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine, ExecOptions } from './engine.js';
import { open } from './open.js';

const data = mkdtempSync(join(tmpdir(), 'drops-search-'));
let engine: Engine;

beforeAll(async () => {
  engine = await open({ data });
  const saved = await engine.exec(`bulk (
    save docs @a title: "Deployment error on staging" level: "fatal" size: 3,
    save docs @b title: "Deploy went fine" level: "info" size: 1,
    save docs/sub @c title: "An error in a subfolder" level: "info" size: 2,
    save owners @info name: "Ida")`);
  expect(saved.status).toBe(200);
});
afterAll(async () => {
  await engine.close();
  rmSync(data, { recursive: true, force: true });
});

const answer = async (text: string, options?: ExecOptions) => (await engine.exec(text, options)).body;

describe('a search in a script', () => {
  it('is a source of rows like any other', async () => {
    expect(await answer('search docs "error" then pick key, title')).toEqual({
      results: [
        { key: 'a', title: 'Deployment error on staging' },
        { key: 'c', title: 'An error in a subfolder' },
      ],
      count: 2,
    });
    expect(await answer('search docs "error" then count')).toEqual({ count: 2 });
    expect(await answer('search docs "error" then first')).toMatchObject({ results: [{ key: 'a' }] });
    expect(await answer('search docs "deploy" then sort size desc')).toMatchObject({
      results: [{ key: 'a' }, { key: 'b' }],
    });
    expect(await answer('search docs $q top $n', { params: { q: 'deploy', n: 1 } })).toMatchObject({
      results: [{ key: 'b' }],
    });
  });

  it('can be saved and removed', async () => {
    expect(await answer('search docs "subfolder" then save found')).toMatchObject({ ok: true, count: 1 });
    expect(await answer('get found @c')).toMatchObject({ payload: { level: 'info' } });
    expect(await answer('search found "subfolder" then remove')).toEqual({ ok: true, removed: 1 });
    expect(await answer('search found "subfolder"')).toMatchObject({ error: { code: 'NO_TEXT_CONTENT' } });
  });

  it('answers the same text anew for other values of its filter', async () => {
    for (const [level, keys] of [
      ['info', ['c']],
      ['fatal', ['a']],
      ['none', []],
      ['info', ['c']],
    ] as const) {
      const found = await answer(`search docs "error" where level = "${level}" then pick key`);
      expect(found).toEqual({ results: keys.map((key) => ({ key })), count: keys.length });
    }
  });

  it('sees the past', async () => {
    const before = await answer('save docs @late title: "zeppelin"');
    const { tx } = before as { tx: number };
    await answer('save docs @late title: "balloon"');
    expect(await answer(`search docs "zeppelin" as of tx ${tx} then pick key`)).toMatchObject({
      results: [{ key: 'late' }],
    });
    expect(await answer('search docs "zeppelin"')).toMatchObject({ results: [] });
    await answer('remove docs @late');
  });

  it('counters change nothing of what was indexed', async () => {
    await answer('add 1 to docs @b views');
    expect(await answer('search docs "fine"')).toMatchObject({
      results: [{ key: 'b', payload: { views: 1 } }],
    });
  });

  it('leaves out what has ended, before anybody has swept it', async () => {
    await answer('save docs @brief title: "ephemeral" keep 1');
    expect(await answer('search docs "ephemeral"')).toMatchObject({ results: [{ key: 'brief' }] });
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(await answer('search docs "ephemeral"')).toMatchObject({ results: [] });
  });
});

describe('a filter', () => {
  it('looks further until enough are left, and says when there is no more', async () => {
    expect(await answer('search docs "error deploy" where level = "fatal" top 1')).toMatchObject({
      results: [{ key: 'a' }],
    });
    const few = await answer('search docs "error deploy" where level = "fatal" top 2');
    expect(few).toMatchObject({ results: [{ key: 'a' }], exhausted: true });
    const bounded = await answer('search docs "error" candidates 1 where level = "info"');
    expect(bounded).toMatchObject({ results: [] });
    expect(bounded).not.toHaveProperty('exhausted');
    expect(await answer('search docs "error" top 50')).not.toHaveProperty('exhausted');
  });
});

describe('POST /search', () => {
  it('is the same search', async () => {
    const { body } = await engine.search({
      prefix: 'docs',
      text: 'error deploy',
      filter: { 'payload.level': 'info' },
      top_k: 2,
    });
    const said = await answer('search docs "error deploy" where level = "info" top 2');
    const timeless = (reply: unknown) => ({ ...(reply as object), time_ms: 0 });
    expect(timeless(body)).toEqual(timeless(said));
  });

  it.each([
    [{ text: 'x' }, 400, 'INVALID_PREFIX'],
    [{ prefix: 'a//b', text: 'x' }, 400, 'INVALID_PREFIX'],
    [{ prefix: 7, text: 'x' }, 400, 'INVALID_PREFIX'],
    [{ prefix: 'docs' }, 400, 'SEARCH_REQUIRED'],
    [{ prefix: 'docs', text: '' }, 400, 'INVALID_TEXT'],
    [{ prefix: 'docs', text: '…' }, 400, 'INVALID_TEXT'],
    [{ prefix: 'docs', text: ['x'] }, 400, 'INVALID_TEXT'],
    [{ prefix: 'docs', vector: [] }, 400, 'INVALID_VECTOR'],
    [{ prefix: 'docs', vector: [1, 'x'] }, 400, 'INVALID_VECTOR'],
    [{ prefix: 'docs', vector: 'x' }, 400, 'INVALID_VECTOR'],
    [{ prefix: 'docs', text: 'x', top_k: 1001 }, 400, 'TOP_K_TOO_LARGE'],
    [{ prefix: 'docs', text: 'x', top_k: 0 }, 400, 'TYPE_ERROR'],
    [{ prefix: 'docs', text: 'x', fusion: 'sum' }, 400, 'TYPE_ERROR'],
    [{ prefix: 'docs', text: 'x', filter: { a: { $near: 1 } } }, 400, 'TYPE_ERROR'],
    [{ prefix: 'docs', text: 'x', topk: 3 }, 400, 'TYPE_ERROR'],
    [{ prefix: 'nothing', text: 'x' }, 404, 'NO_TEXT_CONTENT'],
    ['x', 400, 'INVALID_BODY'],
  ])('%j', async (body, status, code) => {
    expect(await engine.search(body)).toMatchObject({ status, body: { error: { code } } });
  });
});
