import { baseOf, type HttpRequest } from './http-request.js';
import { quoteShell } from './quote-shell.js';

/** A request as one curl command. It names no key: who runs it adds `-H 'X-Ocean-Key: …'` to act as someone. */
export function writeCurl(request: HttpRequest, publicUrl?: string): string {
  const { method, path, body } = request;
  const words = [
    'curl',
    ...(method === 'GET' ? [] : ['-X', method]),
    quoteShell(`${baseOf(publicUrl)}${path}`),
  ];
  if (body) words.push('-H', quoteShell(`Content-Type: ${body.type}`), '-d', quoteData(body.text));
  return words.join(' ');
}

/** Data is always in quotes: it is text, and a plain word that begins with `@` would name a file. */
function quoteData(text: string): string {
  const quoted = quoteShell(text);
  return quoted.startsWith("'") ? quoted : `'${quoted}'`;
}
