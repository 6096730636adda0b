/**
 * The ways a store hands over drops: the leaves of a physical plan, as data.
 * A store declares which of them it accepts; what it does not is not planned.
 */

/** The one live entity of (route, key), or nothing. */
export interface GetPath {
  readonly kind: 'Get';
  readonly route: string;
  readonly key: string;
}
/** The live entities of these keys, in key order; duplicates once. */
export interface MultiGetPath {
  readonly kind: 'MultiGet';
  readonly route: string;
  readonly keys: readonly string[];
}
/** Live drops of a route: entities by key, then events by tx. With `subtree` by route first: all entities of all routes, then all events by tx. */
export interface RouteScanPath {
  readonly kind: 'RouteScan';
  readonly route: string;
  readonly subtree: boolean;
  readonly rows: 'all' | 'entities';
  /** Start after this entity key or event tx (exclusive): where a cursor goes on. Single routes only. */
  readonly after?: { readonly key: string } | { readonly tx: number };
}
/** Every version: by key, then tx; events have none and come last by tx. With `key`, the versions of one entity. */
export interface HistoryScanPath {
  readonly kind: 'HistoryScan';
  readonly route: string;
  readonly subtree: boolean;
  readonly key?: string;
  readonly newestFirst: boolean;
}
export type AccessPath = GetPath | MultiGetPath | RouteScanPath | HistoryScanPath;
