import { fail } from '@drops/diagnostics';

/** One mailbox: no spaces, commas, brackets or quotes, so that an address is never a list or a name with an address. */
const form = /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/;
const longest = 254;

/** An address in lower case; INVALID_EMAIL. The message does not repeat it. */
export function normalEmail(text: string): string {
  const email = text.trim().toLowerCase();
  if (email.length <= longest && form.test(email)) return email;
  return fail('INVALID_EMAIL', 'this is no e-mail address such as alice@example.com');
}
