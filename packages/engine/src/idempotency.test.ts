import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLmdbStore } from '@drops/store';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Engine } from './engine.js';
import { open } from './open.js';

let data: string;
let engines: readonly Engine[];
let now: number;

beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'drops-once-'));
  now = Date.now();
  const options = { data, durability: 'relaxed', clock: () => now } as const;
  // Two engines share nothing but the store, as two processes do.
  engines = [await open(options), await open(options)];
});
afterEach(async () => {
  for (const engine of engines) await engine.close();
  rmSync(data, { recursive: true, force: true });
});

const engineAt = (i: number): Engine => engines[i % 2]!;
const add = (i: number, idempotencyKey: string) => engineAt(i).exec('add 1 to c @k n', { idempotencyKey });
const valueOf = async () => (await engineAt(0).exec('c @k')).body;

test('a key that reaches several engines at once runs once, and all get the same answer', async () => {
  const replies = await Promise.all(Array.from({ length: 10 }, (_, i) => add(i, 'token')));
  expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1);
  expect(await valueOf()).toMatchObject({ payload: { n: 1 } });
  expect(await add(1, 'token')).toEqual(replies[0]);
  expect((await add(1, 'another')).status).toBe(200);
  expect(await valueOf()).toMatchObject({ payload: { n: 2 } });
});

test('another request under the same key is a conflict, while the first runs and after it', async () => {
  const first = add(0, 'token');
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  const other = (i: number) => engineAt(i).exec('add 2 to c @k n', { idempotencyKey: 'token' });
  await expect(other(1)).rejects.toMatchObject({ diagnostic: { code: 'CONFLICT' } });
  expect(await first).toMatchObject({ status: 200 });
  await expect(other(0)).rejects.toMatchObject({ diagnostic: { code: 'CONFLICT' } });
});

test('a user error is an answer, and is repeated', async () => {
  const failing = (i: number) => engineAt(i).exec('remove users @nobody', { idempotencyKey: 'token' });
  const reply = await failing(0);
  expect(reply.status).toBe(404);
  await engineAt(0).exec('save users @nobody a: 0');
  expect(await failing(1)).toEqual(reply);
});

test('the claim of a process that died ends after 15 s, and the request runs', async () => {
  await add(0, 'token');
  const store = openLmdbStore({ path: data, durability: 'relaxed', clock: () => now });
  // As a crash between claim and answer leaves it: the claim, with its life span.
  const record = store.log(0, 10).find(({ route }) => route === '__idempotency');
  const payload = record?.payload ?? null;
  const put = { kind: 'put', route: '__idempotency', key: record?.key ?? null, payload, ttl: 15 } as const;
  await store.commit({ operations: [put], writer: null });
  await store.close();
  engineAt(1).lookForCommits();
  let answered = false;
  const retry = add(1, 'token').then((reply) => {
    answered = true;
    return reply;
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(answered).toBe(false);
  now += 15_000;
  expect(await retry).toMatchObject({ status: 200 });
  expect(await valueOf()).toMatchObject({ payload: { n: 2 } });
});

const key = 'k'.repeat(43);
const answers = async () => JSON.stringify((await engineAt(0).exec('find __idempotency history')).body);

test('a new keypair is told once, and its private half is kept nowhere', async () => {
  const anonymous = { kind: 'anonymous' } as const;
  const drop = () =>
    engineAt(0).drop({ route: 'hello', payload: 1 }, { identity: anonymous, idempotencyKey: 'token' });
  const first = JSON.stringify((await drop()).body);
  const halves = /"keypair":\{"public":"([\w-]+)","private":"([\w-]+)"\}/.exec(first);
  expect(halves).not.toBeNull();
  const again = JSON.stringify((await drop()).body);
  expect(again).not.toContain('keypair');
  expect(JSON.parse(first)).toMatchObject(JSON.parse(again));
  for (const half of halves?.slice(1) ?? []) expect(await answers()).not.toContain(half);
});

test('an answer is sealed, and not the one of a sub-key with the same token', async () => {
  const identity = { kind: 'key', key } as const;
  const create = () => engineAt(0).exec('subkey create label: "s"', { identity, idempotencyKey: 'token' });
  const reply = JSON.stringify(await create());
  const subkey = /"key":"(sub_[^"]+)"/.exec(reply)?.[1] ?? '';
  expect(JSON.stringify(await create())).toBe(reply);
  expect(await answers()).not.toContain(subkey);
  const limited = (await engineAt(1).identify(subkey)).identity;
  const again = await engineAt(1).exec('subkey create label: "s"', {
    identity: limited,
    idempotencyKey: 'token',
  });
  expect(JSON.stringify(again)).not.toContain(subkey);
});
