import { publicIdOf } from '@drops/access';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyOf, openTestEngine, type TestEngine } from './open-engine.fixture.js';

let test: TestEngine;
beforeAll(async () => {
  test = await openTestEngine();
});
afterAll(() => test.close());

const owner = keyOf('owner');

/** Makes a sub-key; gives it with its id. */
async function create(text: string, maker = owner): Promise<{ readonly key: string; readonly id: string }> {
  const { status, body } = await test.exec(maker, `subkey create ${text}`);
  const [key, id] = [body['key'], body['id']];
  if (typeof key !== 'string' || typeof id !== 'string') throw new Error(`${status} ${JSON.stringify(body)}`);
  return { key, id };
}

const identify = async (credential: string) => test.engine.identify(credential);
const refusal = (code: string, status: number) => ({ diagnostic: { code, status } });

describe('a sub-key', () => {
  it('acts as its owner, within its limits', async () => {
    const { key, id } = await create(
      'label: "read-only" permissions: ("read", "search") routes: ("notes/*")',
    );
    const { identity, mustSign } = await identify(key);
    expect(mustSign).toBe(false);
    expect(identity).toEqual({
      kind: 'key',
      key: owner,
      limits: {
        id,
        permissions: new Set(['stream', 'search', 'query', 'entity', 'sql', 'export']),
        routes: ['notes'],
      },
    });
  });

  it('is told who it is for, not its owner’s key', async () => {
    const { key, id } = await create('permissions: ("entity")');
    for (const name of ['auth.whoami', 'auth.me']) {
      const { body } = await test.call(key, name);
      expect(JSON.stringify(body)).not.toContain(owner);
    }
    expect((await test.call(key, 'auth.whoami')).body).toMatchObject({
      public_id: publicIdOf(owner),
      subkey: { id, permissions: ['entity'] },
    });
  });

  it('is shown once, and kept as a hash', async () => {
    const { key, id } = await create('label: "once"');
    const listed = await test.exec(owner, 'subkey list');
    const stored = await test.engine.exec(`find __subkeys/${publicIdOf(owner)}`);
    const secret = key.slice(-43);
    for (const text of [JSON.stringify(listed.body), JSON.stringify(stored.body)]) {
      expect(text).toContain(id);
      expect(text).not.toContain(secret);
      expect(text).not.toContain(owner);
    }
    expect(JSON.stringify((await test.exec(keyOf('other'), 'subkey list')).body)).not.toContain(id);
  });

  it('works no more once it is revoked', async () => {
    const { key, id } = await create('permissions: ("entity")');
    await identify(key);
    expect(await test.exec(keyOf('other'), `subkey "${id}" revoke`)).toMatchObject({ status: 404 });
    expect((await test.exec(owner, `subkey "${id}" revoke`)).body).toEqual({ ok: true, id });
    await expect(identify(key)).rejects.toMatchObject(refusal('FORBIDDEN', 403));
    expect(await test.exec(owner, `subkey "${id}" revoke`)).toMatchObject({ status: 404 });
  });

  it('ends when it expires', async () => {
    const { key } = await create('expires_at: "2026-05-01T12:10:00Z"');
    await identify(key);
    const before = test.clock.now;
    test.clock.now = Date.parse('2026-05-01T12:10:00Z');
    // What is remembered goes by the clock of the machine, which is far past that time.
    await expect(identify(key)).rejects.toMatchObject(refusal('FORBIDDEN', 403));
    test.clock.now = before;
  });

  it.each([
    ['malformed', 'sub_nothing', 'INVALID_KEY', 401],
    ['of another form', 'short', 'INVALID_KEY', 401],
    ['empty', '', 'INVALID_KEY', 401],
    ['unknown', `sub_${'0'.repeat(12)}_${'0'.repeat(16)}_${'a'.repeat(43)}`, 'FORBIDDEN', 403],
  ])('that is %s is refused', async (_, credential, code, status) => {
    await expect(identify(credential)).rejects.toMatchObject(refusal(code, status));
  });

  it('with another secret is refused as if it were unknown', async () => {
    const { key } = await create('label: "x"');
    const other = key.slice(0, -1) + (key.endsWith('A') ? 'B' : 'A');
    const messages = await Promise.all(
      [other, `sub_${'0'.repeat(12)}_${'0'.repeat(16)}_${'a'.repeat(43)}`].map((credential) =>
        identify(credential).then(String, String),
      ),
    );
    expect(messages[0]).toBe(messages[1]);
  });

  it.each([
    ['a permission that is none', 'permissions: ("everything")', 'TYPE_ERROR'],
    ['a route that is none', 'routes: ("a//b")', 'INVALID_ROUTE'],
    ['a time that is none', 'expires_at: "soon"', 'TYPE_ERROR'],
    ['a time that is past', 'expires_at: "2026-01-01"', 'TYPE_ERROR'],
    ['a field that is none', 'scope: "x"', 'TYPE_ERROR'],
  ])('with %s is not made', async (_, text, code) => {
    expect(await test.exec(owner, `subkey create ${text}`)).toMatchObject({ status: 400, code });
  });

  it('is not made by nobody', async () => {
    expect(await test.exec(null, 'subkey create label: "x"')).toMatchObject({
      status: 401,
      code: 'KEY_REQUIRED',
    });
  });
});

describe('a sub-key of a sub-key', () => {
  it.each([
    ['more permissions', 'permissions: ("entity", "drop") routes: ("notes/mine")'],
    ['no routes', 'permissions: ("entity")'],
    ['routes above', 'permissions: ("entity") routes: ("notes")'],
    ['other routes', 'permissions: ("entity") routes: ("notes/mine", "other")'],
    ['routes of a like name', 'permissions: ("entity") routes: ("notes/mine2")'],
  ])('is not made with %s', async (_, text) => {
    const { key } = await create('permissions: ("entity", "query") routes: ("notes/mine")');
    expect(await test.exec(key, `subkey create ${text}`)).toMatchObject({ status: 403, code: 'FORBIDDEN' });
  });

  it('ends with the one that made it, which sees and ends only its own', async () => {
    const maker = await create('permissions: ("entity", "query")');
    const sibling = await create('permissions: ("entity")');
    const made = await create('permissions: ("entity") routes: ("notes")', maker.key);
    expect((await test.exec(maker.key, 'subkey list')).body).toMatchObject({
      count: 1,
      subkeys: [{ id: made.id }],
    });
    expect((await test.exec(maker.key, `subkey "${sibling.id}" revoke`)).status).toBe(404);
    await identify(made.key);
    await test.exec(owner, `subkey "${maker.id}" revoke`);
    await expect(identify(made.key)).rejects.toMatchObject(refusal('FORBIDDEN', 403));
    await identify(sibling.key);
  });

  it('decides nothing for the key itself', async () => {
    const { key } = await create('permissions: ("read", "write", "search")');
    for (const [name, values] of [
      ['key.claim', { key: keyOf('device') }],
      ['key.claimed', {}],
      ['key.transfer', { key: keyOf('device'), to: keyOf('other') }],
      ['key.release', { key: keyOf('device') }],
      ['key.require_signature', {}],
    ] as const) {
      expect(await test.call(key, name, values), name).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    }
  });
});

describe('a key that requires signatures', () => {
  it('must sign from then on, its sub-keys need not', async () => {
    const key = keyOf('careful');
    const { key: subkey } = await create('permissions: ("entity")', key);
    expect((await identify(key)).mustSign).toBe(false);
    expect((await test.exec(key, 'key require signature')).body).toEqual({ ok: true, signature: 'required' });
    expect((await identify(key)).mustSign).toBe(true);
    expect((await identify(subkey)).mustSign).toBe(false);
    expect((await identify(owner)).mustSign).toBe(false);
  });
});

describe('the keys of administrators', () => {
  it('are known as such, and as keys', async () => {
    const admin = await openTestEngine({ adminKeys: [keyOf('admin')] });
    try {
      expect((await admin.engine.identify(keyOf('admin'))).identity).toMatchObject({ admin: true });
      expect((await admin.engine.identify(keyOf('other'))).identity).not.toHaveProperty('admin');
      expect((await admin.call(keyOf('admin'), 'auth.whoami')).body).toMatchObject({ admin: true });
    } finally {
      await admin.close();
    }
  });
});
