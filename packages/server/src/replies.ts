import type { ServerResponse } from 'node:http';
import { errorOf, toErrorBody, type Diagnostic } from '@drops/diagnostics';
import type { TextReply } from '@drops/engine';

/** Every reply may be read by any page: the key is the only credential, and it is never ambient. */
export const corsHeaders = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers':
    'allow, retry-after, x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset',
} as const;

/** The headers of a JSON reply. */
const jsonHeaders = { ...corsHeaders, 'content-type': 'application/json' } as const;

/** A JSON reply, with CORS. */
export function jsonReply(
  status: number,
  body: unknown,
  headers?: Readonly<Record<string, string>>,
): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: headers === undefined ? jsonHeaders : { ...jsonHeaders, ...headers },
  });
}

/** An error in the shape of the contract: `{ "error": { code, message, status, … } }`. */
export function errorReply(diagnostic: Diagnostic, headers?: Readonly<Record<string, string>>): Response {
  return jsonReply(diagnostic.status, { error: toErrorBody(diagnostic) }, headers);
}

/** A reply whose body is JSON text already. */
export function textReply({ status, text }: TextReply): Response {
  return new Response(text, { status, headers: jsonHeaders });
}

const rawJsonHeaders: readonly string[] = Object.entries(jsonHeaders).flat();

/** A reply of JSON text, with CORS, as Node sends it; nothing when the client is gone. */
export function sendText(response: ServerResponse, status: number, text: string): void {
  if (response.destroyed) return;
  const length = String(Buffer.byteLength(text));
  response.writeHead(status, [...rawJsonHeaders, 'content-length', length]);
  response.end(text);
}

/** The answer to a path that is no endpoint. */
export function unknownPath(path: string): Response {
  return errorReply(
    errorOf('NOT_FOUND', `no endpoint at ${path}`, { hint: 'GET /openapi.json lists the endpoints' }),
  );
}

/** The answer to a path that takes other methods. */
export function wrongMethod(method: string, path: string, allowed: readonly string[]): Response {
  const list = allowed.join(', ');
  const message = `${method} found, ${path} takes ${list}`;
  return errorReply(errorOf('METHOD_NOT_ALLOWED', message), { allow: list });
}

const preflightHeaders = {
  ...corsHeaders,
  'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS',
  'access-control-allow-headers':
    'content-type, x-ocean-key, x-blob-route, last-event-id, accept, range, idempotency-key, content-digest, signature, signature-input',
  'access-control-max-age': '86400',
} as const;

/** The answer to a CORS preflight, and to any OPTIONS. */
export function preflight(): Response {
  return new Response(null, { status: 204, headers: preflightHeaders });
}
