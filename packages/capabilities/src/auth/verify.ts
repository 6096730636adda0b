import { requiredText, type Handler } from '../handler.js';
import { generateKeypair } from '../key/keypair.js';
import { untilUncontested } from '../records.js';
import { keyOfEmail, openAccount } from './accounts.js';
import { redeemToken } from './token.js';

/**
 * Uses up a token and gives the key of its address, which is made now when the address is new. Where requests are signed
 * the private half of a new key is in this answer and nowhere else, ever.
 */
export const verify: Handler = (call, { store, vault, signed }) => {
  const token = requiredText(call, 'token');
  return untilUncontested(store, async (snapshot) => {
    const { email, operation } = await redeemToken(snapshot, vault, token);
    const known = await keyOfEmail(snapshot, vault, email);
    if (known !== undefined) {
      await store.commit({ operations: [operation], writer: null });
      return { key: known };
    }
    const keypair = generateKeypair();
    const operations = [operation, ...openAccount(vault, email, keypair.public)];
    await store.commit({ operations, writer: null });
    return { key: keypair.public, ...(signed && { private: keypair.private }) };
  });
};
