import type { Json } from '@drops/ir';
import { requiredText, type Handler } from '../handler.js';
import { publicIdOfEmail } from './accounts.js';
import { normalEmail } from './email.js';

/** Tells whether an address has signed in before, and then its public id. Creates nothing, sends nothing. */
export const resolve: Handler = (call, { vault }): Json => {
  const email = normalEmail(requiredText(call, 'email'));
  const publicId = publicIdOfEmail(call.snapshot, vault, email);
  return publicId === undefined ? { is_new: true } : { is_new: false, public_id: publicId };
};
