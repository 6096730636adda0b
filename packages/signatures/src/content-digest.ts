import { parseDictionary, serializeDictionary } from 'structured-headers';
import { SignatureError } from './signature.js';

/** Digests that prove a body here (RFC 9530 §5, "active"). */
export type DigestAlgorithm = 'sha-256' | 'sha-512';

/** One digest that a header `Content-Digest` gives. */
export interface ContentDigest {
  readonly algorithm: DigestAlgorithm;
  readonly bytes: Uint8Array;
}

/** The digests of a header that this module takes; others are left out (RFC 9530 §2). SignatureError when it cannot be read. */
export function readContentDigest(header: string): readonly ContentDigest[] {
  let members: ReturnType<typeof parseDictionary>;
  try {
    members = parseDictionary(header);
  } catch {
    throw new SignatureError('the header Content-Digest is no dictionary of structured fields (RFC 9530)');
  }
  const found: ContentDigest[] = [];
  for (const [name, [value]] of members) {
    if (name !== 'sha-256' && name !== 'sha-512') continue;
    if (!(value instanceof ArrayBuffer)) throw new SignatureError('a digest is bytes between colons');
    found.push({ algorithm: name, bytes: new Uint8Array(value) });
  }
  return found;
}

/** The header of a body with this digest. */
export function contentDigestHeader(algorithm: DigestAlgorithm, digest: ArrayBuffer): string {
  return serializeDictionary(new Map([[algorithm, [digest, new Map()]]]));
}
