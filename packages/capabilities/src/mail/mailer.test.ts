import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createMailer } from './mailer.js';
import { smtpInbox, type SmtpInbox } from './smtp-inbox.fixture.js';

const folder = mkdtempSync(join(tmpdir(), 'drops-mail-'));
const outbox = join(folder, 'outbox');
const faults: unknown[] = [];
const settings = { from: 'Drops <no-reply@example.com>', outbox, onFault: (f: unknown) => faults.push(f) };
const message = { to: 'bob@example.com', subject: 'Grüße', text: 'Hello Bob\n', html: '<p>Hello Bob</p>' };

let inbox: SmtpInbox;
beforeAll(async () => {
  inbox = await smtpInbox();
});
beforeEach(() => {
  inbox.open = true;
  faults.length = 0;
});
afterAll(async () => {
  await inbox.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('mail', () => {
  it('goes to a mail server, with its user and password', async () => {
    await createMailer({ ...settings, smtpUrl: inbox.url }).send(message);
    const [received] = inbox.messages;
    expect(received).toMatchObject({
      from: 'no-reply@example.com',
      to: ['bob@example.com'],
      subject: 'Grüße',
    });
    expect(received?.text).toContain('Hello Bob');
    expect(received?.raw).toContain('Subject: =?UTF-8?');
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    ['takes no message', () => inbox.url, () => (inbox.open = false)],
    ['takes no such password', () => inbox.url.replace('s3cret', 'other'), () => undefined],
    ['is not there', () => 'smtp://127.0.0.1:1', () => undefined],
  ])('is MAIL_ERROR when the server %s, and the host hears why', async (_, url, before) => {
    before();
    await expect(createMailer({ ...settings, smtpUrl: url() }).send(message)).rejects.toMatchObject({
      diagnostic: { code: 'MAIL_ERROR', status: 502 },
    });
    expect(faults).toHaveLength(1);
  });

  it('goes to a file that only its owner reads where no server is set', async () => {
    await createMailer({ ...settings, smtpUrl: undefined }).send(message);
    const [file = ''] = readdirSync(outbox);
    expect(file).toMatch(/\.eml$/);
    expect(statSync(join(outbox, file)).mode & 0o777).toBe(0o600);
    const text = readFileSync(join(outbox, file), 'utf8');
    expect(text).toContain('To: bob@example.com');
    expect(text).toContain('\nHello Bob');
  });

  it('has one receiver, whatever its address holds', async () => {
    const before = inbox.messages.length;
    const odd = { ...message, to: 'a@example.com, b@example.com' };
    await createMailer({ ...settings, smtpUrl: inbox.url })
      .send(odd)
      .catch(() => undefined);
    for (const { to } of inbox.messages.slice(before)) expect(to).toHaveLength(1);
  });
});
