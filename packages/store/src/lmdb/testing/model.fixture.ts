import {
  compareStrings,
  getProperty,
  isObject,
  mergeObjects,
  valueAt,
  type Json,
  type JsonObject,
  type MutableObject,
} from '@drops/ir';
import type { Operation } from '../../store.js';

/** A store in a few plain maps, as slow and as obvious as possible: what the real one is compared with. */
interface Version {
  readonly tx: number;
  readonly version: number;
  /** null: a tombstone. */
  readonly payload: Json;
  readonly expiresAt: number;
}
interface Entity {
  readonly versions: readonly Version[];
  readonly counters: JsonObject;
}
interface ModelEvent {
  readonly tx: number;
  readonly payload: Json;
  readonly expiresAt: number;
  readonly hidden: boolean;
}
interface State {
  readonly entities: ReadonlyMap<string, Entity>;
  readonly events: ReadonlyMap<number, ModelEvent>;
}

export type Row = readonly [string | number, Json, number];

export class Refused extends Error {}
const refuse = (): never => {
  throw new Refused();
};

const never = Number.POSITIVE_INFINITY;

function newest(entity: Entity | undefined, now: number): Version | undefined {
  const version = entity?.versions.at(-1);
  return version && version.payload !== null && version.expiresAt > now ? version : undefined;
}

/** Counters of the model are one level deep. */
function shown(payload: Json, counters: JsonObject): Json {
  return isObject(payload) ? mergeObjects(payload, counters, false) : payload;
}

function without(counters: JsonObject, named: Json): JsonObject {
  if (!isObject(named)) return {};
  return Object.fromEntries(Object.entries(counters).filter(([name]) => !Object.hasOwn(named, name)));
}

export interface Model {
  /** Applies a unit or throws Refused and leaves everything as it was. */
  apply(operations: readonly Operation[], now: number): void;
  /** Live rows: entities by key, then events. */
  rows(now: number): readonly Row[];
  /** The rows as they were after a tx that ends a unit, at its time. */
  rowsAt(tx: number): readonly Row[];
  versions(): readonly Row[];
  ends(): readonly number[];
}

/** One route of a model; `tx` is told what number the store gave. */
export function createModel(): Model {
  let state: State = { entities: new Map(), events: new Map() };
  let time = 0;
  let head = 0;
  const past = new Map<number, { readonly state: State; readonly time: number }>();

  const rowsOf = ({ entities, events }: State, now: number): readonly Row[] => {
    const keyed = [...entities].flatMap(([key, entity]): Row[] => {
      const live = newest(entity, now);
      return live ? [[key, shown(live.payload, entity.counters), live.version]] : [];
    });
    const keyless = [...events.values()].filter((event) => !event.hidden && event.expiresAt > now);
    return [
      ...keyed.sort(([a], [b]) => compareStrings(String(a), String(b))),
      ...keyless.map((event): Row => [event.tx, event.payload, 1]),
    ];
  };

  const unit = (now: number) => {
    const entities = new Map(state.entities);
    const events = new Map(state.events);
    let tx = head;
    const expire = (key: string): Entity => {
      const entity = entities.get(key) ?? { versions: [], counters: {} };
      const last = entity.versions.at(-1);
      const ended = last !== undefined && last.payload !== null && last.expiresAt <= now;
      // The store logs the expiry that a write meets first, unless it did so before.
      if (ended && !swept.has(last.tx)) {
        swept.add(last.tx);
        tx += 1;
      }
      return ended ? { ...entity, counters: {} } : entity;
    };
    const write = (key: string, entity: Entity, payload: Json, expiresAt: number): void => {
      tx += 1;
      const version = { tx, version: (entity.versions.at(-1)?.version ?? 0) + 1, payload, expiresAt };
      entities.set(key, { ...entity, versions: [...entity.versions, version] });
    };
    const clear = (entity: Entity, named: Json): Entity => {
      const counters = without(entity.counters, named);
      tx += Object.keys(entity.counters).length - Object.keys(counters).length;
      return { ...entity, counters };
    };
    const one = (operation: Operation): void => {
      switch (operation.kind) {
        case 'put': {
          const { key, payload, ttl } = operation;
          const expiresAt = ttl === undefined ? never : now + ttl * 1000;
          if (key === null) {
            tx += 1;
            events.set(tx, { tx, payload, expiresAt, hidden: false });
            return;
          }
          return write(key, clear(expire(key), payload), payload, expiresAt);
        }
        case 'merge': {
          const live = newest(entities.get(operation.key), now) ?? refuse();
          if (!isObject(live.payload)) return refuse();
          const entity = clear(expire(operation.key), operation.changes);
          return write(
            operation.key,
            entity,
            mergeObjects(live.payload, operation.changes, true),
            live.expiresAt,
          );
        }
        case 'delete': {
          if (!newest(entities.get(operation.key), now)) refuse();
          return write(operation.key, { ...expire(operation.key), counters: {} }, null, never);
        }
        case 'hide': {
          const event = events.get(operation.tx);
          if (!event || event.hidden || event.expiresAt <= now) return;
          tx += 1;
          events.set(event.tx, { ...event, hidden: true });
          return;
        }
        case 'increment': {
          const { key, path, delta } = operation;
          if (!newest(entities.get(key), now)) write(key, { ...expire(key), counters: {} }, {}, never);
          const entity = entities.get(key) ?? refuse();
          const payload = entity.versions.at(-1)?.payload ?? null;
          const name = String(path[0]);
          if (!isObject(payload)) return refuse();
          const start = getProperty(entity.counters, name) ?? valueAt(payload, path) ?? 0;
          if (typeof start !== 'number') return refuse();
          tx += 1;
          const change: MutableObject = { [name]: start + delta };
          entities.set(key, { ...entity, counters: mergeObjects(entity.counters, change, false) });
        }
      }
    };
    return {
      one,
      end: (): { readonly state: State; readonly tx: number } => ({ state: { entities, events }, tx }),
    };
  };

  const swept = new Set<number>();
  return {
    apply(operations, now) {
      time = Math.max(time, now);
      const remembered = [...swept];
      try {
        const { one, end } = unit(time);
        operations.forEach(one);
        const after = end();
        // A unit that wrote nothing leaves the time of the last tx as it was.
        if (after.tx === head) return;
        ({ state, tx: head } = after);
      } catch (thrown) {
        swept.clear();
        for (const tx of remembered) swept.add(tx);
        throw thrown;
      }
      past.set(head, { state, time });
    },
    rows: (now) => rowsOf(state, Math.max(now, time)),
    rowsAt(tx) {
      const at = past.get(tx);
      return at ? rowsOf(at.state, at.time) : [];
    },
    versions: () =>
      [...state.entities]
        .sort(([a], [b]) => compareStrings(a, b))
        .flatMap(([key, { versions }]) =>
          versions.map(({ payload, version }): Row => [key, payload, version]),
        ),
    ends: () => [...past.keys()],
  };
}
