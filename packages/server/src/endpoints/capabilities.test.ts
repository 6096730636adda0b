import { capabilities } from '@drops/engine';
import { describe, expect, it } from 'vitest';
import { createApp } from '../app.js';
import { fakeEngine } from '../engine.fixture.js';
import { endpoints } from './index.js';

const app = createApp(fakeEngine(), {});
const key = 'k'.repeat(43);

async function ask(method: string, path: string, body?: unknown) {
  const response = await app.request(path, {
    method,
    headers: { 'x-ocean-key': key },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    allow: response.headers.get('allow'),
    body: text === '' ? null : JSON.parse(text),
  };
}

describe('the endpoint of a capability', () => {
  it('is there for each that is declared', () => {
    for (const { rest } of capabilities) {
      const shown = rest.path.replace('/{target}', '').replace(/\{\w+\}/g, 'x');
      const found = endpoints.filter(
        ({ method, path }) => method === rest.method && path.startsWith(shown.split('/x')[0] ?? ''),
      );
      expect(found, rest.path).not.toEqual([]);
    }
  });

  it.each([
    ['POST', '/subkey', { label: 'x' }, { service: 'subkey', verb: 'create', arguments: { label: 'x' } }],
    ['GET', '/subkey', undefined, { service: 'subkey', verb: 'list', arguments: {} }],
    ['DELETE', '/subkey/a%20b', undefined, { service: 'subkey', verb: 'revoke', arguments: { id: 'a b' } }],
    ['GET', `/key/owner/${key}`, undefined, { service: 'key', verb: 'owner', arguments: { key } }],
    [
      'POST',
      '/key/require-signature',
      undefined,
      { service: 'key', verb: 'require_signature', arguments: {} },
    ],
    [
      'GET',
      '/auth/verify?token=t%2B',
      undefined,
      { service: 'auth', verb: 'verify', arguments: { token: 't+' } },
    ],
    ['GET', `/whoami?key=${key}`, undefined, { service: 'auth', verb: 'whoami', arguments: {} }],
    [
      'GET',
      '/values/ledger/gold?limit=5',
      undefined,
      { service: 'value', verb: 'ledger', arguments: { currency: 'gold', limit: 5 } },
    ],
    [
      'POST',
      '/calendar/rsvp/team/meetings?key=standup',
      { response: 'accepted' },
      {
        service: 'calendar',
        verb: 'rsvp',
        target: 'team/meetings',
        key: 'standup',
        arguments: { response: 'accepted' },
      },
    ],
  ])('%s %s calls it', async (method, path, body, input) => {
    expect(await ask(method, path, body)).toMatchObject({
      status: 200,
      body: { call: 'invoke', input, caller: 'key' },
    });
  });

  it.each([
    ['an empty body', 'POST', '/key/claim', undefined, 400, 'INVALID_BODY'],
    ['a body that is no object', 'POST', '/key/claim', [], 400, 'INVALID_BODY'],
    ['a number that is none', 'GET', '/values/ledger/gold?limit=many', undefined, 400, 'TYPE_ERROR'],
    ['another method', 'PUT', '/subkey', undefined, 405, 'METHOD_NOT_ALLOWED'],
    ['a path without its part', 'DELETE', '/subkey', undefined, 405, 'METHOD_NOT_ALLOWED'],
    ['a path that goes on', 'GET', `/key/owner/${key}/x`, undefined, 404, 'NOT_FOUND'],
  ])('refuses %s', async (_, method, path, body, status, code) => {
    expect(await ask(method, path, body)).toMatchObject({ status, body: { error: { code } } });
  });

  it('names all methods of its path', async () => {
    expect((await ask('PUT', '/subkey')).allow).toBe('POST, GET, HEAD, OPTIONS');
    expect((await ask('GET', '/subkey/x')).allow).toBe('DELETE, OPTIONS');
  });

  it('is not called by a mere look', async () => {
    expect(await ask('HEAD', '/auth/verify?token=t')).toMatchObject({ status: 405, body: null });
  });

  it('is described with its parts', async () => {
    const { body } = await ask('GET', '/openapi.json');
    expect(Object.keys(body.paths['/subkey'])).toEqual(['post', 'get']);
    expect(body.paths['/subkey/{id}'].delete.parameters).toEqual([
      { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
    ]);
    expect(body.paths['/auth/verify'].get.parameters).toMatchObject([
      { name: 'token', in: 'query', required: true },
    ]);
  });
});
