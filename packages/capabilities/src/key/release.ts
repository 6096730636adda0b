import { claimsRoute } from '@drops/access';
import { keyOf, requiredText, type Handler } from '../handler.js';
import { unlist } from './claims.js';
import { ownClaim } from './own-claim.js';

/** Gives a claim up: its owner's access ends, the key keeps its own. */
export const release: Handler = async (call, { store, identitiesChanged }) => {
  const named = requiredText(call, 'key');
  const { key, owner, record } = await ownClaim(call.snapshot, keyOf(call).key, named);
  const remove = { kind: 'delete', route: claimsRoute, key, precondition: record.unchanged } as const;
  await store.commit({ operations: [remove, unlist(owner, key)], writer: null });
  identitiesChanged();
  return { ok: true, key: named };
};
