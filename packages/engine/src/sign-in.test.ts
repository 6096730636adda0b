import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publicIdOf } from '@drops/access';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { smtpInbox, type Received, type SmtpInbox } from '../../capabilities/src/mail/smtp-inbox.fixture.js';
import { openTestEngine, type TestEngine } from './open-engine.fixture.js';

const email = 'alice@example.com';
const minute = 60_000;

let inbox: SmtpInbox;
let test: TestEngine;
beforeAll(async () => {
  inbox = await smtpInbox();
});
beforeEach(async () => {
  test = await openTestEngine({
    mail: { smtpUrl: inbox.url, from: 'Drops <no-reply@example.com>' },
    publicUrl: 'https://drops.example.com/',
    callbacks: ['https://app.example.com/auth'],
  });
});
afterEach(() => test.close());
afterAll(() => inbox.close());

const lastMail = (): Received => {
  const mail = inbox.messages.at(-1);
  if (!mail) throw new Error('no mail has come');
  return mail;
};
const tokenIn = ({ text }: Received): string => /[?&]token=([\w-]+)/.exec(text)?.[1] ?? '';

/** Asks for a link; gives its token. */
async function linkFor(address: string, values = {}): Promise<string> {
  const { status, body } = await test.call(null, 'auth.login', { email: address, ...values });
  expect({ status, body }).toEqual({ status: 200, body: { sent: true } });
  return tokenIn(lastMail());
}

const verify = (token: string) => test.call(null, 'auth.verify', { token });
const resolve = async (address: string) => (await test.call(null, 'auth.resolve', { email: address })).body;

describe('signing in', () => {
  it('makes a key when the link is opened, and gives the same key ever after', async () => {
    expect(await resolve(email)).toEqual({ is_new: true });
    const first = await linkFor(' Alice@Example.COM ');
    expect(inbox.messages.at(-1)?.to).toEqual([email]);
    expect(await resolve(email)).toEqual({ is_new: true });
    const { status, body } = await verify(first);
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(['key']);
    const key = String(body['key']);
    expect(key).toMatch(/^[\w-]{43}$/);
    expect((await verify(await linkFor(email))).body).toEqual({ key });
    expect(await resolve('ALICE@example.com')).toEqual({ is_new: false, public_id: publicIdOf(key) });
    expect((await test.call(key, 'auth.me')).body).toEqual({ email, key, tier: 'authenticated', balance: 0 });
    expect((await test.call(key, 'auth.whoami')).body).toMatchObject({
      key,
      email,
      public_id: publicIdOf(key),
    });
    expect((await verify(await linkFor('bob@example.com'))).body['key']).not.toBe(key);
  });

  it('links to the server, or to the address of the app', async () => {
    const token = await linkFor(email);
    expect(lastMail().text).toContain(`https://drops.example.com/auth/verify?token=${token}`);
    await linkFor(email, { callback_url: 'https://app.example.com/auth/back?from=mail' });
    expect(lastMail().text).toMatch(/https:\/\/app\.example\.com\/auth\/back\?from=mail&token=[\w-]+/);
  });

  it('names the app in subject, heading and footer', async () => {
    await linkFor(email);
    expect(lastMail().subject).toBe('Sign in to InfiniteOcean');
    await linkFor(email, { app_name: 'My <App>' });
    expect(lastMail().subject).toBe('Sign in to My <App>');
    expect(lastMail().html).toContain('<h1>My &lt;App&gt;</h1>');
    expect(lastMail().text).toContain('Authenticated by InfiniteOcean for My <App>');
    await linkFor(email, { app_name: 'X', subject: 'Welcome' });
    expect(lastMail().subject).toBe('Welcome');
  });

  it('works once, also when it is opened twice at the same time', async () => {
    const token = await linkFor(email);
    const tries = await Promise.all([verify(token), verify(token), verify(token)]);
    expect(tries.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 400, 400]);
    expect(await verify(token)).toMatchObject({ status: 400, code: 'INVALID_TOKEN' });
  });

  it('gives one key to two links that are opened at the same time', async () => {
    const tokens = [await linkFor(email), await linkFor(email)];
    const [a, b] = await Promise.all(tokens.map(verify));
    expect(a?.status).toBe(200);
    expect(a?.body).toEqual(b?.body);
  });

  it('works for 15 minutes', async () => {
    const token = await linkFor(email);
    test.clock.now += 15 * minute;
    expect(await verify(token)).toMatchObject({ status: 400, code: 'TOKEN_EXPIRED' });
    const other = await linkFor(email);
    test.clock.now += 15 * minute - 1;
    expect((await verify(other)).status).toBe(200);
  });

  it.each(['', 'unknown', 'x'.repeat(22)])('with the token "%s" is refused', async (token) => {
    expect(await verify(token)).toMatchObject({ status: 400, code: 'INVALID_TOKEN' });
  });

  it('sends five links an hour to an address', async () => {
    for (let i = 0; i < 5; i += 1) await linkFor(email);
    const sent = inbox.messages.length;
    expect(await test.call(null, 'auth.login', { email: 'ALICE@example.com' })).toMatchObject({
      status: 429,
      code: 'AUTH_RATE_LIMITED',
    });
    expect(inbox.messages).toHaveLength(sent);
    await linkFor('bob@example.com');
    test.clock.now += 60 * minute;
    await linkFor(email);
  });

  it('counts links that are asked for at the same time', async () => {
    const tries = await Promise.all(
      Array.from({ length: 9 }, () => test.call(null, 'auth.login', { email })),
    );
    expect(tries.filter(({ status }) => status === 200)).toHaveLength(5);
  });

  it.each([
    ['no address', { email: 'alice' }, 'INVALID_EMAIL'],
    ['two addresses', { email: 'a@example.com, b@example.com' }, 'INVALID_EMAIL'],
    ['an address with a name', { email: 'A <a@example.com>' }, 'INVALID_EMAIL'],
    ['an address of two lines', { email: 'a@example.com\nbcc: b@example.com' }, 'INVALID_EMAIL'],
    [
      'an address that is too long',
      { email: `a@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(70)}` },
      'INVALID_EMAIL',
    ],
    ['nothing', {}, 'TYPE_ERROR'],
    ['a subject of two lines', { email, subject: 'a\nb' }, 'TYPE_ERROR'],
    ['a script as callback', { email, callback_url: 'javascript:alert(1)' }, 'TYPE_ERROR'],
    ['a callback with a password', { email, callback_url: 'https://a:b@app.example.com/auth' }, 'TYPE_ERROR'],
    ['a callback to a stranger', { email, callback_url: 'https://evil.example.com/auth' }, 'FORBIDDEN'],
    [
      'a callback beside the allowed one',
      { email, callback_url: 'https://app.example.com/authority' },
      'FORBIDDEN',
    ],
    [
      'a callback that climbs out',
      { email, callback_url: 'https://app.example.com/auth/../evil' },
      'FORBIDDEN',
    ],
  ])('with %s sends nothing', async (_, values, code) => {
    const sent = inbox.messages.length;
    expect((await test.call(null, 'auth.login', values)).code).toBe(code);
    expect(inbox.messages).toHaveLength(sent);
  });

  it('says the same whether or not the address is known', async () => {
    await verify(await linkFor(email));
    const known = await test.call(null, 'auth.login', { email });
    const unknown = await test.call(null, 'auth.login', { email: 'nobody@example.com' });
    expect(known).toEqual(unknown);
  });

  it('keeps neither address nor key nor token in a readable form', async () => {
    const token = await linkFor(email);
    const { body } = await verify(token);
    await linkFor(email);
    const stored = await test.engine.exec('find __auth/* history');
    const text = JSON.stringify(stored.body);
    expect(text).toContain(publicIdOf(String(body['key'])));
    for (const secret of [email, String(body['key']), token, tokenIn(lastMail())])
      expect(text).not.toContain(secret);
  });

  it('goes to a file where no mail server is set', async () => {
    const local = await openTestEngine();
    try {
      expect((await local.call(null, 'auth.login', { email })).status).toBe(200);
      const outbox = join(local.folder, 'outbox');
      const [file = ''] = readdirSync(outbox);
      const mail = readFileSync(join(outbox, file), 'utf8');
      // As it is: nothing in it is encoded.
      const [, token = ''] = /http:\/\/127\.0\.0\.1:7700\/auth\/verify\?token=([\w-]+)/.exec(mail) ?? [];
      expect((await local.call(null, 'auth.verify', { token })).status).toBe(200);
    } finally {
      await local.close();
    }
  });
});

describe('where requests are signed', () => {
  it('a new key comes with its private half, once', async () => {
    const signed = await openTestEngine({ signed: true, mail: { smtpUrl: inbox.url } });
    try {
      const signIn = async () => {
        await signed.call(null, 'auth.login', { email });
        return (await signed.call(null, 'auth.verify', { token: tokenIn(lastMail()) })).body;
      };
      const first = await signIn();
      expect(String(first['private'])).toMatch(/^[\w-]{43}$/);
      expect(await signIn()).toEqual({ key: first['key'] });
    } finally {
      await signed.close();
    }
  });
});
