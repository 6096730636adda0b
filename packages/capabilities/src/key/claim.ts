import { publicIdOf } from '@drops/access';
import { fail } from '@drops/diagnostics';
import { keyOf, requiredText, textArgument, type Handler } from '../handler.js';
import { checkKeyText } from './key-text.js';
import { claimOf, defaultType, writeClaim } from './claims.js';
import { checkProof, requiresSignature } from './possession.js';

/** Claims a key for the caller, or renames one that is the caller's already. */
export const claim: Handler = async (call, { store, vault, signed, identitiesChanged }) => {
  const caller = keyOf(call);
  const text = checkKeyText(requiredText(call, 'key'));
  if (text === caller.key) fail('FORBIDDEN', 'a key cannot claim itself');
  const [key, owner] = [publicIdOf(text), publicIdOf(caller.key)];
  const known = await claimOf(call.snapshot, key);
  if (known && known.owner !== owner) fail('CONFLICT', 'this key is claimed by another key');
  // An owner's second claim changes names only.
  if (!known && (signed || (await requiresSignature(call.snapshot, text)))) {
    checkProof(text, caller.key, textArgument(call, 'proof'));
  }
  const label = textArgument(call, 'label') ?? known?.label ?? null;
  const type = textArgument(call, 'type') ?? known?.type ?? defaultType;
  const operations = writeClaim(known, key, owner, { text, label, type }, vault);
  await store.commit({ operations, writer: null });
  identitiesChanged();
  return { ok: true, key: text, label, type };
};
