import {
  canonicalParameters,
  contentDigestHeader,
  signatureBase,
  signatureHeaders,
  type RequestMessage,
} from '@drops/signatures';
import nacl from 'tweetnacl';
import { fromBase64url, toBase64url } from './base64url.js';

/** A key that can sign. */
export interface Signer {
  /** The public half, which goes into `X-Ocean-Key`. */
  readonly key: string;
  readonly sign: (text: string) => Uint8Array<ArrayBuffer>;
}

/** A signer of the private half of a key: the 32 bytes of its seed, base64url, as `POST /drop` gives it. */
export function signerOf(privateKey: string): Signer {
  const pair = nacl.sign.keyPair.fromSeed(fromBase64url(privateKey));
  return {
    key: toBase64url(pair.publicKey),
    sign: (text) => new Uint8Array(nacl.sign.detached(new TextEncoder().encode(text), pair.secretKey)),
  };
}

export interface OutgoingRequest {
  readonly method: string;
  readonly url: URL;
  /** Undefined: without a body. */
  readonly body: string | undefined;
}

/** The headers that sign a request: over method, path, query and body (RFC 9421, RFC 9530), with a nonce of its own. */
export async function signedHeaders(
  { method, url, body }: OutgoingRequest,
  signer: Signer,
): Promise<Readonly<Record<string, string>>> {
  const digest: Record<string, string> =
    body === undefined
      ? {}
      : {
          'content-digest': contentDigestHeader(
            'sha-256',
            await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body)),
          ),
        };
  const components = ['@method', '@path', ...(url.search === '' ? [] : ['@query']), ...Object.keys(digest)];
  const parameters = {
    components,
    created: Math.floor(Date.now() / 1000),
    keyid: signer.key,
    nonce: toBase64url(crypto.getRandomValues(new Uint8Array(16))),
  };
  const message: RequestMessage = {
    method,
    scheme: url.protocol.slice(0, -1),
    authority: url.host,
    target: `${url.pathname}${url.search}`,
    header: (name) => digest[name],
  };
  const base = signatureBase(message, components, canonicalParameters(parameters));
  return { ...digest, ...signatureHeaders('drops', parameters, signer.sign(base)) };
}
