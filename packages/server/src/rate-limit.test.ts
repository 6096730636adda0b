import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open, type Engine } from '@drops/engine';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { listen, type Listening, type ListenOptions } from './listen.js';
import { createRateLimiter, type CountedRequests } from './rate-limit.js';

const data = mkdtempSync(join(tmpdir(), 'drops-limits-'));
let engine: Engine;
let server: Listening | undefined;
beforeAll(async () => {
  engine = await open({ data, durability: 'relaxed' });
});
afterEach(async () => {
  await server?.close();
  server = undefined;
});
afterAll(async () => {
  await engine.close();
  rmSync(data, { recursive: true, force: true });
});

async function start(options: Partial<ListenOptions> = {}): Promise<void> {
  server = await listen(engine, { port: 0, ...options });
}

const key = (letter: string): string => letter.repeat(43);

async function ask(path: string, init: RequestInit = {}) {
  const response = await fetch(`${server?.url}${path}`, init);
  const { headers, status } = response;
  return { status, headers, text: await response.text() };
}
const exec = (headers: Record<string, string> = {}, path = '/exec') =>
  ask(path, { method: 'POST', body: 'count notes', headers });

describe('counting requests', () => {
  it('begins anew with each minute, for all at once', () => {
    const clock = { now: 60_000 * 7 + 20_000 };
    const { admit } = createRateLimiter(2, () => clock.now);
    expect(admit('key a', '::1')).toEqual({ admitted: true, remaining: 1, reset: 40 });
    expect(admit('key a', '::1')).toMatchObject({ admitted: true, remaining: 0 });
    expect(admit('key a', '::1')).toMatchObject({ admitted: false, remaining: 0 });
    expect(admit('key b', '::1')).toMatchObject({ admitted: true });
    clock.now += 40_000;
    expect(admit('key a', '::1')).toEqual({ admitted: true, remaining: 1, reset: 60 });
  });

  it('lets an address send ten times the limit, whatever keys it makes up', () => {
    const { admit } = createRateLimiter(2, () => 0);
    const admitted = Array.from({ length: 50 }, (_, i) => admit(`key ${i}`, '10.0.0.1').admitted);
    expect(admitted.filter(Boolean)).toHaveLength(20);
    expect(admit('key 0', '10.0.0.2').admitted).toBe(true);
  });

  it('counts with other processes, each request once, and forgets theirs with the minute too', async () => {
    const clock = { now: 60_000 };
    const told: CountedRequests[] = [];
    const a = createRateLimiter(
      4,
      () => clock.now,
      (counted) => void told.push(counted),
    );
    const b = createRateLimiter(4, () => clock.now);
    for (let i = 0; i < 3; i += 1) a.admit('key k', '::1');
    await expect.poll(() => told.length).toBe(1);
    expect(told[0]).toEqual({
      end: 120_000,
      counts: [
        ['key k', 3],
        ['all of ::1', 3],
      ],
    });
    for (const counted of told) b.add(counted);
    expect(b.admit('key k', '::1')).toMatchObject({ admitted: true, remaining: 0 });
    expect(b.admit('key k', '::1')).toMatchObject({ admitted: false });
    clock.now = 120_000;
    for (const counted of told) b.add(counted);
    expect(b.admit('key k', '::1')).toMatchObject({ admitted: true, remaining: 3 });
  });
});

describe.each([
  ['POST /exec directly', '/exec'],
  ['an endpoint through Hono', '/exec?a=b'],
])('a limit, at %s', (_, path) => {
  it('is told in headers, and then refuses', async () => {
    await start({ rateLimit: 3 });
    // A minute may end between two of them: then they are tried again.
    const run = async (letter: string) => {
      const replies = [];
      for (let i = 0; i < 4; i += 1) replies.push(await exec({ 'x-ocean-key': key(letter) }, path));
      return replies;
    };
    let replies = await run('a');
    if (replies[3]?.headers.get('x-ratelimit-remaining') !== '0') replies = await run('b');
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    const [first, , , last] = replies;
    expect(first?.headers.get('x-ratelimit-limit')).toBe('3');
    expect(first?.headers.get('x-ratelimit-remaining')).toBe('2');
    expect(JSON.parse(last?.text ?? '')).toMatchObject({ error: { code: 'RATE_LIMITED', status: 429 } });
    const wait = Number(last?.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(60);
    expect(last?.headers.get('access-control-allow-origin')).toBe('*');
    expect(last?.headers.get('access-control-expose-headers')).toContain('x-ratelimit-remaining');
  });

  it('is of each key and each address by itself', async () => {
    await start({ rateLimit: 1 });
    await exec({ 'x-ocean-key': key('a') }, path);
    expect((await exec({ 'x-ocean-key': key('b') }, path)).status).toBe(200);
    expect((await exec({}, path)).status).toBe(200);
  });
});

describe('a limit', () => {
  it('does not hold for the administrator, for preflights and for /health', async () => {
    await start({ rateLimit: 1, adminToken: 'let-me-in' });
    for (let i = 0; i < 3; i += 1) {
      expect((await exec({ 'x-ocean-key': 'let-me-in' })).status).toBe(200);
      expect((await ask('/exec', { method: 'OPTIONS' })).status).toBe(204);
      expect((await ask('/health')).status).toBe(200);
    }
  });

  it('counts what is refused too: paths that are none, keys that are none', async () => {
    await start({ rateLimit: 1 });
    await ask('/nothing');
    await ask('/nothing');
    const replies = [await ask('/nothing'), await exec({ 'x-ocean-key': 'short' })];
    expect(replies.map(({ status }) => status)).toContain(429);
  });

  it('is not there unless it is set', async () => {
    await start();
    expect((await exec()).headers.get('x-ratelimit-limit')).toBeNull();
  });

  it('is of the address that a trusted proxy tells', async () => {
    await start({ rateLimit: 1, trustProxy: true });
    const from = (address: string) => exec({ 'x-forwarded-for': `10.9.9.9, ${address}` });
    expect((await from('10.0.0.1')).status).toBe(200);
    expect((await from('10.0.0.2')).status).toBe(200);
  });
});

describe('making keys', () => {
  it('is possible 200 times an hour for an address', async () => {
    await start({ trustProxy: true });
    const drop = (address: string, body = '{"route":"hello","payload":"first"}', query = '') =>
      ask(`/drop${query}`, { method: 'POST', body, headers: { 'x-forwarded-for': address } });
    // One that fails gives no key, and does not count.
    expect((await drop('10.0.0.1', '{"route":"a//b","payload":1}')).status).toBe(400);
    for (let i = 0; i < 200; i += 1) expect((await drop('10.0.0.1')).status).toBe(200);
    const refused = await drop('10.0.0.1');
    expect(refused.status).toBe(429);
    expect(JSON.parse(refused.text)).toMatchObject({ error: { code: 'KEYGEN_LIMITED' } });
    expect((await drop('10.0.0.2')).status).toBe(200);
    const keyed = { method: 'POST', body: '{"route":"hello","payload":1}' };
    const headers = { 'x-forwarded-for': '10.0.0.1', 'x-ocean-key': key('a') };
    expect((await ask('/drop', { ...keyed, headers })).status).toBe(200);
  });
});

/** Sends bytes on a bare connection; gives what comes back until it ends. */
function raw(text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(server?.port ?? 0, '127.0.0.1');
    let received = '';
    socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(received));
    socket.write(text);
  });
}

describe('a client that takes its time', () => {
  it.each([
    ['its header', 'POST /exec HTTP/1.1\r\nhost: a\r\nx-slow: '],
    ['its first line', 'POST /ex'],
  ])('for %s is cut off, as JSON', async (_, part) => {
    await start({ timeouts: { headers: 200, request: 400, check: 50 } });
    const received = await raw(part);
    expect(received).toMatch(/^HTTP\/1\.1 408 /);
    expect(received).toContain('"status":408');
  });

  it('for its body is cut off, as JSON', async () => {
    await start({ timeouts: { headers: 200, request: 400, check: 50 } });
    const received = await raw('POST /exec HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\nfind');
    expect(received).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('holds up nobody else', async () => {
    await start();
    const sockets = Array.from({ length: 200 }, () => {
      const socket = connect(server?.port ?? 0, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write('POST /exec HTTP/1.1\r\nhost: a\r\nx-slow: ');
      return socket;
    });
    expect((await exec()).status).toBe(200);
    for (const socket of sockets) socket.destroy();
  });
});

describe('a header', () => {
  it.each([
    ['of one long value', `x-long: ${'a'.repeat(20_000)}\r\n`],
    ['of many lines', Array.from({ length: 2000 }, (_, i) => `x-h${i}: value\r\n`).join('')],
  ])('%s that is too large is 431, as JSON', async (_, lines) => {
    await start();
    const received = await raw(`POST /exec HTTP/1.1\r\nhost: a\r\n${lines}content-length: 0\r\n\r\n`);
    expect(received).toMatch(/^HTTP\/1\.1 431 /);
    expect(received).toContain('"status":431');
  });
});
