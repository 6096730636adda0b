import type { Json } from '@drops/ir';
import { eventRow } from './binary-keys.js';
import { readFacts, type RowFacts } from './current-row.js';
import { neverSeen, readState, type EntityState } from './entity-state.js';
import type { Environment, Reader } from './environment.js';
import type { Routes } from './routes.js';
import { createDimensions } from './vectors/dimensions.js';

/**
 * Entities and events as units see them: what is in the tables, with the changes of the unit that is not written yet. Changes are taken back when their unit fails.
 */
export interface States {
  entity(route: string, key: string): EntityState;
  setEntity(route: string, key: string, state: EntityState): void;
  event(route: string, tx: number): RowFacts | undefined;
  setEvent(route: string, tx: number, facts: RowFacts | undefined): void;
  /** Fixes the dimension of a route at its first vector. INVALID_VECTOR, DIMENSION_MISMATCH. */
  checkVector(route: string, payload: Json): void;
  /** Something else that has to be taken back with the unit. */
  onUndo(undo: () => void): void;
  /** The unit succeeded: its changes stay. */
  keep(): void;
  undo(): void;
  /** Entities and events that are remembered. */
  size(): number;
}

/** route → name → state: two look-ups are cheaper than making one name of two. */
function nested<K, V>(maps: Map<string, Map<K, V>>, route: string): Map<K, V> {
  const known = maps.get(route);
  if (known) return known;
  const made = new Map<K, V>();
  maps.set(route, made);
  return made;
}

/** The states that a group of units starts from. */
export function createStates(environment: Environment, reader: Reader, routes: Routes): States {
  const entities = new Map<string, Map<string, EntityState>>();
  const events = new Map<string, Map<number, RowFacts | undefined>>();
  const dimensions = createDimensions(environment, reader, routes);
  let undos: (() => void)[] = [];
  const onUndo = (undo: () => void): void => void undos.push(undo);

  const read = (route: string, key: string): EntityState => {
    const id = routes.find(reader, route)?.id;
    return id === undefined ? neverSeen : readState(environment, reader, id, key);
  };

  return {
    size() {
      let size = 0;
      for (const ofRoute of entities.values()) size += ofRoute.size;
      for (const ofRoute of events.values()) size += ofRoute.size;
      return size;
    },
    entity(route, key) {
      const ofRoute = nested(entities, route);
      const known = ofRoute.get(key);
      if (known) return known;
      const state = read(route, key);
      ofRoute.set(key, state);
      return state;
    },
    setEntity(route, key, state) {
      const ofRoute = nested(entities, route);
      const before = ofRoute.get(key);
      undos.push(() => (before ? ofRoute.set(key, before) : ofRoute.delete(key)));
      ofRoute.set(key, state);
    },
    event(route, tx) {
      const ofRoute = nested(events, route);
      if (ofRoute.has(tx)) return ofRoute.get(tx);
      const id = routes.find(reader, route)?.id;
      const bytes = id === undefined ? undefined : reader.get(environment.current, eventRow(id, tx));
      return bytes && readFacts(bytes);
    },
    setEvent(route, tx, facts) {
      const ofRoute = nested(events, route);
      const known = ofRoute.has(tx);
      const before = ofRoute.get(tx);
      undos.push(() => (known ? ofRoute.set(tx, before) : ofRoute.delete(tx)));
      ofRoute.set(tx, facts);
    },
    checkVector: (route, payload) => dimensions.check(route, payload, onUndo),
    onUndo,
    keep() {
      undos = [];
    },
    undo() {
      for (const undo of undos.reverse()) undo();
      undos = [];
    },
  };
}
