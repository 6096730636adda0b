import { fail } from '@drops/diagnostics';

/** True when an address is the allowed one, or lies below it: `https://app.example.com` allows every path there. */
function isBelow(url: URL, allowed: string): boolean {
  const bound = new URL(allowed);
  if (url.origin !== bound.origin) return false;
  const path = bound.pathname.replace(/\/$/, '');
  return url.pathname === path || url.pathname.startsWith(`${path}/`);
}

/**
 * Where a sign-in link leads, without its token. FORBIDDEN for an address that the settings do not allow: a link that a
 * stranger has sent for would bring the token to that stranger. `allowed` undefined: any address of http.
 */
export function checkCallback(text: string, allowed: readonly string[] | undefined): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    return fail('TYPE_ERROR', 'callback_url is no address such as https://app.example.com/signed-in');
  }
  if (allowed === undefined || allowed.some((one) => isBelow(url, one))) return url;
  return fail('FORBIDDEN', `sign-in links of this server do not lead to ${url.origin}`, {
    hint: 'whoever runs the server names the addresses in DROPS_CALLBACK_URLS',
  });
}
