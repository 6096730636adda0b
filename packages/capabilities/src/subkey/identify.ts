import type { KeyIdentity } from '@drops/access';
import { fail } from '@drops/diagnostics';
import type { Snapshot } from '@drops/store';
import { digestOf } from '../records.js';
import { sameSecret } from '../same-secret.js';
import type { Vault } from '../vault.js';
import { readCredential } from './credential.js';
import { sealedFor, storedSubkey, type StoredSubkey } from './stored.js';

/** A caller by a sub-key, and until when that holds, in ms since the epoch. */
export interface SubkeyCaller {
  readonly identity: KeyIdentity;
  readonly until: number;
}

/** When a sub-key ends; undefined when it has ended, or one that it was made by. */
async function endOf(snapshot: Snapshot, owner: string, subkey: StoredSubkey): Promise<number | undefined> {
  let end = Infinity;
  for (let one: StoredSubkey | undefined = subkey; one;) {
    if (one.expiresAt !== null) end = Math.min(end, Date.parse(one.expiresAt));
    if (end <= snapshot.now) return undefined;
    if (one.maker === null) return end;
    one = await storedSubkey(snapshot, owner, one.maker);
  }
  return undefined;
}

/**
 * Who a sub-key stands for: its owner, within its limits. INVALID_KEY (401) when it is malformed; FORBIDDEN, without saying why,
 * when it is unknown, revoked, expired or has another secret.
 */
export async function identifySubkey(
  credential: string,
  snapshot: Snapshot,
  vault: Vault,
): Promise<SubkeyCaller> {
  const parts = readCredential(credential);
  if (!parts) return fail('INVALID_KEY', 'this is no sub-key', { status: 401 });
  const { owner, id } = parts;
  const subkey = await storedSubkey(snapshot, owner, id);
  const isKnown = sameSecret(digestOf(credential), subkey?.secret ?? '');
  const until = subkey && isKnown ? await endOf(snapshot, owner, subkey) : undefined;
  if (!subkey || until === undefined) return fail('FORBIDDEN', 'this sub-key is unknown, revoked or expired');
  const { permissions, routes } = subkey;
  const limits = { id, permissions: new Set(permissions), ...(routes && { routes }) };
  return { identity: { kind: 'key', key: vault.open(subkey.key, sealedFor(owner, id)), limits }, until };
}
