import { invariant } from '@drops/diagnostics';
import {
  definitionRoutes,
  isArray,
  readIndexDefinition,
  type IndexOrigin,
  type Json,
  type Path,
  type StoredDrop,
} from '@drops/ir';
import { readDefinitions } from '../definitions.js';
import { isoTime } from '../log/stored-drop.js';
import type { Definitions } from '../store.js';
import type { RouteChange } from './changes.js';
import type { Query, SqlRow } from './connection.js';
import { shownText } from './stored-text.js';

/** What is known of a route without asking. */
export interface Route {
  readonly id: number;
  readonly path: string;
  readonly firstTx: number;
  readonly entities: number;
  readonly events: number;
  /** Some entity has or had counters: its drops are not the payloads alone. */
  readonly counted: boolean;
  /** Some payload or key holds what PostgreSQL's types do not: SQL over them would tell otherwise. */
  readonly opaque: boolean;
}

/** The end of the log. */
export interface Head {
  readonly tx: number;
  readonly time: number;
  readonly epoch: number;
}

/** Numbers and names of a store, read again where they have changed. */
export interface Catalogue {
  /** The statement that tells what is new. */
  query(): Query;
  /** Takes its row in; gives the head that it is of. */
  take(row: SqlRow): Head;
  /** Takes in what was written after the last head, by whoever took that; false where it has to be asked for. */
  note(head: Head, changes: readonly RouteChange[]): boolean;
  route(path: string): Route | undefined;
  pathOf(id: number): string;
  /** The highest id that was given. */
  lastId(): number;
  /** Routes in code point order; with a prefix that route and those below. */
  list(prefix?: string): readonly Route[];
  /** The definitions of the last head, of which some may have expired. */
  definitions(now: number): Definitions;
  /** The indexes that are defined. */
  indexes(): readonly DefinedIndex[];
}

/** An index as its drop defines it. */
export interface DefinedIndex {
  readonly id: number;
  readonly route: string;
  readonly fields: readonly Path[];
  readonly created: IndexOrigin;
}

interface Definition {
  readonly drop: StoredDrop;
  readonly expires: number;
}

const numberAt = (row: readonly unknown[], at: number): number => {
  const value = Number(row[at]);
  invariant(Number.isFinite(value), 'a number was asked of the database');
  return value;
};

function routeOf(row: readonly Json[]): Route {
  const [, path, , , , counted, opaque] = row;
  return {
    id: numberAt(row, 0),
    path: shownText(String(path)),
    firstTx: numberAt(row, 2),
    entities: numberAt(row, 3),
    events: numberAt(row, 4),
    counted: counted === true,
    opaque: opaque === true,
  };
}

function definitionOf([path, key, tx, expires, body]: readonly Json[]): Definition {
  const payload: Json = JSON.parse(String(body));
  const drop: StoredDrop = {
    drop_id: '',
    route: String(path),
    key: shownText(String(key)),
    source: null,
    payload,
    created_at: isoTime(0),
    version: 1,
    tx: Number(tx),
  };
  return { drop, expires: Number(expires) };
}

const rowsOf = (value: unknown): readonly (readonly Json[])[] =>
  Array.isArray(value) ? value.filter((row: Json) => isArray(row)) : [];

/** The definitions that are live at a time. */
export function definitionsAt(epoch: number, all: readonly Definition[], now: number): Definitions {
  const live = all.filter(({ expires }) => expires === 0 || expires > now).map(({ drop }) => drop);
  return readDefinitions(epoch, (route) => live.filter((drop) => drop.route === route));
}

const definitionPaths = Object.values(definitionRoutes);

/** One row with the head, the routes that have changed since $1, and the definitions when their epoch is not $2. */
const text = `
  select h.tx, h.time, h.epoch,
    (select json_agg(json_build_array(id, path, first_tx, entities, events, counted, opaque)) from routes where changed > $1),
    case when h.epoch <> $2 then (
      select json_agg(json_build_array(r.path, c.key, c.tx, c.expires, c.body))
      from routes r join current c on c.route = r.id where r.path = any($3) and c.key is not null) end
  from head h`;

/** An empty catalogue: the first row fills it. */
export function createCatalogue(): Catalogue {
  const routes = new Map<string, Route>();
  const paths = new Map<number, string>();
  let highest = 0;
  const keep = (route: Route): void => {
    routes.set(route.path, route);
    paths.set(route.id, route.path);
    highest = Math.max(highest, route.id);
  };
  let head: Head = { tx: -1, time: 0, epoch: -1 };
  let stored: readonly Definition[] = [];
  let held: Definitions | undefined;

  return {
    query: () => ({ name: 'catalogue', text, values: [head.tx, head.epoch, definitionPaths] }),
    take(row) {
      const found: Head = { tx: numberAt(row, 0), time: numberAt(row, 1), epoch: numberAt(row, 2) };
      for (const list of rowsOf(row[3])) keep(routeOf(list));
      if (found.epoch !== head.epoch) {
        stored = rowsOf(row[4]).map(definitionOf);
        held = undefined;
      }
      head = found;
      return found;
    },
    note(next, changes) {
      if (next.epoch !== head.epoch) return false;
      for (const { id, path, firstTx, entities, events, counted, opaque } of changes) {
        const known = routes.get(path) ?? {
          id,
          path,
          firstTx,
          entities: 0,
          events: 0,
          counted: false,
          opaque: false,
        };
        keep({
          ...known,
          entities: known.entities + entities,
          events: known.events + events,
          counted: known.counted || counted,
          opaque: known.opaque || opaque,
        });
      }
      head = next;
      return true;
    },
    route: (path) => routes.get(path),
    pathOf: (id) => paths.get(id) ?? '',
    lastId: () => highest,
    list(prefix) {
      const below = [...routes.values()].filter(
        ({ path }) => prefix === undefined || path === prefix || path.startsWith(`${prefix}/`),
      );
      return below.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
    },
    indexes: () =>
      stored.flatMap(({ drop }) => {
        const definition = drop.route === definitionRoutes.indexes && readIndexDefinition(drop.payload);
        return definition ? [{ ...definition, id: drop.tx }] : [];
      }),
    definitions(now) {
      const perishable = stored.some(({ expires }) => expires !== 0);
      if (!held || perishable) held = definitionsAt(head.epoch, stored, now);
      return held;
    },
  };
}
