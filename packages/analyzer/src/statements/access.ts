import { didYouMean, fail } from '@drops/diagnostics';
import {
  describeValue,
  isArray,
  permissions,
  type Grant,
  type Permission,
  type Revoke,
  type TextArgument,
} from '@drops/ir';
import type { Principal, Share, Unshare, Value } from '@drops/syntax';
import { lowerSingleRoute } from '../routes.js';
import { lowerParameter, lowerValue } from '../values.js';

/** `share R with @K mode shared can ("query")`. */
export function lowerShare(node: Share): Grant {
  return {
    kind: 'Grant',
    route: lowerSingleRoute(node.route, 'share'),
    principals: node.principals.map(lowerPrincipal),
    ...(node.mode && { mode: node.mode }),
    ...(node.permissions && { permissions: lowerPermissions(node.permissions) }),
    span: node.span,
  };
}

/** `unshare R from @K`; without keys the whole list goes. */
export function lowerUnshare(node: Unshare): Revoke {
  return {
    kind: 'Revoke',
    route: lowerSingleRoute(node.route, 'unshare'),
    principals: node.principals.length === 0 ? null : node.principals.map(lowerPrincipal),
    span: node.span,
  };
}

function lowerPrincipal(node: Principal): TextArgument {
  return typeof node.text === 'string' ? node.text : lowerParameter(node.text);
}

function lowerPermissions(node: Value): readonly Permission[] {
  const list = lowerValue(node);
  const given = list.kind === 'Lit' && isArray(list.value) ? list.value : undefined;
  if (!given)
    fail('TYPE_ERROR', 'can is followed by a list of permissions', {
      span: node.span,
      hint: 'can ("query")',
    });
  const found = new Set<Permission>();
  for (const item of given) {
    const known = permissions.find((p) => p === item);
    if (known === undefined) {
      fail('TYPE_ERROR', `${describeValue(item)} is no permission; there are ${permissions.join(', ')}`, {
        span: node.span,
        hint: typeof item === 'string' ? didYouMean(item, permissions) : undefined,
      });
    }
    found.add(known);
  }
  return permissions.filter((p) => found.has(p));
}
