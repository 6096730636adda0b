import type { Json } from '@drops/ir';
import { createDimensions } from './dimensions.js';
import type { EntityState, LiveState, RowFacts } from './entity-state.js';

/** What the tables hold of an entity or event, before anything of a group is written. */
export interface StateReader {
  entity(route: string, key: string): EntityState;
  event(route: string, tx: number): RowFacts | undefined;
  /** The payload of a live version, as it was written. */
  payload(route: string, key: string, live: LiveState): Json;
  /** Path → value of the counters of an entity. */
  counters(route: string, key: string): Map<string, number>;
  /** The dimension of the vectors of a route, 0 before its first one; missing where the store fixes none. */
  dimension?(route: string): number;
}

/**
 * Entities and events as units see them: what is in the tables, with the changes of the unit that is not written yet. Changes are taken back when their unit fails.
 */
export interface States extends StateReader {
  setEntity(route: string, key: string, state: EntityState): void;
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
export function createStates(reader: StateReader): States {
  const entities = new Map<string, Map<string, EntityState>>();
  const events = new Map<string, Map<number, RowFacts | undefined>>();
  const dimensions = createDimensions(reader.dimension);
  let undos: (() => void)[] = [];
  const onUndo = (undo: () => void): void => void undos.push(undo);

  return {
    payload: reader.payload,
    counters: reader.counters,
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
      const state = reader.entity(route, key);
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
      return reader.event(route, tx);
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
