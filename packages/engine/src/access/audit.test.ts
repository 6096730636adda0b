import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publicIdOf } from '@drops/access';
import { getProperty, isArray, isObject, type Json } from '@drops/ir';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Engine } from '../engine.js';
import { open } from '../open.js';
import { keyNamed } from './matrix.fixture.js';

const alice = { kind: 'key', key: keyNamed('alice') } as const;
const bob = { kind: 'key', key: keyNamed('bob') } as const;
let folder: string;
let engine: Engine;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'drops-audit-'));
  engine = await open({ data: folder, durability: 'relaxed' });
});

afterEach(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What was written down, once it is: closing writes what was gathered. */
async function entries(): Promise<readonly Json[]> {
  await engine.close();
  engine = await open({ data: folder, durability: 'relaxed' });
  const { body } = await engine.exec('find __audit');
  const results = isObject(body) ? getProperty(body, 'results') : undefined;
  return isArray(results)
    ? results.map((row) => (isObject(row) ? (getProperty(row, 'payload') ?? null) : null))
    : [];
}

it('writes down refusals with their rule, changes of lists, and what a remote administrator does', async () => {
  await engine.exec('share vault with @aaaaaaaaaaaa', { identity: alice });
  await engine.exec('find vault', { identity: bob });
  await engine.exec('save vault @_access mode: "protected"', { identity: bob });
  await engine.exec(`find ${alice.key}/notes`, { identity: bob });
  await engine.exec('save hall @a n: 1', { identity: { kind: 'administrator', remote: true } });
  await engine.exec('save hall @b n: 1');
  const found = await entries();
  expect(found).toEqual([
    { act: 'access', who: publicIdOf(alice.key), routes: ['vault'] },
    expect.objectContaining({ act: 'refused', who: publicIdOf(bob.key), code: 'FORBIDDEN', deed: 'Query' }),
    expect.objectContaining({ act: 'refused', who: publicIdOf(bob.key), code: 'FORBIDDEN' }),
    expect.objectContaining({ act: 'refused', who: publicIdOf(bob.key), code: 'FORBIDDEN', deed: 'Query' }),
    { act: 'administration', who: 'administrator', routes: ['hall'] },
  ]);
  expect(JSON.stringify(found)).not.toContain(alice.key);
});

it('is for the administrator alone', async () => {
  expect((await engine.exec('find __audit', { identity: alice })).status).toBe(403);
});

it('stays small however much is refused', async () => {
  for (let i = 0; i < 500; i += 1) await engine.exec('find __audit', { identity: bob });
  const found = await entries();
  expect(found.length).toBeLessThan(120);
  expect(found.at(-1)).toMatchObject({ act: 'left out' });
});
