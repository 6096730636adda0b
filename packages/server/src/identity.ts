import { createHash, timingSafeEqual } from 'node:crypto';
import { fail } from '@drops/diagnostics';
import type { Identity } from '@drops/engine';

const keyForm = /^[A-Za-z0-9_-]{43}$/;

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
  if (adminToken !== undefined && sameText(credential, adminToken)) return { kind: 'administrator' };
  if (keyForm.test(credential)) return { kind: 'key', key: credential };
  const found = credential === '' ? 'an empty key' : `a key of ${credential.length} characters`;
  fail('INVALID_KEY', `${found} found, a key is 43 characters of A–Z, a–z, 0–9, - and _`, {
    status: 401,
    hint: 'leave the key out for an anonymous call',
  });
}
