import type { Json } from '@drops/ir';
import type { AnyOperation } from '../writing/operations.js';
import { neverSeen, type EntityState, type RowFacts } from '../writing/entity-state.js';
import type { StateReader } from '../writing/states.js';
import type { Session } from './connection.js';
import { storedText } from './stored-text.js';

/** An evaluation asked for a state that was not fetched: it is fetched, and the evaluation begins anew. */
export class NotFetched extends Error {}

/** States of entities and events, fetched by the group instead of one by one. */
export interface FetchedStates extends StateReader {
  /** Notes what operations will ask for. */
  expect(operations: readonly AnyOperation[]): void;
  /** True when something is noted that was not fetched yet. */
  isWanting(): boolean;
  /** Fetches it, within the transaction that holds the head. */
  fetch(session: Session, routeId: (path: string) => number | undefined): Promise<void>;
  size(): number;
}

interface Place {
  readonly route: string;
  readonly key: string;
}

/** Payloads up to this length come with the state of their entity; a merge fetches what is longer. */
const smallBody = 4096;

const entitiesText = `
  select i.n, c.tx, c.version, c.expires, c.price, c.marked,
    case when length(c.body) <= ${smallBody} or i.whole then c.body end,
    case when c.marked then (
      select json_object_agg(n.path, n.value) from counters n where n.route = i.route and n.key = i.key) end,
    case when c.tx is null then (
      select h.version from history h where h.route = i.route and h.key = i.key order by h.tx desc limit 1) end
  from unnest($1::int[], $2::text[], $3::boolean[]) with ordinality i(route, key, whole, n)
  left join current c on c.route = i.route and c.key = i.key and c.key is not null`;

const eventsText = `
  select i.n, c.tx, c.version, c.expires, c.price
  from unnest($1::int[], $2::bigint[]) with ordinality i(route, tx, n)
  left join current c on c.route = i.route and c.tx = i.tx and c.key is null`;

/** All vectors of a route have one dimension: any tells it. */
const dimensionsText = `
  select i.n, (select jsonb_array_length(c.doc -> 'vector') from current c
    where c.route = i.route and jsonb_typeof(c.doc -> 'vector') = 'array' limit 1)
  from unnest($1::int[]) with ordinality i(route, n)`;

interface Entity {
  readonly state: EntityState;
  readonly payload: Json | undefined;
  readonly counters: ReadonlyMap<string, number>;
}

const nameOf = (route: string, key: string | number): string => `${route}\n${key}`;

function countersOf(value: unknown): ReadonlyMap<string, number> {
  if (typeof value !== 'object' || value === null) return new Map();
  return new Map(
    Object.entries(value).flatMap(([path, count]): [string, number][] =>
      typeof count === 'number' ? [[path, count]] : [],
    ),
  );
}

function entityOf(row: readonly unknown[]): Entity {
  const [, tx, version, expires, price, marked, body, counters, last] = row;
  if (tx === null) {
    const state = last === null ? neverSeen : { version: Number(last), live: undefined, gone: true };
    return { state, payload: undefined, counters: new Map() };
  }
  const payload: Json | undefined = typeof body === 'string' ? JSON.parse(body) : undefined;
  const live = {
    tx: Number(tx),
    expiresAt: Number(expires),
    price: typeof price === 'number' ? price : undefined,
    marked: marked === true,
    payload,
    counters: undefined,
  };
  return { state: { version: Number(version), live, gone: false }, payload, counters: countersOf(counters) };
}

/** No states at first. */
export function createFetchedStates(): FetchedStates {
  const entities = new Map<string, Entity>();
  const events = new Map<string, RowFacts | undefined>();
  const dimensions = new Map<string, number>();
  const wantedEntities = new Map<string, Place>();
  const wantedEvents = new Map<string, { readonly route: string; readonly tx: number }>();
  const wantedDimensions = new Set<string>();
  /** Entities whose payload is needed however long it is. */
  const whole = new Set<string>();

  const wantEntity = (route: string, key: string): void => {
    const name = nameOf(route, key);
    if (!entities.has(name)) wantedEntities.set(name, { route, key });
  };
  const wantEvent = (route: string, tx: number): void => {
    const name = nameOf(route, tx);
    if (!events.has(name)) wantedEvents.set(name, { route, tx });
  };
  const known = (route: string, key: string): Entity => {
    const found = entities.get(nameOf(route, key));
    if (found) return found;
    wantEntity(route, key);
    throw new NotFetched();
  };

  return {
    entity(route, key) {
      const { state } = known(route, key);
      // Units change what they are given, and may have to begin anew.
      return { ...state, live: state.live && { ...state.live } };
    },
    event(route, tx) {
      const name = nameOf(route, tx);
      if (events.has(name)) return events.get(name);
      wantEvent(route, tx);
      throw new NotFetched();
    },
    payload(route, key) {
      const { payload } = known(route, key);
      if (payload !== undefined) return payload;
      const name = nameOf(route, key);
      entities.delete(name);
      whole.add(name);
      wantEntity(route, key);
      throw new NotFetched();
    },
    counters: (route, key) => new Map(known(route, key).counters),
    dimension(route) {
      const found = dimensions.get(route);
      if (found !== undefined) return found;
      wantedDimensions.add(route);
      throw new NotFetched();
    },
    expect(operations) {
      for (const operation of operations) {
        const { route } = operation;
        if (operation.kind === 'hide') wantEvent(route, operation.tx);
        else if (operation.key !== null) {
          if (operation.kind === 'merge') whole.add(nameOf(route, operation.key));
          wantEntity(route, operation.key);
        } else if (operation.kind === 'expire') wantEvent(route, operation.tx);
      }
    },
    isWanting: () => wantedEntities.size + wantedEvents.size + wantedDimensions.size > 0,
    async fetch(session, routeId) {
      const places = [...wantedEntities].flatMap(([name, place]) => {
        const id = routeId(place.route);
        if (id === undefined)
          entities.set(name, { state: neverSeen, payload: undefined, counters: new Map() });
        return id === undefined ? [] : [{ name, id, key: storedText(place.key) }];
      });
      const eventPlaces = [...wantedEvents].flatMap(([name, { route, tx }]) => {
        const id = routeId(route);
        if (id === undefined) events.set(name, undefined);
        return id === undefined ? [] : [{ name, id, tx }];
      });
      const vectorPlaces = [...wantedDimensions].flatMap((route) => {
        const id = routeId(route);
        if (id === undefined) dimensions.set(route, 0);
        return id === undefined ? [] : [{ route, id }];
      });
      wantedEntities.clear();
      wantedDimensions.clear();
      wantedEvents.clear();
      if (places.length > 0) {
        const rows = await session.query({
          name: 'entity states',
          text: entitiesText,
          values: [
            places.map(({ id }) => id),
            places.map(({ key }) => key),
            places.map(({ name }) => whole.has(name)),
          ],
        });
        for (const row of rows) entities.set(places[Number(row[0]) - 1]?.name ?? '', entityOf(row));
      }
      if (eventPlaces.length > 0) {
        const values = [eventPlaces.map(({ id }) => id), eventPlaces.map(({ tx }) => tx)];
        for (const row of await session.query({ name: 'event states', text: eventsText, values })) {
          const [n, tx, version, expires, price] = row;
          events.set(
            eventPlaces[Number(n) - 1]?.name ?? '',
            tx === null
              ? undefined
              : {
                  tx: Number(tx),
                  version: Number(version),
                  expiresAt: Number(expires),
                  price: typeof price === 'number' ? price : undefined,
                  counters: false,
                },
          );
        }
      }
      if (vectorPlaces.length > 0) {
        const values = [vectorPlaces.map(({ id }) => id)];
        for (const [n, length] of await session.query({ name: 'dimensions', text: dimensionsText, values })) {
          dimensions.set(vectorPlaces[Number(n) - 1]?.route ?? '', length === null ? 0 : Number(length));
        }
      }
    },
    size: () => entities.size + events.size + dimensions.size,
  };
}
