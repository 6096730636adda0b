import { createHash, createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open, type Engine } from '@drops/engine';
import { listen, type Listening } from '@drops/server';
import { readSignatures, signatureBase } from '@drops/signatures';
import nacl from 'tweetnacl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromBase64url, toBase64url } from './base64url.js';
import { createClient, RequestError } from './client.js';
import { signedHeaders, signerOf } from './sign-request.js';

const data = mkdtempSync(join(tmpdir(), 'drops-client-'));
const privateKey = toBase64url(nacl.randomBytes(32));
let engine: Engine;
let server: Listening;
beforeAll(async () => {
  engine = await open({ data, signed: true, durability: 'relaxed' });
  server = await listen(engine, { port: 0 });
});
afterAll(async () => {
  await server.close();
  await engine.close();
  rmSync(data, { recursive: true, force: true });
});

const signing = () => createClient({ url: `${server.url}/`, privateKey });

describe('a client with a private key', () => {
  it('acts as its public half', async () => {
    const client = signing();
    expect(client.key).toBe(signerOf(privateKey).key);
    expect(await client.call('GET', '/whoami')).toMatchObject({ key: client.key });
  });

  it('runs statements with values, and gives their rows', async () => {
    const client = signing();
    const saved = await client.exec('save notes @a text: $text', { params: { text: 'it’s "quoted"' } });
    expect(saved).toMatchObject({
      key: 'a',
      source: createHash('sha256')
        .update(client.key ?? '')
        .digest('hex')
        .slice(0, 12),
    });
    expect(
      await client.rows('find notes where text = $text then pick key', { text: 'it’s "quoted"' }),
    ).toEqual([{ key: 'a' }]);
    expect(await client.exec('count notes; missing @x', { onError: 'continue' })).toMatchObject({
      results: [{ count: 1 }, { error: { code: 'NOT_FOUND' } }],
    });
  });

  it('asks the other endpoints', async () => {
    const client = signing();
    await client.drop('notes', { text: 'dropped' }, 'b');
    expect(await client.query({ route: 'notes', filter: { key: 'b' } })).toMatchObject({ count: 1 });
    expect(await client.entity('notes', 'b')).toMatchObject({ payload: { text: 'dropped' } });
    expect(await client.entity('notes', 'none')).toBeUndefined();
  });

  it('asks the same twice in a moment', async () => {
    const client = signing();
    const answers = await Promise.all([client.exec('count notes'), client.exec('count notes')]);
    expect(answers[0]).toEqual(answers[1]);
  });
});

describe('what the server refuses', () => {
  it('is thrown with its code, its status and its place', async () => {
    await expect(signing().exec('find notes wher x = 1')).rejects.toMatchObject({
      name: 'RequestError',
      code: 'SYNTAX_ERROR',
      status: 400,
      error: { span: { start: { line: 1 } } },
    });
    const unsigned = createClient({ url: server.url, key: signerOf(privateKey).key });
    await expect(unsigned.exec('count notes')).rejects.toMatchObject({
      code: 'SIGNATURE_REQUIRED',
      status: 401,
    });
  });

  it('is no JSON where there is no server of Drops', async () => {
    const other = createClient({
      url: server.url,
      fetch: async () => new Response('<html>', { status: 502 }),
    });
    await expect(other.exec('count notes')).rejects.toBeInstanceOf(RequestError);
    await expect(other.exec('count notes')).rejects.toMatchObject({ code: 'NO_JSON', status: 502 });
  });

  it('is no list of rows where a statement has none', async () => {
    await expect(signing().rows('save notes @c n: 1')).rejects.toBeInstanceOf(TypeError);
  });
});

describe('a signature', () => {
  it('covers method, path, query and body, and is of the key', async () => {
    const signer = signerOf(privateKey);
    const url = new URL('https://example.com/exec?a=b');
    const headers = await signedHeaders({ method: 'POST', url, body: 'find' }, signer);
    const [signature] = readSignatures(headers['signature-input'] ?? '', headers['signature'] ?? '');
    expect(signature?.parameters).toMatchObject({
      components: ['@method', '@path', '@query', 'content-digest'],
      keyid: signer.key,
    });
    const base = signatureBase(
      {
        method: 'POST',
        scheme: 'https',
        authority: 'example.com',
        target: '/exec?a=b',
        header: (name) => headers[name],
      },
      signature?.parameters.components ?? [],
      signature?.canonical ?? '',
    );
    const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), fromBase64url(signer.key)]);
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    expect(verify(null, Buffer.from(base), key, signature?.bytes ?? new Uint8Array())).toBe(true);
  });

  it('of a key is that of RFC 8032 (test 1)', () => {
    const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');
    const signer = signerOf(seed.toString('base64url'));
    expect(Buffer.from(signer.key, 'base64url').toString('hex')).toBe(
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    );
    expect(Buffer.from(signer.sign('')).toString('hex')).toBe(
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155' +
        '5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    );
  });
});
