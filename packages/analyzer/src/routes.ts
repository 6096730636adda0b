import { fail } from '@drops/diagnostics';
import { routeProblem } from '@drops/ir';
import type { RouteName } from '@drops/syntax';

/** The path of a route that may end in `/*`; INVALID_ROUTE when it breaks the rules. */
export function lowerRoute(node: RouteName): string {
  const problem = routeProblem(node.path);
  if (problem !== undefined)
    fail('INVALID_ROUTE', `the route "${node.path}" ${problem}`, { span: node.span });
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
