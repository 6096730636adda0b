import { publicIdOf } from '@drops/access';
import { fail } from '@drops/diagnostics';
import { keyOf, requiredText, type Handler } from '../handler.js';
import { storedSubkey, subkeysRoute } from './stored.js';

/** Ends a sub-key, and with it those that it has made. A sub-key ends only those. */
export const revoke: Handler = async (call, { store, identitiesChanged }) => {
  const { key, limits } = keyOf(call);
  const owner = publicIdOf(key);
  const id = requiredText(call, 'id');
  const subkey = await storedSubkey(call.snapshot, owner, id);
  if (!subkey || (limits && subkey.maker !== limits.id)) return fail('NOT_FOUND', 'there is no such sub-key');
  await store.commit({ operations: [{ kind: 'delete', route: subkeysRoute(owner), key: id }], writer: null });
  identitiesChanged();
  return { ok: true, id };
};
