import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from './app.js';
import { fakeEngine } from './engine.fixture.js';
import { listen, type Listening } from './listen.js';

const key = 'k'.repeat(43);
const adminToken = 'let-me-in';
const faults: unknown[] = [];
const app = createApp(fakeEngine(), { adminToken, onFault: (fault) => faults.push(fault) });

interface Scenario {
  readonly name: string;
  readonly method?: string;
  readonly url: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
  readonly status: number;
  readonly has?: readonly string[];
  readonly lacks?: readonly string[];
}

const json = { 'content-type': 'application/json' };
const post = (body: Scenario['body'], headers: Record<string, string> = {}) => ({
  method: 'POST',
  url: '/exec',
  body,
  headers,
});

const scenarios: readonly Scenario[] = [
  // Forms of POST /exec
  {
    name: 'text',
    ...post('find users', { 'content-type': 'text/plain' }),
    status: 200,
    has: ['"input":"find users"', '"caller":"anonymous"'],
  },
  {
    name: 'text of a form, as curl -d sends it',
    ...post('a', { 'content-type': 'application/x-www-form-urlencoded' }),
    status: 200,
    has: ['"input":"a"'],
  },
  { name: 'text without a type', ...post('a'), status: 200, has: ['"input":"a"'] },
  {
    name: 'text that looks like JSON',
    ...post('{"query":1}', { 'content-type': 'text/plain' }),
    status: 200,
    has: ['"input":"{\\"query\\":1}"'],
  },
  { name: 'a byte order mark', ...post('\uFEFFfind a', {}), status: 200, has: ['"input":"find a"'] },
  {
    name: 'the JSON form',
    ...post('{"query":"q","params":{"__proto__":1},"vector":[1],"on_error":"continue"}', json),
    status: 200,
    has: ['"params":{"__proto__":1}', '"vector":[1]', '"on_error":"continue"'],
  },
  {
    name: 'the JSON type in capitals with a charset',
    ...post('{"query":"q"}', { 'content-type': 'Application/JSON; charset=utf-8' }),
    status: 200,
    has: ['"input":"q"'],
  },
  { name: 'an empty text is for the engine to judge', ...post(''), status: 200, has: ['"input":""'] },
  { name: 'the status of the engine', ...post('missing'), status: 404, has: ['NOT_FOUND'] },
  // Bad bodies
  { name: 'an empty JSON body', ...post('', json), status: 400, has: ['INVALID_BODY', 'empty'] },
  { name: 'white space as JSON', ...post(' \n ', json), status: 400, has: ['INVALID_BODY', 'empty'] },
  { name: 'broken JSON', ...post('{"query":', json), status: 400, has: ['INVALID_BODY', 'not JSON'] },
  { name: 'JSON null', ...post('null', json), status: 400, has: ['INVALID_BODY', 'null found'] },
  {
    name: 'a JSON array',
    ...post('["find users"]', json),
    status: 400,
    has: ['INVALID_BODY', 'an array found'],
  },
  {
    name: 'a JSON string',
    ...post('"find users"', json),
    status: 400,
    has: ['INVALID_BODY', 'a string found'],
  },
  { name: 'no query', ...post('{}', json), status: 400, has: ['INVALID_BODY', 'query: nothing found'] },
  {
    name: 'an inherited name is no query',
    ...post('{"__proto__":{"query":"find users"}}', json),
    status: 400,
    has: ['INVALID_BODY'],
  },
  {
    name: 'a query of another type',
    ...post('{"query":["a"]}', json),
    status: 400,
    has: ['query: an array found'],
  },
  {
    name: 'params of another type',
    ...post('{"query":"a","params":[1]}', json),
    status: 400,
    has: ['params: an array found'],
  },
  {
    name: 'an unknown on_error',
    ...post('{"query":"a","on_error":"ignore"}', json),
    status: 400,
    has: ['on_error'],
  },
  {
    name: 'bytes that are not UTF-8',
    ...post(new Uint8Array([0x66, 0xff, 0xfe])),
    status: 400,
    has: ['INVALID_BODY', 'UTF-8'],
  },
  {
    name: 'JSON that is not UTF-8',
    ...post(new Uint8Array([0x22, 0xc3, 0x28, 0x22]), json),
    status: 400,
    has: ['UTF-8'],
  },
  {
    name: 'a fault of ours shows nothing',
    ...post('fault'),
    status: 500,
    has: ['INTERNAL_ERROR'],
    lacks: ['secret', 'Error:', ' at '],
  },
  {
    name: 'a very deep body',
    ...post(`{"query":${'['.repeat(200_000)}`, json),
    status: 400,
    has: ['INVALID_BODY'],
  },
  {
    name: 'a deep value',
    ...post(`{"query":"a","params":{"p":${'['.repeat(100)}${']'.repeat(100)}}}`, json),
    status: 200,
  },
  {
    name: 'a value too deep',
    ...post(`{"query":"a","params":{"p":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`, json),
    status: 400,
    has: ['INVALID_BODY', 'nested'],
  },
  // Identity
  { name: 'a key in the header', ...post('a', { 'x-ocean-key': key }), status: 200, has: ['"caller":"key"'] },
  { name: 'a key in the URL', ...post('a'), url: `/exec?key=${key}`, status: 200, has: ['"caller":"key"'] },
  {
    name: 'the administrator',
    ...post('a', { 'x-ocean-key': adminToken }),
    status: 200,
    has: ['"caller":"administrator"'],
  },
  {
    name: 'a short key',
    ...post('a', { 'x-ocean-key': 'short-key' }),
    status: 401,
    has: ['INVALID_KEY'],
    lacks: ['short-key'],
  },
  { name: 'an empty key', ...post('a', { 'x-ocean-key': '' }), status: 401, has: ['INVALID_KEY'] },
  {
    name: 'a key of other characters',
    ...post('a', { 'x-ocean-key': `${'k'.repeat(42)}!` }),
    status: 401,
    has: ['INVALID_KEY'],
  },
  { name: 'an empty key in the URL', ...post('a'), url: '/exec?key=', status: 401, has: ['INVALID_KEY'] },
  {
    name: 'the header wins over the URL',
    ...post('a', { 'x-ocean-key': 'bad' }),
    url: `/exec?key=${key}`,
    status: 401,
  },
  { name: 'a bad key before a bad body', ...post('{', { ...json, 'x-ocean-key': 'bad' }), status: 401 },
  // The other doors
  {
    name: 'query',
    method: 'POST',
    url: '/query',
    body: '{"route":"users"}',
    status: 200,
    has: ['"call":"query"', '"route":"users"'],
  },
  {
    name: 'query needs an object',
    method: 'POST',
    url: '/query',
    body: '[]',
    status: 400,
    has: ['INVALID_BODY'],
  },
  { name: 'query without a body', method: 'POST', url: '/query', status: 400, has: ['INVALID_BODY'] },
  {
    name: 'drop',
    method: 'POST',
    url: '/drop',
    body: '{"route":"r","payload":1}',
    headers: { 'x-ocean-key': key },
    status: 200,
    has: ['"call":"drop"', '"caller":"key"'],
  },
  {
    name: 'drop without a keypair',
    method: 'POST',
    url: '/drop?generate_keypair=false',
    body: '{"route":"r"}',
    status: 200,
    has: ['"keypair":false'],
  },
  {
    name: 'drop with a broken flag',
    method: 'POST',
    url: '/drop?generate_keypair=no',
    body: '{"route":"r"}',
    status: 400,
    has: ['TYPE_ERROR'],
  },
  {
    name: 'drop with broken JSON',
    method: 'POST',
    url: '/drop',
    body: 'save r',
    status: 400,
    has: ['INVALID_BODY'],
  },
  {
    name: 'entity',
    url: '/entity/my/deep/route?key=alice',
    status: 200,
    has: ['"route":"my/deep/route"', '"key":"alice"', '"history":false'],
  },
  {
    name: 'entity: key is no identity',
    url: `/entity/r?key=short`,
    headers: { 'x-ocean-key': key },
    status: 200,
    has: ['"key":"short"', '"caller":"key"'],
  },
  {
    name: 'entity: a key-shaped key is no identity',
    url: `/entity/r?key=${key}`,
    status: 200,
    has: ['"caller":"anonymous"'],
  },
  { name: 'entity without a key', url: '/entity/r', status: 200, has: ['"key":null'] },
  { name: 'entity with history', url: '/entity/r?key=a&history=true', status: 200, has: ['"history":true'] },
  {
    name: 'entity with a broken flag',
    url: '/entity/r?key=a&history=perhaps',
    status: 400,
    has: ['TYPE_ERROR'],
  },
  {
    name: 'entity at a time',
    url: '/entity/r?key=a&at=2026-01-01T00:00:00%2B01:00',
    status: 200,
    has: ['"at":"2026-01-01T00:00:00+01:00"'],
  },
  { name: 'entity without a route', url: '/entity/?key=a', status: 400, has: ['ROUTE_REQUIRED'] },
  { name: 'entity without a slash', url: '/entity?key=a', status: 400, has: ['ROUTE_REQUIRED'] },
  { name: 'an encoded route', url: '/entity/a%2Fb%20c?key=a', status: 200, has: ['"route":"a/b c"'] },
  {
    name: 'a broken percent sign in a route',
    url: '/entity/a%zz?key=a',
    status: 400,
    has: ['INVALID_ROUTE'],
  },
  { name: 'a route that is not UTF-8', url: '/entity/%ff?key=a', status: 400, has: ['INVALID_ROUTE'] },
  {
    name: 'a broken percent sign in a parameter',
    url: '/entity/a?key=%zz',
    status: 200,
    has: ['"key":"%zz"'],
  },
  {
    name: 'health',
    url: '/health',
    status: 200,
    has: ['"status":"ok"', '"active_connections":0', '"durability":"full"'],
  },
  { name: 'health is open', url: '/health?key=bad', headers: { 'x-ocean-key': 'bad' }, status: 200 },
  {
    name: 'the description',
    url: '/openapi.json',
    status: 200,
    has: ['"openapi":"3.1.0"', '"/exec"', '"/entity/{route}"'],
  },
  // Paths and methods
  { name: 'unknown path', url: '/nothing', status: 404, has: ['NOT_FOUND'] },
  { name: 'the root', url: '/', status: 404, has: ['NOT_FOUND'] },
  { name: 'a path with mark-up', url: '/<script>alert(1)</script>', status: 404, has: ['NOT_FOUND'] },
  { name: 'a broken percent sign in an unknown path', url: '/%zz', status: 404, has: ['NOT_FOUND'] },
  { name: 'a slash too many', ...post('a'), url: '/exec/', status: 404 },
  { name: 'GET /exec', url: '/exec', status: 405, has: ['METHOD_NOT_ALLOWED'] },
  { name: 'PUT /exec', method: 'PUT', url: '/exec', body: 'a', status: 405 },
  { name: 'POST /health', method: 'POST', url: '/health', status: 405 },
  { name: 'DELETE /entity', method: 'DELETE', url: '/entity/a?key=b', status: 405 },
];

describe('POST /exec over a connection answers as it does within', () => {
  const inner = createApp(fakeEngine(), { adminToken });
  const told: unknown[] = [];
  let server: Listening;
  beforeAll(async () => {
    server = await listen(fakeEngine(), { port: 0, adminToken, onFault: (fault) => told.push(fault) });
  });
  afterAll(() => server.close());

  it.each(scenarios.filter(({ method, url }) => method === 'POST' && url.startsWith('/exec')))(
    '$name',
    async ({ method = 'GET', url, headers = {}, body }) => {
      // A connection of its own gives its headers as they are; the other way is `Accept`, which only Hono answers.
      const init = { method, headers, ...(body !== undefined && { body: body.slice() }) };
      const within = await inner.request(url, init);
      for (const accept of ['*/*', 'application/x-ndjson']) {
        const over = await fetch(server.url + url, { ...init, headers: { ...headers, accept } });
        expect(over.status).toBe(within.status);
        expect(await over.text()).toBe(await within.clone().text());
        for (const name of ['content-type', 'access-control-allow-origin', 'access-control-expose-headers'])
          expect(over.headers.get(name)).toBe(within.headers.get(name));
      }
    },
  );

  it('tells about faults of ours', () => {
    expect(told.map(String)).toEqual(Array.from({ length: 2 }, () => 'Error: a secret of the server'));
  });
});

describe('every request has its answer, as JSON and with CORS', () => {
  it.each(scenarios)(
    '$name',
    async ({ method = 'GET', url, headers = {}, body, status, has = [], lacks = [] }) => {
      const response = await app.request(url, {
        method,
        headers,
        ...(body !== undefined && { body: body.slice() }),
      });
      const text = await response.text();
      expect({ status: response.status, text }).toMatchObject({ status });
      expect(response.headers.get('content-type')).toBe('application/json');
      expect(response.headers.get('access-control-allow-origin')).toBe('*');
      expect(() => JSON.parse(text)).not.toThrow();
      if (status >= 400) expect(JSON.parse(text)).toMatchObject({ error: { status } });
      for (const part of has) expect(text).toContain(part);
      for (const part of lacks) expect(text).not.toContain(part);
    },
  );

  it('names the methods of a path', async () => {
    expect((await app.request('/exec')).headers.get('allow')).toBe('POST, OPTIONS');
    expect((await app.request('/entity/a', { method: 'POST' })).headers.get('allow')).toBe(
      'GET, HEAD, OPTIONS',
    );
  });

  it('answers HEAD like GET, without a body', async () => {
    const response = await app.request('/health', { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
    expect((await app.request('/exec', { method: 'HEAD' })).status).toBe(405);
  });

  it('tells about faults of ours', () => {
    expect(faults.map(String)).toEqual(['Error: a secret of the server']);
  });

  it.each(['/exec', '/entity/a', '/nothing'])('allows a preflight of %s', async (path) => {
    const response = await app.request(path, {
      method: 'OPTIONS',
      headers: { origin: 'https://example.com' },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-methods')).toContain('POST');
    for (const header of ['content-type', 'x-ocean-key', 'x-blob-route', 'last-event-id']) {
      expect(response.headers.get('access-control-allow-headers')).toContain(header);
    }
  });
});
