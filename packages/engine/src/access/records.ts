import {
  accessKey,
  claimsRoute,
  readAccessList,
  trustKey,
  type AccessList,
  type AccessRecords,
} from '@drops/access';
import { getProperty, isObject, type Json } from '@drops/ir';
import type { Snapshot } from '@drops/store';

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

function payloadOf(snapshot: Snapshot, route: string, key: string): Json | undefined {
  const drop = snapshot.get(route, key);
  return typeof drop === 'object' ? drop.payload : undefined;
}

function listOf(snapshot: Snapshot, route: string, key: string): AccessList | undefined {
  const record = payloadOf(snapshot, route, key);
  return record === undefined ? undefined : readAccessList(record);
}

/** The drop that began an entity: of all its versions the oldest. */
function firstWriter(snapshot: Snapshot, route: string, key: string): string | null | undefined {
  const path = { kind: 'HistoryScan', route, subtree: false, key, newestFirst: false } as const;
  const versions = snapshot.run(path, 1);
  const batch = versions?.next();
  versions?.close();
  return Array.isArray(batch) ? batch[0]?.source : undefined;
}

/** The records at one state of a store, which the lists are kept of while it stays the newest. */
export function recordsOf(snapshot: Snapshot, settings: AccessSettings, cache: AccessCache): AccessRecords {
  const cached = (place: string, read: () => AccessList | undefined): AccessList | undefined => {
    if (cache.tx !== snapshot.tx) {
      cache.lists.clear();
      cache.tx = snapshot.tx;
    }
    if (cache.lists.has(place)) return cache.lists.get(place);
    const list = read();
    if (cache.lists.size < mostKnown) cache.lists.set(place, list);
    return list;
  };
  return {
    acl: (route) => cached(route, () => listOf(snapshot, route, accessKey)),
    trust: (name) => cached(`trust/${name}`, () => listOf(snapshot, `trust/${name}`, trustKey)),
    ownerOf(key) {
      const claim = payloadOf(snapshot, claimsRoute, key);
      const owner = isObject(claim) ? getProperty(claim, 'owner') : undefined;
      return typeof owner === 'string' ? owner : undefined;
    },
    owner: (route, key) => firstWriter(snapshot, route, key),
    isEmpty(route) {
      const { entities, events } = snapshot.statistics(route);
      return entities + events === 0 && snapshot.routes(route)[0] !== route;
    },
    routes: (root) => snapshot.routes(root),
    handle(name) {
      const taken = payloadOf(snapshot, handlesRoute, name) !== undefined;
      return taken ? (firstWriter(snapshot, handlesRoute, name) ?? undefined) : undefined;
    },
    openZone: settings.openZone,
  };
}
