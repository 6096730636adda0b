import { fail } from '@drops/diagnostics';

const keyForm = /^[A-Za-z0-9_-]{43}$/;

/** True for the text of a key: 43 characters of base64url, the 32 bytes of an Ed25519 public key. */
export function isKeyText(text: string): boolean {
  return keyForm.test(text);
}

/** A text that has the form of a key; INVALID_KEY. The message does not repeat it. */
export function checkKeyText(text: string): string {
  return isKeyText(text) ? text : fail('INVALID_KEY', 'a key is 43 characters of A-Z a-z 0-9 _ -');
}
