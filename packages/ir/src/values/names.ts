/** True when `route` is `root` or lies below it. */
export function isWithin(route: string, root: string): boolean {
  return route === root || (route.startsWith(root) && route.charAt(root.length) === '/');
}
