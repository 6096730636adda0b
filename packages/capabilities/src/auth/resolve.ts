import type { Json } from '@drops/ir';
import { requiredText, type Handler } from '../handler.js';
import { publicIdOfEmail } from './accounts.js';
import { normalEmail } from './email.js';

/** Tells whether an address has signed in before, and then its public id. Creates nothing, sends nothing. */
export const resolve: Handler = async (call, { vault }): Promise<Json> => {
  const email = normalEmail(requiredText(call, 'email'));
  const publicId = await publicIdOfEmail(call.snapshot, vault, email);
  return publicId === undefined ? { is_new: true } : { is_new: false, public_id: publicId };
};
