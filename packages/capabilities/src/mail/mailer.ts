import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail } from '@drops/diagnostics';

/** One message to one address. */
export interface Message {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Sends mail, or keeps it in a folder where no server for it is set. */
export interface Mailer {
  /** Resolves when the mail server has taken it, or the file is written. MAIL_ERROR. */
  send(message: Message): Promise<void>;
}

export interface MailSettings {
  /** smtp://user:password@host:port, or smtps://…; undefined: to the outbox. */
  readonly smtpUrl: string | undefined;
  /** The sender. */
  readonly from: string;
  /** Folder of `.eml` files. */
  readonly outbox: string;
  /** Told why a message was not taken: callers hear only that it was not. */
  readonly onFault: (fault: unknown) => void;
}

/** Ms that a mail server has to greet and for each answer. */
const patience = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 } as const;

/** The address of a mail server with our patience, unless it names its own. */
function withPatience(smtpUrl: string): string {
  const url = new URL(smtpUrl);
  for (const [name, ms] of Object.entries(patience)) {
    if (!url.searchParams.has(name)) url.searchParams.set(name, String(ms));
  }
  return url.href;
}

/** A file name that sorts by time. */
const fileName = (): string =>
  `${new Date().toISOString().replace(/[:.]/g, '-')}-${randomBytes(4).toString('hex')}.eml`;

/** Makes what sends mail. The library is loaded with the first message. */
export function createMailer({ smtpUrl, from, outbox, onFault }: MailSettings): Mailer {
  const addressed = ({ to, ...message }: Message) => ({ ...message, from, to: { name: '', address: to } });
  const toOutbox = async (message: Message): Promise<void> => {
    const { createTransport } = await import('nodemailer');
    const { message: bytes } = await createTransport({ streamTransport: true, buffer: true }).sendMail(
      addressed(message),
    );
    await mkdir(outbox, { recursive: true, mode: 0o700 });
    await writeFile(join(outbox, fileName()), bytes, { mode: 0o600 });
  };
  const toServer = async (url: string, message: Message): Promise<void> => {
    const { createTransport } = await import('nodemailer');
    const transport = createTransport(withPatience(url));
    try {
      await transport.sendMail(addressed(message));
    } catch (error) {
      onFault(error);
      fail('MAIL_ERROR', 'the mail server did not take the message; try again later');
    } finally {
      transport.close();
    }
  };
  return { send: (message) => (smtpUrl === undefined ? toOutbox(message) : toServer(smtpUrl, message)) };
}
