import { publicIdOf } from '@drops/store/public-id';

/** Where handles lie: `@name` is the entity of that key, and belongs to its first writer. */
export const handlesRoute = '_handles';

const keyForm = /^[A-Za-z0-9_-]{43}$/;
const idForm = /^[0-9a-f]{12}$/;

/** True for the text of a key: 43 characters of base64url, the 32 bytes of an Ed25519 public key. */
export function isKeyText(text: string): boolean {
  return keyForm.test(text);
}

/** Whom a text names: a public id, or a handle that is still to be looked up. */
export type Principal =
  { readonly kind: 'id'; readonly id: string } | { readonly kind: 'handle'; readonly name: string };

/** A key, a public id or a handle, with or without `@`. */
export function readPrincipal(text: string): Principal {
  const name = text.startsWith('@') ? text.slice(1) : text;
  if (isKeyText(name)) return { kind: 'id', id: publicIdOf(name) };
  return idForm.test(name) ? { kind: 'id', id: name } : { kind: 'handle', name };
}
