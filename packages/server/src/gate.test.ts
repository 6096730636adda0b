import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open, type Engine, type Plan } from '@drops/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from './app.js';
import { endpoints } from './endpoints/index.js';

const folder = mkdtempSync(join(tmpdir(), 'drops-gate-'));
const keyNamed = (name: string): string => createHash('sha256').update(name).digest('base64url');
const owner = { kind: 'key', key: keyNamed('owner') } as const;
const secret = 'unseen-by-strangers';

/** What a stranger may be answered who tries something with the route `vault`. */
type Expected = 'refused' | 'nothing of it';

/** A statement of every kind of plan that tries to get at the route `vault`. A new kind has to find its place here. */
const statements: Readonly<Record<Plan['kind'], readonly [text: string, expected: Expected]>> = {
  Query: ['find vault', 'refused'],
  Put: ['save vault @a n: 1', 'refused'],
  Delete: ['remove vault @a', 'refused'],
  Increment: ['add 1 to vault @a n', 'refused'],
  Batch: ['bulk (save vault @b n: 1)', 'refused'],
  ForEach: ['find vault then save elsewhere', 'refused'],
  DefineView: ['find hall as vault', 'refused'],
  DefineSchema: ['define vault fields n: "number"', 'refused'],
  DefineIndex: ['define vault index n', 'refused'],
  Undefine: ['undefine vault', 'refused'],
  Validate: ['validate vault n: 1', 'refused'],
  Grant: ['share vault with @aaaaaaaaaaaa', 'refused'],
  Revoke: ['revoke vault', 'refused'],
  SetPolicy: ['write public\nsave vault @a n: 1', 'refused'],
  Call: ['run vault', 'refused'],
  Trigger: ['when vault changes call "https://example.com/hook"', 'refused'],
  Schedule: ['every "0 9 * * *" nightly: run vault', 'refused'],
  Drop: ['webhook "vault" remove', 'nothing of it'],
  Inspect: ['status vault', 'refused'],
  Export: ['export vault as csv', 'refused'],
  Translate: ['translate "find vault" to sql', 'refused'],
  Invoke: ['event vault @party title "x" start "2026-01-01"', 'refused'],
  Explain: ['explain find vault', 'refused'],
};

/** A request of every endpoint that reads or writes routes, by its path; all others are tried by `anyRequest`. */
const requests: Readonly<Record<string, readonly [path: string, init: RequestInit]>> = {
  '/exec': ['/exec', { method: 'POST', body: 'find vault' }],
  '/query': ['/query', json({ route: 'vault' })],
  '/search': ['/search', json({ prefix: 'vault', text: secret })],
  '/primitives': ['/primitives', json({ dates: { $gte: '2000-01-01' } })],
  '/sql': ['/sql', json({ query: 'SELECT * FROM vault' })],
  '/drop': ['/drop', json({ route: 'vault', key: 'a', payload: { n: 1 } })],
  '/entity/*': ['/entity/vault?key=a', {}],
  '/export/*': ['/export/vault', {}],
};

function json(body: object): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** A request of an endpoint of a service, with `vault` wherever a route may stand. */
function anyRequest(path: string, method: string): readonly [path: string, init: RequestInit] {
  const filled = path.replace(/:\w+/g, 'vault').replace('*', 'vault');
  if (method !== 'POST') return [`${filled}?route=vault&key=a&prefix=vault`, { method }];
  return [
    filled,
    json({ route: 'vault', prefix: 'vault', target: 'vault', key: 'a', id: 'vault', label: 'x' }),
  ];
}

let engine: Engine;

beforeAll(async () => {
  engine = await open({ data: folder, durability: 'relaxed' });
  const made = await engine.exec(
    `share vault with @aaaaaaaaaaaa\nsave vault @a text: "${secret}"\nsave public hall @a n: 1`,
    { identity: owner },
  );
  expect(made.status, JSON.stringify(made.body)).toBe(200);
});

afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

async function send(path: string, init: RequestInit, key: string | undefined): Promise<[number, string]> {
  const headers = new Headers(init.headers);
  if (key !== undefined) headers.set('x-ocean-key', key);
  const response = await createApp(engine).request(`http://localhost${path}`, { ...init, headers });
  return [response.status, await response.text()];
}

describe.each([
  ['a stranger', keyNamed('stranger'), 403],
  ['nobody', undefined, 401],
] as const)('%s', (_, key, refused) => {
  it.each(Object.entries(statements))('gets at nothing by %s', async (_kind, [text, expected]) => {
    const [status, body] = await send('/exec', { method: 'POST', body: text }, key);
    expect(body).not.toContain(secret);
    if (expected === 'refused') expect(status, body).toBe(refused);
  });

  it.each(endpoints.map(({ path, identity, method }) => [path, identity, method] as const))(
    'gets at nothing by %s',
    async (path, identity, method) => {
      const request = requests[path];
      if (identity === 'open') {
        expect((await send(path, {}, key))[1]).not.toContain(secret);
        return;
      }
      if (!request) {
        expect((await send(...anyRequest(path, method), key))[1]).not.toContain(secret);
        return;
      }
      const [status, body] = await send(...request, key);
      expect(body).not.toContain(secret);
      const reads = path === '/primitives' || (path === '/drop' && key === undefined);
      if (!reads) expect(status, body).toBe(refused);
    },
  );
});

it('lets the owner do by the same ways what strangers may not', async () => {
  for (const path of ['/exec', '/query', '/sql', '/entity/*', '/export/*']) {
    const request = requests[path];
    expect(request).toBeDefined();
    if (request) expect((await send(...request, owner.key))[1]).toContain(secret);
  }
});
