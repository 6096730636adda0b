import { auditRoute, callerId, zoneOf, publicIdOf, type Identity } from '@drops/access';
import type { Json, JsonObject } from '@drops/ir';
import type { Operation, Store } from '@drops/store';

/** Ms that entries wait for each other: they share a commit. */
const gather = 2000;
/** Most entries of one commit; what comes beyond them is counted. */
const mostGathered = 50;
/** Seconds that an entry is kept. */
const life = 90 * 24 * 3600;

/** The book of refusals and of what was done to rights: drops on a system route, for the administrator to read. */
export interface Audit {
  /** A statement or a change that was refused, and by which rule. */
  refused(
    identity: Identity,
    what: { readonly code: string; readonly rule: string; readonly deed: string },
  ): void;
  /** A change of access lists, or a write of an administrator of the server. */
  done(identity: Identity, operations: readonly Operation[], act: 'access' | 'administration'): void;
  /** Writes what has been gathered. */
  close(): Promise<void>;
}

/** A route without the key that may stand in it. */
export function withoutKey(route: string): string {
  const zone = zoneOf(route);
  return zone.kind === 'private' ? publicIdOf(zone.key) + route.slice(zone.key.length) : route;
}

function whoIs(identity: Identity): Json {
  return callerId(identity) ?? identity.kind;
}

/** An audit over a store. A full disk loses entries, never the answer of a request. */
export function createAudit(store: Store): Audit {
  let entries: JsonObject[] = [];
  let beyond = 0;
  let timer: NodeJS.Timeout | undefined;

  const write = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const written = beyond > 0 ? [...entries, { act: 'left out', count: beyond }] : entries;
    entries = [];
    beyond = 0;
    if (written.length === 0) return;
    const operations = written.map((payload): Operation => ({
      kind: 'put',
      route: auditRoute,
      key: null,
      payload,
      ttl: life,
    }));
    await store.commit({ operations, writer: null }).catch(() => undefined);
  };
  const note = (entry: JsonObject): void => {
    if (entries.length < mostGathered) entries.push(entry);
    else beyond += 1;
    timer ??= setTimeout(() => void write(), gather).unref();
  };
  return {
    refused: (identity, { code, rule, deed }) =>
      note({ act: 'refused', who: whoIs(identity), code, rule, deed }),
    done: (identity, operations, act) =>
      note({
        act,
        who: whoIs(identity),
        routes: [...new Set(operations.map(({ route }) => withoutKey(route)))].slice(0, 10),
      }),
    close: write,
  };
}
