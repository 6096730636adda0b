/** Longest route and key, and how many segments a route has at most. */
export const nameLimits = { route: 512, segments: 10, key: 256 } as const;

const segment = /^[A-Za-z0-9_.-]+$/;
const bareKey = /^[A-Za-z0-9_.-]+$/;
const quotedKey = /^[A-Za-z0-9_./-]+$/;

/** What is wrong with a route, as the rest of a sentence, or nothing. */
export function routeProblem(route: string): string | undefined {
  if (route === '') return 'is empty';
  if (route.length > nameLimits.route)
    return `has ${route.length} characters; at most ${nameLimits.route} are allowed`;
  if (route.startsWith('/') || route.endsWith('/')) return 'begins or ends with a slash';
  const segments = route.split('/');
  if (segments.length > nameLimits.segments) {
    return `has ${segments.length} segments; at most ${nameLimits.segments} are allowed`;
  }
  for (const part of segments) {
    if (part === '') return 'has an empty segment';
    if (part === '.' || part === '..') return `has the segment "${part}"`;
    if (!segment.test(part))
      return `has the segment "${part}"; letters, digits, "_", "." and "-" are allowed`;
  }
  return undefined;
}

/** What is wrong with an entity key, as the rest of a sentence, or nothing. */
export function keyProblem(key: string): string | undefined {
  if (key === '') return 'is empty';
  if (key.length > nameLimits.key)
    return `has ${key.length} characters; at most ${nameLimits.key} are allowed`;
  if (!quotedKey.test(key)) return 'holds characters other than letters, digits, "_", ".", "-" and "/"';
  return undefined;
}

/** True when a key can be written without quotes. */
export function isBareKey(key: string): boolean {
  return bareKey.test(key);
}

/** True when `route` is `root` or lies below it. */
export function isWithin(route: string, root: string): boolean {
  return route === root || (route.startsWith(root) && route.charAt(root.length) === '/');
}
