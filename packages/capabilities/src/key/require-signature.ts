import { digestOf } from '../records.js';
import { keyOf, type Handler } from '../handler.js';
import { signedRoute } from './possession.js';

/** From now on the key of the caller works only with signed requests. There is no way back. */
export const requireSignature: Handler = async (call, { store, identitiesChanged }) => {
  const key = digestOf(keyOf(call).key);
  const operations = [{ kind: 'put', route: signedRoute, key, payload: { required: true } } as const];
  await store.commit({ operations, writer: null });
  identitiesChanged();
  return { ok: true, signature: 'required' };
};
