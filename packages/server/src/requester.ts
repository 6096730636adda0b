import type { IncomingMessage } from 'node:http';
import type { Identified, Identity } from '@drops/engine';
import type { Context } from 'hono';
import { addressOf } from './address.js';
import { readBytes, jsonBody } from './http/body.js';
import { encodedTargetOf, queryOf } from './http/query-string.js';
import { identify } from './identity.js';
import { checkSignature } from './signed-request.js';
import type { Endpoint, Requester } from './endpoints/endpoint.js';
import type { Services } from './services.js';

const anonymous: Identity = { kind: 'anonymous' };

/** Node's own request behind one of Hono; there is none within a process. */
function incomingOf(c: Context): IncomingMessage | undefined {
  const env: { readonly incoming?: IncomingMessage } | undefined = c.env;
  return env?.incoming;
}

/** Checks that a key has signed a request. The body is read for that, and is there again afterwards. */
async function checkSigned(c: Context, key: string, services: Services): Promise<void> {
  const { raw } = c.req;
  const body = await readBytes(raw, jsonBody);
  const message = {
    method: raw.method,
    authority: raw.headers.get('host') ?? new URL(raw.url).host,
    target: encodedTargetOf(raw.url),
    header: (name: string) => raw.headers.get(name) ?? undefined,
  };
  await checkSignature(key, message, body, services);
  const hasBody = raw.method !== 'GET' && raw.method !== 'HEAD';
  c.req.raw = new Request(raw.url, {
    method: raw.method,
    headers: raw.headers,
    signal: raw.signal,
    ...(hasBody && { body: new Uint8Array(body) }),
  });
}

/**
 * Who sends a request that came to an endpoint: the key in `X-Ocean-Key` or, where the endpoint takes it, `?key=`. A promise
 * where a credential is to be looked up, and for a key that must sign.
 */
export function requesterOf(
  c: Context,
  services: Services,
  from: Endpoint['identity'],
): Requester | Promise<Requester> {
  const incoming = incomingOf(c);
  const origin = incoming === undefined ? {} : { address: addressOf(incoming, services.trustProxy) };
  if (from === 'open') return { identity: anonymous, ...origin };
  const header = c.req.raw.headers.get('x-ocean-key');
  const credential = header ?? (from === 'key' ? queryOf(c.req.url).get('key') : null);
  const known = identify(credential, services);
  const admit = ({ identity, mustSign }: Identified): Requester | Promise<Requester> => {
    const requester = { identity, ...origin };
    if (!mustSign || identity.kind !== 'key') return requester;
    return checkSigned(c, identity.key, services).then(() => requester);
  };
  return known instanceof Promise ? known.then(admit) : admit(known);
}
