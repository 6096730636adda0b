import { isKeyText } from '@drops/access';
import { fail } from '@drops/diagnostics';

/** A text that has the form of a key; INVALID_KEY. The message does not repeat it. */
export function checkKeyText(text: string): string {
  return isKeyText(text) ? text : fail('INVALID_KEY', 'a key is 43 characters of A-Z a-z 0-9 _ -');
}
