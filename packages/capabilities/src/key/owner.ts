import { requiredText, type Handler } from '../handler.js';
import { claimOf } from './claims.js';
import { handleOf, principalOf } from './principal.js';

/** Who owns a key. Its label is for its owner alone. */
export const owner: Handler = async (call) => {
  const { snapshot } = call;
  const named = requiredText(call, 'key');
  const claim = await claimOf(snapshot, await principalOf(snapshot, named));
  if (!claim) return { key: named, owner: null };
  const handle = await handleOf(snapshot, claim.owner);
  return { key: named, owner: claim.owner, ...(handle !== undefined && { handle: `@${handle}` }) };
};
