import { keyOf, type Handler } from '../handler.js';
import { emailOfKey } from './accounts.js';

/** The account of the caller. The key itself is shown only to who has sent it. */
export const me: Handler = async (call, { vault }) => {
  const { key, limits } = keyOf(call);
  const email = (await emailOfKey(call.snapshot, vault, key)) ?? null;
  return { email, ...(limits === undefined && { key }), tier: 'authenticated', balance: 0 };
};
