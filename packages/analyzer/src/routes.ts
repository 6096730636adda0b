import { checkRoute, fail } from '@drops/diagnostics';
import type { RouteName } from '@drops/syntax';

/** The path of a route that may end in `/*`; INVALID_ROUTE when it breaks the rules. */
export function lowerRoute(node: RouteName): string {
  const fault = checkRoute(node.path);
  if (fault) fail('INVALID_ROUTE', fault.message, { span: node.span });
  return node.path;
}

/** The path of a route where only a single one can stand. */
export function lowerSingleRoute(node: RouteName, what: string): string {
  if (node.subtree) {
    fail('INVALID_ROUTE', `${what} needs one route; "${node.path}/*" is a route and all below it`, {
      span: node.span,
      hint: `write '${node.path}'`,
    });
  }
  return lowerRoute(node);
}
