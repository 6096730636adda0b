import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Identity } from '@drops/access';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../engine.js';
import { open } from '../open.js';
import { keyNamed } from './matrix.fixture.js';

const folder = mkdtempSync(join(tmpdir(), 'drops-closed-'));
const alice: Identity = { kind: 'key', key: keyNamed('alice') };
const bob: Identity = { kind: 'key', key: keyNamed('bob') };
const anonymous: Identity = { kind: 'anonymous' };
let engine: Engine;

const statusOf = async (text: string, identity: Identity): Promise<number> =>
  (await engine.exec(text, { identity })).status;

beforeAll(async () => {
  engine = await open({ data: folder, openZone: 'closed' });
  await engine.exec('save old @a n: 1');
});

afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

it('keeps routes without a list from everybody but the administrator', async () => {
  expect(await statusOf('find old', anonymous)).toBe(401);
  expect(await statusOf('find old', alice)).toBe(403);
  expect(await statusOf('save old @a n: 2', alice)).toBe(403);
  expect(await statusOf('share old with @aaaaaaaaaaaa', alice)).toBe(403);
  expect(await statusOf('save new @a n: 1', anonymous)).toBe(401);
  expect(await statusOf('find old', { kind: 'administrator' })).toBe(200);
});

it('gives a key the route that it begins, by whichever door and also for an event', async () => {
  expect(await statusOf('save public alices n: 1', alice)).toBe(200);
  expect(await statusOf('find alices', alice)).toBe(200);
  expect(await statusOf('find alices', bob)).toBe(403);
  expect((await engine.drop({ route: 'bobs', payload: { n: 1 } }, { identity: bob })).status).toBe(200);
  expect(await statusOf('find bobs', bob)).toBe(200);
  expect(await statusOf('find bobs', alice)).toBe(403);
  expect(await statusOf('context', alice)).toBe(200);
});

it('opens what its owner opens', async () => {
  expect(await statusOf('share alices with @aaaaaaaaaaaa mode protected', alice)).toBe(200);
  expect(await statusOf('find alices', anonymous)).toBe(200);
});
