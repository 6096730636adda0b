import {
  accessKey,
  claimsRoute,
  handlesRoute,
  pricedKey,
  pricedRoute,
  readAccessList,
  trustKey,
  type AccessList,
  type AccessRecords,
} from '@drops/access';
import { getProperty, isObject, type Effect, type Json } from '@drops/ir';
import type { Reads } from './reads.js';

/** Most lists that are remembered of one state. */
const mostKnown = 10_000;

/** What the lists of one state were found to be. A revoke is another state: nothing is ever served that it ended. */
export interface AccessCache {
  tx: number;
  /** null: there is none. */
  readonly lists: Map<string, AccessList | null>;
  readonly priced: Map<string, boolean>;
  /** Of the effects of a statement: the callers who were let in with nothing left out, by `plainName`. */
  letIn: WeakMap<readonly Effect[], Set<string>>;
}

export function createAccessCache(): AccessCache {
  return { tx: -1, lists: new Map(), priced: new Map(), letIn: new WeakMap() };
}

/** Makes a cache be of one state: what it holds of another one goes. */
export function turnTo(cache: AccessCache, tx: number): void {
  if (cache.tx === tx) return;
  cache.lists.clear();
  cache.priced.clear();
  cache.letIn = new WeakMap();
  cache.tx = tx;
}

/** Settings of a server that concern rights. */
export interface AccessSettings {
  /** What holds for routes of the open zone that no list covers. */
  readonly openZone: 'open' | 'closed';
}

function payloadOf(reads: Reads, route: string, key: string): Json | undefined {
  const drop = reads.get(route, key);
  return typeof drop === 'object' ? drop.payload : undefined;
}

function listOf(reads: Reads, route: string, key: string): AccessList | null {
  const record = payloadOf(reads, route, key);
  return record === undefined ? null : readAccessList(record);
}

/** Who wrote the oldest version of an entity. */
function firstWriter(reads: Reads, route: string, key: string): string | null | undefined {
  return reads.first({ kind: 'HistoryScan', route, subtree: false, key, newestFirst: false })?.source;
}

/** The records at one state of a store, of which the lists are kept while it stays the newest. */
export function recordsOf(reads: Reads, settings: AccessSettings, cache: AccessCache): AccessRecords {
  const { snapshot } = reads;
  const remembered = <T>(known: Map<string, T>, place: string, read: () => T): T => {
    turnTo(cache, snapshot.tx);
    const found = known.get(place);
    if (found !== undefined) return found;
    const value = read();
    // A read that was waited for may come when the cache is of another state already.
    if (cache.tx === snapshot.tx && known.size < mostKnown) known.set(place, value);
    return value;
  };
  return {
    acl: (route) => remembered(cache.lists, route, () => listOf(reads, route, accessKey)) ?? undefined,
    trust: (name) =>
      remembered(cache.lists, `trust/${name}`, () => listOf(reads, `trust/${name}`, trustKey)) ?? undefined,
    ownerOf(key) {
      const claim = payloadOf(reads, claimsRoute, key);
      const owner = isObject(claim) ? getProperty(claim, 'owner') : undefined;
      return typeof owner === 'string' ? owner : undefined;
    },
    owner: (route, key) => firstWriter(reads, route, key),
    isEmpty(route) {
      const { entities, events } = snapshot.statistics(route);
      return entities + events === 0 && snapshot.routes(route)[0] !== route;
    },
    priced: (route) =>
      remembered(cache.priced, route, () => payloadOf(reads, pricedRoute, pricedKey(route)) !== undefined),
    routes: (root) => snapshot.routes(root),
    handle(name) {
      const taken = payloadOf(reads, handlesRoute, name) !== undefined;
      return taken ? (firstWriter(reads, handlesRoute, name) ?? undefined) : undefined;
    },
    openZone: settings.openZone,
  };
}
