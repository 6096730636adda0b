import type { KeyLimits } from '@drops/access';
import { checkRoute, didYouMean, fail } from '@drops/diagnostics';
import { isWithin, permissions, type Permission } from '@drops/ir';

/** Words that stand for several permissions. */
const groups: Readonly<Record<string, readonly Permission[]>> = {
  read: ['stream', 'query', 'entity', 'sql', 'export'],
  write: ['drop'],
};
const words: readonly string[] = [...permissions, ...Object.keys(groups)];

/** Words of a sub-key as permissions, each once; TYPE_ERROR. */
export function readPermissions(given: readonly string[]): readonly Permission[] {
  const found = given.flatMap((word) => {
    const group = Object.hasOwn(groups, word) ? groups[word] : permissions.filter((one) => one === word);
    if (group && group.length > 0) return group;
    return fail('TYPE_ERROR', `"${word.slice(0, 40)}" is no permission; there are ${words.join(', ')}`, {
      hint: didYouMean(word, words),
    });
  });
  return permissions.filter((one) => found.includes(one));
}

/** Routes of a sub-key, `R` or `R/*` for R and what lies below it; INVALID_ROUTE. */
export function readRoutes(given: readonly string[]): readonly string[] {
  return given.map((text) => {
    const route = text.replace(/\/\*$/, '');
    const fault = checkRoute(route);
    if (fault) fail('INVALID_ROUTE', fault.message);
    return route;
  });
}

/** FORBIDDEN when a new sub-key could do what its maker, a sub-key itself, cannot. */
export function checkWeaker(maker: KeyLimits, made: Omit<KeyLimits, 'id'>): void {
  const missing = [...made.permissions].filter((one) => !maker.permissions.has(one));
  if (missing.length > 0) {
    fail('FORBIDDEN', `a sub-key makes none that is stronger: it has no permission to ${missing.join(', ')}`);
  }
  const { routes: bounds } = maker;
  if (bounds === undefined) return;
  const outside = made.routes?.find((route) => !bounds.some((bound) => isWithin(route, bound)));
  if (made.routes === undefined || outside !== undefined) {
    fail('FORBIDDEN', 'a sub-key makes none that is stronger: name routes within its own');
  }
}
