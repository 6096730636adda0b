import { compareStrings, conjuncts } from '@drops/ir';
import type { Rule } from '../rule.js';
import { keyMembership } from './key-terms.js';
import { accessPathUnder, narrowAccess } from './narrow-access.js';

/**
 * Filter(key in ("a", "b") and p, scan of R) → Filter(p, look-ups of R @a @b). A list with null also means the events,
 * so it stays a scan unless only entities are scanned; other values are no key.
 */
export const keyInToLookups: Rule = {
  name: 'key-in-to-lookups',
  order: 'bottom-up',
  on: ['FilterRows'],
  rewrite(plan) {
    const path = plan.kind === 'FilterRows' ? accessPathUnder(plan) : undefined;
    if (plan.kind !== 'FilterRows' || path?.kind !== 'RouteScan' || path.subtree || path.after) return plan;
    const term = conjuncts(plan.predicate).find((t) => keyMembership(t) !== undefined);
    const members = term && keyMembership(term);
    if (!members || (members.includes(null) && path.rows === 'all')) return plan;
    const keys = [...new Set(members.filter((m) => typeof m === 'string'))].sort(compareStrings);
    return narrowAccess(plan, term, { kind: 'MultiGet', route: path.route, keys });
  },
};
