import { publicIdOf } from '@drops/access';
import type { Handler } from '../handler.js';
import { handleOf } from '../key/principal.js';
import { emailOfKey } from './accounts.js';

/** Who the caller is. A sub-key learns its limits, not the key of its owner. */
export const whoami: Handler = async (call, { vault }) => {
  const { caller, snapshot, address } = call;
  const ip = address ?? null;
  if (caller.kind !== 'key') {
    return { tier: caller.kind === 'anonymous' ? 'anonymous' : 'administrator', ip };
  }
  const { key, limits, admin } = caller;
  const publicId = publicIdOf(key);
  const handle = await handleOf(snapshot, publicId);
  return {
    ...(limits ? { subkey: { id: limits.id, permissions: [...limits.permissions] } } : { key }),
    tier: 'balance',
    ip,
    public_id: publicId,
    handle: handle === undefined ? null : `@${handle}`,
    email: (await emailOfKey(snapshot, vault, key)) ?? null,
    balance: 0,
    ...(admin && { admin }),
  };
};
