import { randomBytes } from 'node:crypto';
import { fail } from '@drops/diagnostics';
import type { Operation, Snapshot } from '@drops/store';
import { digestOf, systemRecord, textField } from '../records.js';
import type { Vault } from '../vault.js';

/** Tokens of sign-in links, by their SHA-256. */
const tokensRoute = '__auth/tokens';
/** 128 bits, which nobody guesses in 15 minutes; more would break the line of the link in mails. */
const tokenBytes = 16;
/** Ms that a link works. */
const life = 15 * 60_000;
/** Seconds that a link is remembered, so that who comes late hears that it has expired. */
const memory = 24 * 60 * 60;

const purpose = (name: string): string => `email of token ${name}`;

/** A new token for an address, and the operation that makes it work. */
export function issueToken(
  vault: Vault,
  email: string,
  now: number,
): { readonly text: string; readonly operation: Operation } {
  const text = randomBytes(tokenBytes).toString('base64url');
  const key = digestOf(text);
  const payload = { email: vault.seal(email, purpose(key)), expires: now + life };
  return { text, operation: { kind: 'put', route: tokensRoute, key, payload, ttl: memory } };
}

/** Whose a token is, and the operation that uses it up; INVALID_TOKEN, TOKEN_EXPIRED. */
export async function redeemToken(
  snapshot: Snapshot,
  vault: Vault,
  text: string,
): Promise<{ readonly email: string; readonly operation: Operation }> {
  const key = digestOf(text);
  const record = await systemRecord(snapshot, tokensRoute, key);
  const sealed = record && textField(record, 'email');
  if (!record || sealed === undefined)
    return fail('INVALID_TOKEN', 'this token is unknown or was used before');
  const expires = record.fields['expires'];
  if (typeof expires !== 'number' || expires <= snapshot.now) {
    fail('TOKEN_EXPIRED', 'this token has expired: it works for 15 minutes', {
      hint: 'POST /auth/login again',
    });
  }
  return {
    email: vault.open(sealed, purpose(key)),
    operation: { kind: 'delete', route: tokensRoute, key, precondition: record.unchanged },
  };
}
