import { fail } from '@drops/diagnostics';
import type { Message } from '../mail/mailer.js';

export interface SignIn {
  readonly email: string;
  readonly link: string;
  readonly appName: string;
  readonly subject: string | undefined;
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (one) => escapes[one] ?? one);

const longestLine = 200;

/** A text that stands on one line of a mail; TYPE_ERROR. */
export function lineOf(text: string, name: string): string {
  const isLine = text.length <= longestLine && !/\p{Cc}/u.test(text);
  return isLine ? text : fail('TYPE_ERROR', `${name} is one line of at most ${longestLine} characters`);
}

/** The mail that a sign-in link comes in. Lines are short, so that it goes as it is and not encoded. */
export function signInMessage({ email, link, appName, subject }: SignIn): Message {
  const [name, href] = [escapeHtml(appName), escapeHtml(link)];
  return {
    to: email,
    subject: subject ?? `Sign in to ${appName}`,
    text: `${appName}

Open this link to sign in. It works once, for 15 minutes:

${link}

If you did not ask for it, nothing happens unless you open it.

Authenticated by InfiniteOcean for ${appName}
`,
    html: `<h1>${name}</h1>
<p>Open this link to sign in. It works once, for 15 minutes:</p>
<p>
<a href="${href}">
Sign in to ${name}</a>
</p>
<p>If you did not ask for it, nothing happens unless you open it.</p>
<hr>
<p>Authenticated by InfiniteOcean for ${name}</p>
`,
  };
}
