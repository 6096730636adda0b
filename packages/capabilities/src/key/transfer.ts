import { fail, invariant } from '@drops/diagnostics';
import { keyOf, requiredText, type Handler } from '../handler.js';
import { claimedRecord, readClaimed, unlist, writeClaim } from './claims.js';
import { ownClaim } from './own-claim.js';
import { principalOf } from './principal.js';

/** Gives a claimed key to another owner, in one commit. */
export const transfer: Handler = async (call, { store, vault, identitiesChanged }) => {
  const { snapshot } = call;
  const named = requiredText(call, 'key');
  const known = await ownClaim(snapshot, keyOf(call).key, named);
  const to = await principalOf(snapshot, requiredText(call, 'to'));
  if (to === known.key) fail('FORBIDDEN', 'a key cannot own itself');
  if (to !== known.owner) {
    const listed = await claimedRecord(snapshot, known.owner, known.key);
    invariant(listed, 'a claimed key is in the list of its owner');
    const claimed = readClaimed(listed, known.owner, vault);
    const operations = [...writeClaim(known, known.key, to, claimed, vault), unlist(known.owner, known.key)];
    await store.commit({ operations, writer: null });
    identitiesChanged();
  }
  return { ok: true, key: named, to };
};
