/** The parameters after `?`. Broken percent signs stand for themselves, as browsers have it. */
export function queryOf(url: string): URLSearchParams {
  const start = url.indexOf('?');
  return new URLSearchParams(start === -1 ? '' : url.slice(start + 1));
}

/** The path of a request URL, still percent-encoded. */
export function encodedPathOf(url: string): string {
  const start = url.indexOf('/', url.indexOf('://') + 3);
  const end = url.search(/[?#]/);
  if (start === -1) return '/';
  return end === -1 ? url.slice(start) : url.slice(start, end);
}
