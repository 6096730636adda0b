import type { Json } from '../values/json.js';
import type { IndexCondition } from '../values/index-definition.js';
import type { Path } from '../values/path.js';

/**
 * The ways a store hands over drops: the leaves of a physical plan, as data.
 * A store declares which of them it accepts; what it does not is not planned.
 */

/** The one live entity of (route, key), or nothing. */
export interface GetPath {
  readonly kind: 'Get';
  readonly route: string;
  readonly key: string;
  /** The parameter that the key is a value of. */
  readonly slot?: string;
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
  /** The parameter that the key is a value of. */
  readonly slot?: string;
  readonly newestFirst: boolean;
}
/**
 * The order of an index scan. `natural`: as a scan of the route gives them. `values`: by the first `fields` fields after
 * the equal ones, null and missing last, then by created_at, key, tx; descending only by one field. `groups`: by those
 * fields in the same way, ascending, and rows with equal values as a scan of the route gives them.
 */
export type IndexOrder =
  | { readonly kind: 'natural' }
  | { readonly kind: 'groups'; readonly fields: number }
  | { readonly kind: 'values'; readonly fields: number; readonly descending: boolean };
/** The parameters that values of an index scan come from, in the places of those values. */
export interface IndexSlots {
  readonly equal: readonly (string | undefined)[];
  readonly lower?: string | undefined;
  readonly upper?: string | undefined;
  readonly prefix?: string | undefined;
}
/**
 * Live drops of a route whose indexed fields have these values, at most the drops of the route: what an index cannot
 * tell apart (long strings, lists, objects) comes too, so the predicate is to be checked again.
 */
export interface IndexScanPath {
  readonly kind: 'IndexScan';
  readonly route: string;
  /** Which index of the store. */
  readonly index: number;
  /** Its fields. */
  readonly fields: readonly Path[];
  /** Values of its first fields; null is null or missing. */
  readonly equal: readonly Json[];
  /** What the field after them must be. */
  readonly next?: IndexCondition;
  /** Missing: no value comes from a parameter. */
  readonly slots?: IndexSlots;
  readonly order: IndexOrder;
  readonly rows: 'all' | 'entities';
}
/**
 * Live drops of a route in its order: those that all of some index scans give, or those that any of them gives. The scans are
 * over the same route and the same rows; of an intersection the one with the fewest entries comes first.
 */
export interface CombinedScanPath {
  readonly kind: 'IndexIntersection' | 'IndexUnion';
  readonly route: string;
  readonly scans: readonly IndexScanPath[];
  readonly rows: 'all' | 'entities';
}
/** What reads drops through indexes. */
export type IndexPath = IndexScanPath | CombinedScanPath;
export type AccessPath = GetPath | MultiGetPath | RouteScanPath | HistoryScanPath | IndexPath;
