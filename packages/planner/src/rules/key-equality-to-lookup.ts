import { conjuncts, type AccessPath } from '@drops/ir';
import type { Rule } from '../rule.js';
import { keyEquality, type KeyTerm } from './key-terms.js';
import { accessPathUnder, narrowAccess } from './narrow-access.js';

function narrowed(path: AccessPath | undefined, key: KeyTerm): AccessPath | undefined {
  if (path?.kind === 'RouteScan' && !path.subtree && !path.after)
    return { kind: 'Get', route: path.route, ...key };
  if (path?.kind === 'HistoryScan' && !path.subtree && path.key === undefined) return { ...path, ...key };
  return undefined;
}

/** Filter(key = "k" and p, scan of R) → Filter(p, look-up of R @k): one entity instead of a route. */
export const keyEqualityToLookup: Rule = {
  name: 'key-equality-to-lookup',
  order: 'bottom-up',
  on: ['FilterRows'],
  rewrite(plan) {
    if (plan.kind !== 'FilterRows') return plan;
    const term = conjuncts(plan.predicate).find((t) => keyEquality(t) !== undefined);
    const key = term && keyEquality(term);
    const path = key && narrowed(accessPathUnder(plan), key);
    return term && path ? narrowAccess(plan, term, path) : plan;
  },
};
