import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signerOf } from '@drops/client';
import { open, type Engine } from '@drops/engine';
import { listen, type Listening } from '@drops/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drops } from '../io.fixture.js';

const folder = mkdtempSync(join(tmpdir(), 'drops-key-file-'));
const half = randomBytes(32).toString('base64url');
const pair = { public: signerOf(half).key, private: half };
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const keyFile = file('key', `${pair.private}\n`);
let engine: Engine;
let server: Listening;

beforeAll(async () => {
  engine = await open({ data: join(folder, 'data'), durability: 'relaxed', signed: true });
  server = await listen(engine, { port: 0, signed: true });
});
afterAll(async () => {
  await server.close();
  await engine.close();
  rmSync(folder, { recursive: true });
});

describe('a server that wants signatures', () => {
  it('refuses a bare key', async () => {
    const { code, err } = await drops(['exec', 'find a', '--url', server.url, '--key', pair.public]);
    expect(code).toBe(1);
    expect(err).toContain('are signed');
  });

  it('takes statements of exec, of the prompt and of import, and exports, signed by a key file', async () => {
    const to = ['--url', server.url, '--key-file', keyFile];
    const saved = await drops(['exec', `save ${pair.public}/notes @a n: 1`, ...to]);
    expect({ code: saved.code, err: saved.err }).toEqual({ code: 0, err: '' });
    const asked = await drops(['repl', ...to], { stdin: `count ${pair.public}/notes\n` });
    expect({ code: asked.code, err: asked.err }).toEqual({ code: 0, err: '' });
    expect(asked.out).toContain('1');
    const rows = file('rows.ndjson', '{"key":"b","payload":{"n":2}}\n');
    expect((await drops(['import', rows, '--route', `${pair.public}/notes`, ...to])).code).toBe(0);
    const { code, out } = await drops(['export', `${pair.public}/notes`, ...to]);
    expect(code).toBe(0);
    expect(out.trim().split('\n')).toHaveLength(2);
  });

  it.each([
    ['a pair', JSON.stringify(pair)],
    ['the answer of POST /drop', JSON.stringify({ drop_id: 'x', keypair: pair })],
  ])('takes a file with %s, also by DROPS_KEY_FILE', async (name, text) => {
    const env = { DROPS_KEY_FILE: file(`${name.replaceAll(/\W/g, '-')}.json`, text) };
    const { code, err } = await drops(['exec', `find ${pair.public}/notes`, '--url', server.url], { env });
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });
});

it('is the caller of data beside it too', async () => {
  const to = ['--data', join(folder, 'other'), '--key-file', keyFile];
  expect((await drops(['exec', 'save r @k n: 1', ...to])).code).toBe(0);
  const { out } = await drops(['exec', 'r @k', '--json', ...to]);
  expect(JSON.parse(out)).toMatchObject({ source: expect.stringMatching(/^[0-9a-f]{12}$/) });
});

it.each([
  ['a file that is not there', ['--key-file', join(folder, 'none')], 1, /cannot be read/],
  ['a file of something else', ['--key-file', file('words', 'my secret words')], 1, /holds no private key/],
  [
    'a public key alone',
    ['--key-file', file('public', JSON.stringify({ public: pair.public }))],
    1,
    /holds no/,
  ],
  ['a key and a file', ['--key', pair.public, '--key-file', keyFile], 2, /exclude each other/],
])('refuses %s, and does not repeat what is in it', async (_name, flags, wanted, message) => {
  const { code, out, err } = await drops(['exec', 'find a', '--url', server.url, ...flags]);
  expect({ code, out }).toEqual({ code: wanted, out: '' });
  expect(err).toMatch(message);
  expect(err).not.toContain('secret words');
});
