import type { AddressInfo } from 'node:net';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';

/** One message as a mail server took it, and as its reader sees it. */
export interface Received {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** A mail server on loopback that keeps what it takes. */
export interface SmtpInbox {
  readonly url: string;
  readonly messages: readonly Received[];
  /** Whether it takes messages. */
  open: boolean;
  close(): Promise<void>;
}

/** Starts a mail server that wants a user and a password. */
export async function smtpInbox(): Promise<SmtpInbox> {
  const messages: Received[] = [];
  const inbox = { open: true };
  const server = new SMTPServer({
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _session, done) =>
      username === 'drops' && password === 's3cret'
        ? done(null, { user: username })
        : done(new Error('who?')),
    onMailFrom: (_address, _session, done) => done(inbox.open ? null : new Error('closed')),
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        const to = envelope.rcptTo.map(({ address }) => address);
        const raw = Buffer.concat(chunks).toString();
        PostalMime.parse(raw).then(({ subject = '', text = '', html = '' }) => {
          messages.push({ from, to, raw, subject, text, html });
          done();
        }, done);
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port }: AddressInfo = JSON.parse(JSON.stringify(server.server.address()));
  return Object.assign(inbox, {
    url: `smtp://drops:s3cret@127.0.0.1:${port}`,
    messages,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  });
}
