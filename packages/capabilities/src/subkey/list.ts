import { publicIdOf } from '@drops/access';
import { keyOf, type Handler } from '../handler.js';
import { systemRecords } from '../records.js';
import { readSubkey, subkeysRoute } from './stored.js';

/** Lists the sub-keys of the caller, without their secrets; a sub-key sees those that it has made. */
export const list: Handler = async (call) => {
  const { key, limits } = keyOf(call);
  const records = await systemRecords(call.snapshot, subkeysRoute(publicIdOf(key)));
  const subkeys = records
    .map((record) => ({ ...readSubkey(record), createdAt: record.createdAt }))
    .filter(({ maker }) => limits === undefined || maker === limits.id)
    .map(({ id, label, permissions, routes, expiresAt, createdAt }) => ({
      id,
      label,
      permissions: [...permissions],
      routes: routes && [...routes],
      expires_at: expiresAt,
      created_at: createdAt,
    }));
  return { subkeys, count: subkeys.length };
};
