import { publicIdOf } from '@drops/access';
import { keyOf, type Handler } from '../handler.js';
import { systemRecords } from '../records.js';
import { claimedRoute, readClaimed } from './claims.js';

/** Lists the keys that the caller has claimed. */
export const claimed: Handler = async (call, { vault }) => {
  const owner = publicIdOf(keyOf(call).key);
  const records = await systemRecords(call.snapshot, claimedRoute(owner));
  const keys = records.map((record) => {
    const { text, label, type } = readClaimed(record, owner, vault);
    return { key: text, public_id: record.key, label, type };
  });
  return { keys, count: keys.length };
};
