import {
  accessKey,
  claimsRoute,
  readAccessList,
  trustKey,
  type AccessList,
  type AccessRecords,
} from '@drops/access';
import { getProperty, isObject, type Json } from '@drops/ir';
import type { Reads } from './reads.js';

/** Where handles lie: key = the handle, whose owner is its first writer. */
const handlesRoute = '_handles';
/** Most lists that are remembered of one state. */
const mostKnown = 10_000;

/** What the lists of one state were found to be. A revoke is another state: nothing is ever served that it ended. */
export interface AccessCache {
  tx: number;
  readonly lists: Map<string, AccessList | undefined>;
}

export function createAccessCache(): AccessCache {
  return { tx: -1, lists: new Map() };
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

function listOf(reads: Reads, route: string, key: string): AccessList | undefined {
  const record = payloadOf(reads, route, key);
  return record === undefined ? undefined : readAccessList(record);
}

/** Who wrote the oldest version of an entity. */
function firstWriter(reads: Reads, route: string, key: string): string | null | undefined {
  return reads.first({ kind: 'HistoryScan', route, subtree: false, key, newestFirst: false })?.source;
}

/** The records at one state of a store, of which the lists are kept while it stays the newest. */
export function recordsOf(reads: Reads, settings: AccessSettings, cache: AccessCache): AccessRecords {
  const { snapshot } = reads;
  const cached = (place: string, read: () => AccessList | undefined): AccessList | undefined => {
    if (cache.tx !== snapshot.tx) {
      cache.lists.clear();
      cache.tx = snapshot.tx;
    }
    const known = cache.lists.get(place);
    if (known !== undefined || cache.lists.has(place)) return known;
    const list = read();
    // A read that was waited for may come when the cache is of another state already.
    if (cache.tx === snapshot.tx && cache.lists.size < mostKnown) cache.lists.set(place, list);
    return list;
  };
  return {
    acl: (route) => cached(route, () => listOf(reads, route, accessKey)),
    trust: (name) => cached(`trust/${name}`, () => listOf(reads, `trust/${name}`, trustKey)),
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
    routes: (root) => snapshot.routes(root),
    handle(name) {
      const taken = payloadOf(reads, handlesRoute, name) !== undefined;
      return taken ? (firstWriter(reads, handlesRoute, name) ?? undefined) : undefined;
    },
    openZone: settings.openZone,
  };
}
