import { fail } from '@drops/diagnostics';

/** The parameters after `?`. Broken percent signs stand for themselves, as browsers have it. */
export function queryOf(url: string): URLSearchParams {
  const start = url.indexOf('?');
  return new URLSearchParams(start === -1 ? '' : url.slice(start + 1));
}

/** Path and query of a request URL, as they were sent. */
export function encodedTargetOf(url: string): string {
  const start = url.indexOf('/', url.indexOf('://') + 3);
  return start === -1 ? '/' : url.slice(start);
}

/** The path of a request URL, still percent-encoded. */
export function encodedPathOf(url: string): string {
  const start = url.indexOf('/', url.indexOf('://') + 3);
  const end = url.search(/[?#]/);
  if (start === -1) return '/';
  return end === -1 ? url.slice(start) : url.slice(start, end);
}

/** A parameter that is true or false; another value is 400 TYPE_ERROR. */
export function flag(name: string, value: string | null, otherwise: boolean): boolean {
  if (value === null) return otherwise;
  if (value === 'false' || value === '0') return false;
  if (value === 'true' || value === '1' || value === '') return true;
  fail('TYPE_ERROR', `${name}=${value.slice(0, 40)} found, true or false expected`);
}

/** The route behind the name of an endpoint in a path; ROUTE_REQUIRED, INVALID_ROUTE. */
export function routeOf(url: string, endpoint: string, example: string): string {
  const path = encodedPathOf(url);
  const encoded = path.slice(endpoint.length).replace(/^\//, '');
  if (encoded === '') fail('ROUTE_REQUIRED', 'the route is missing', { hint: example });
  try {
    return decodeURIComponent(encoded);
  } catch {
    fail('INVALID_ROUTE', `the route ${encoded.slice(0, 100)} is not percent-encoded UTF-8`);
  }
}
