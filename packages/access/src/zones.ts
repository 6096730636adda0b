/**
 * The zone of a route, by its first segment (features: ACCESS-01 to 08). `patterns` is a zone of its own: what stands
 * there rules other routes.
 */
export type Zone =
  | { readonly kind: 'open' | 'internal' | 'system' | 'patterns' }
  /** `key` is the key that it belongs to, as text. */
  | { readonly kind: 'private'; readonly key: string }
  /** `name` is the second segment, null where there is none. */
  | { readonly kind: 'shared' | 'trust'; readonly name: string | null };

export type ZoneKind = Zone['kind'];

/** The form of a key. Longer names are no keys, so nobody could ever open a zone of theirs. */
const privateForm = /^[A-Za-z0-9_-]{43}$/;

const open: Zone = { kind: 'open' };
const internal: Zone = { kind: 'internal' };
const system: Zone = { kind: 'system' };
const patterns: Zone = { kind: 'patterns' };

/** Which rules hold for a route. */
export function zoneOf(route: string): Zone {
  const slash = route.indexOf('/');
  const first = slash === -1 ? route : route.slice(0, slash);
  // Keys may begin with any letter of theirs, also with `_`.
  if (first.length === 43 && privateForm.test(first)) return { kind: 'private', key: first };
  if (first.startsWith('__')) return system;
  if (first.startsWith('_')) return internal;
  if (route === 'patterns') return patterns;
  if (first === 'shared' || first === 'trust') {
    const name = slash === -1 ? undefined : route.slice(slash + 1).split('/', 1)[0];
    return { kind: first, name: name ?? null };
  }
  return open;
}

/** A route and those above it, the route itself first: `a/b/c`, `a/b`, `a`. */
export function* withAncestors(route: string): Generator<string> {
  let end = route.length;
  while (end > 0) {
    yield route.slice(0, end);
    end = route.lastIndexOf('/', end - 1);
  }
}
