import { createHash, timingSafeEqual } from 'node:crypto';
import { identityOfKey, type Identity } from '@drops/engine';

function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/**
 * Who a credential stands for. A key of another form than 43 base64url characters is 401 INVALID_KEY,
 * never anonymous; the message does not repeat it.
 */
export function identify(credential: string | null, adminToken: string | undefined): Identity {
  if (credential === null) return { kind: 'anonymous' };
  if (adminToken !== undefined && sameText(credential, adminToken))
    return { kind: 'administrator', remote: true };
  return identityOfKey(credential);
}
