import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open, type Engine } from '@drops/engine';
import {
  canonicalParameters,
  signatureBase,
  signatureHeaders,
  type SignatureParameters,
} from '@drops/signatures';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen, type Listening } from './listen.js';

interface Pair {
  readonly key: string;
  readonly privateKey: KeyObject;
}

function makePair(): Pair {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const der = publicKey.export({ format: 'der', type: 'spki' });
  return { key: der.subarray(-32).toString('base64url'), privateKey };
}

const data = mkdtempSync(join(tmpdir(), 'drops-signed-'));
const [alice, bob] = [makePair(), makePair()];
let engine: Engine;
let server: Listening;

async function start(): Promise<void> {
  engine = await open({ data, signed: true, durability: 'relaxed' });
  server = await listen(engine, { port: 0, publicUrl: 'https://drops.example.com' });
}
async function stop(): Promise<void> {
  await server.close();
  await engine.close();
}
beforeAll(start);
afterAll(async () => {
  await stop();
  rmSync(data, { recursive: true, force: true });
});

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly body?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Signing extends Partial<SignatureParameters> {
  readonly by?: Pair;
  /** What is signed instead of the request. */
  readonly instead?: Asked;
  readonly authority?: string;
  readonly scheme?: string;
  /** Without `created`. */
  readonly untimed?: boolean;
}

const digestHeader = (body: string, algorithm = 'sha256'): string =>
  `${algorithm.replace('sha', 'sha-')}=:${createHash(algorithm).update(body).digest('base64')}:`;

interface Sent extends RequestInit {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
}

let nonces = 0;

/** A request with the headers that sign it. */
function signed(asked: Asked = {}, signing: Signing = {}): Sent {
  const { method = 'POST', path = '/exec', body = method === 'POST' ? 'count notes' : undefined } = asked;
  const { by = alice, instead = {}, authority, scheme = 'http', untimed = false, ...given } = signing;
  const digest: Record<string, string> = body === undefined ? {} : { 'content-digest': digestHeader(body) };
  const headers = { ...digest, ...asked.headers };
  const parameters: SignatureParameters = {
    components: ['@method', '@path', ...(body === undefined ? [] : ['content-digest'])],
    ...(!untimed && { created: Math.floor(Date.now() / 1000) }),
    keyid: by.key,
    nonce: `n${(nonces += 1)}`,
    ...given,
  };
  const message = {
    method: instead.method ?? method,
    scheme,
    authority: authority ?? new URL(server.url).host,
    target: instead.path ?? path,
    header: (name: string) => new Headers(headers).get(name) ?? undefined,
  };
  const base = signatureBase(message, parameters.components, canonicalParameters(parameters));
  const bytes = new Uint8Array(sign(null, Buffer.from(base), by.privateKey));
  return {
    url: server.url + path,
    method,
    headers: { 'x-ocean-key': alice.key, ...signatureHeaders('sig', parameters, bytes), ...headers },
    ...(body !== undefined && { body }),
  };
}

async function ask({ url, ...init }: Sent) {
  const response = await fetch(url, init);
  const body: { readonly error?: { readonly code?: string } } = JSON.parse(await response.text());
  return { status: response.status, code: body.error?.code, body };
}

/** Both doors: straight from Node's request, and through Hono. */
const doors: readonly (readonly [string, Asked])[] = [
  ['POST /exec directly', {}],
  ['POST /exec through Hono', { path: '/exec?a=b' }],
  ['another endpoint with a body', { path: '/query', body: '{"route":"notes"}' }],
  ['an endpoint without a body', { method: 'GET', path: '/whoami' }],
];

describe.each(doors)('a signed request of %s', (_, door) => {
  const hasBody = door.method !== 'GET';

  it('is of its key', async () => {
    expect((await ask(signed(door))).status).toBe(200);
  });

  it('is refused the second time', async () => {
    const request = signed(door);
    expect((await ask(request)).status).toBe(200);
    expect(await ask(request)).toMatchObject({ status: 401, code: 'INVALID_SIGNATURE' });
  });

  it('is refused the second time by another process too', async () => {
    const request = signed(door);
    expect((await ask(request)).status).toBe(200);
    const { port } = server;
    await stop();
    await start();
    const again = { ...request, url: request.url.replace(`:${port}`, `:${server.port}`) };
    expect(await ask(again)).toMatchObject({ status: 401, code: 'INVALID_SIGNATURE' });
  });

  it('needs a signature', async () => {
    const request = signed(door);
    const headers = { 'x-ocean-key': alice.key };
    expect(await ask({ ...request, headers })).toMatchObject({ status: 401, code: 'SIGNATURE_REQUIRED' });
  });

  const now = Math.floor(Date.now() / 1000);
  it.each<[string, Signing]>([
    ['of another key', { by: bob }],
    ['of another key under this keyid', { by: bob, keyid: alice.key }],
    ['of another method', { instead: { method: 'DELETE' } }],
    ['of another path', { instead: { path: '/other' } }],
    ['without the method', { components: ['@path', ...(hasBody ? ['content-digest'] : [])] }],
    ['without the path', { components: ['@method', ...(hasBody ? ['content-digest'] : [])] }],
    ['of 302 seconds ago', { created: now - 302 }],
    ['of a time to come', { created: now + 3600 }],
    ['without its time', { untimed: true }],
    ['that has expired', { expires: now - 1 }],
    ['of another algorithm', { alg: 'hmac-sha256' }],
    [
      'over another address',
      {
        components: ['@method', '@target-uri', ...(hasBody ? ['content-digest'] : [])],
        authority: 'evil.example.com',
      },
    ],
  ])('is refused with a signature %s', async (_name, signing) => {
    expect(await ask(signed(door, signing))).toMatchObject({ status: 401, code: 'INVALID_SIGNATURE' });
  });

  it('may be signed 290 seconds ago', async () => {
    expect((await ask(signed(door, { created: Math.floor(Date.now() / 1000) - 290 }))).status).toBe(200);
  });

  it.each([
    ['the address that it came to', undefined, 'http'],
    ['the address that the server is known by', 'drops.example.com', 'https'],
  ])('may cover %s', async (_name, authority, scheme) => {
    const components = ['@method', '@target-uri', ...(hasBody ? ['content-digest'] : [])];
    const signing = { components, scheme, ...(authority !== undefined && { authority }) };
    expect((await ask(signed(door, signing))).status).toBe(200);
  });

  it.each([
    ['that cannot be read', { signature: '((', 'signature-input': '((' }],
    ['without its bytes', { signature: 'other=:AA==:' }],
    ['of no bytes', { signature: 'sig=::' }],
    [
      'over a header that is missing',
      { 'signature-input': `sig=("@method" "@path" "x-none");created=${now};keyid="k"` },
    ],
  ])('is refused with a signature %s', async (_name, headers) => {
    const request = signed(door);
    expect(await ask({ ...request, headers: { ...request.headers, ...headers } })).toMatchObject({
      status: 401,
      code: 'INVALID_SIGNATURE',
    });
  });

  if (!hasBody) return;
  it('is refused with another body', async () => {
    expect(await ask({ ...signed(door), body: 'remove notes @a' })).toMatchObject({
      code: 'INVALID_SIGNATURE',
    });
  });

  it.each([
    ['without its digest', { components: ['@method', '@path'] }, {}],
    ['with the digest of another body', {}, { 'content-digest': digestHeader('other') }],
    [
      'with one digest that is wrong',
      {},
      { 'content-digest': `${digestHeader('count notes')}, sha-512=:AAAA:` },
    ],
    ['with a digest that proves nothing', {}, { 'content-digest': 'md5=:AAAA:' }],
  ])('is refused %s', async (_name, signing, headers) => {
    expect(await ask(signed({ ...door, headers }, signing))).toMatchObject({ code: 'INVALID_SIGNATURE' });
  });

  it('may have a digest of SHA-512', async () => {
    const body = door.body ?? 'count notes';
    expect(
      (await ask(signed({ ...door, headers: { 'content-digest': digestHeader(body, 'sha512') } }))).status,
    ).toBe(200);
  });
});

describe('where requests are signed', () => {
  it('open routes are open to those without a key', async () => {
    const save = { url: `${server.url}/exec`, method: 'POST' };
    expect((await ask({ ...save, body: 'save guests n: 1' })).status).toBe(200);
    expect(await ask({ ...save, body: 'count guests' })).toMatchObject({ status: 200, body: { count: 1 } });
  });

  it('an administrator needs its token alone', async () => {
    const admin = await listen(engine, { port: 0, adminToken: 'let-me-in' });
    try {
      const headers = { 'x-ocean-key': 'let-me-in' };
      expect((await ask({ url: `${admin.url}/whoami`, headers })).body).toMatchObject({
        tier: 'administrator',
      });
    } finally {
      await admin.close();
    }
  });
});
