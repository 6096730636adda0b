import { invariant } from '@drops/diagnostics';
import { fromUtf8, utf8 } from './binary-keys.js';
import type { Environment } from '../environment.js';
import type { Reader } from '../reader.js';
import { createParserChoice, type Parsers } from './parsers.js';

export interface Route {
  readonly id: number;
  readonly path: string;
  /** The first tx that wrote to it. */
  readonly firstTx: number;
}

/**
 * Paths and their ids. Ids are given in write transactions and never reused, so what was seen committed may be
 * remembered; what was not seen is asked of the database each time, for another process may have added it.
 */
export interface Routes {
  find(reader: Reader, path: string): Route | undefined;
  byId(reader: Reader, id: number): Route | undefined;
  /** The readers of rows: of whole payloads, or of at least some of their members. */
  parsers(fields?: readonly string[]): Parsers;
  /** Gives a path an id within the running write transaction. */
  intern(reader: Reader, path: string, tx: number): Route;
  /** A write transaction ended: what it interned is kept or forgotten. */
  settle(committed: boolean): void;
  /** Routes in code point order; with a prefix that route and those below. */
  list(reader: Reader, prefix?: string): readonly Route[];
}

function decode(key: string, value: Buffer): Route {
  return { id: value.readUInt32BE(0), firstTx: value.readUIntBE(4, 6), path: fromUtf8(key) };
}

function encode(id: number, tx: number): Buffer {
  const bytes = Buffer.allocUnsafe(10);
  bytes.writeUInt32BE(id, 0);
  bytes.writeUIntBE(tx, 4, 6);
  return bytes;
}

const countKey = 'routes';

/** Notes how many ids were given. */
export function setRouteCount(environment: Environment, count: number): void {
  const row = Buffer.allocUnsafe(4);
  row.writeUInt32BE(count, 0);
  environment.meta.putSync(countKey, row);
}

/** The routes of an environment. */
export function createRoutes(environment: Environment): Routes {
  const byPath = new Map<string, Route>();
  const byId = new Map<number, Route>();
  let pending: Route[] = [];

  const remember = (route: Route): Route => {
    byPath.set(route.path, route);
    byId.set(route.id, route);
    return route;
  };

  const nextId = (reader: Reader): number => {
    const bytes = reader.get(environment.meta, countKey);
    const id = (bytes ? bytes.readUInt32BE(0) : 0) + 1;
    setRouteCount(environment, id);
    return id;
  };

  const routes: Routes = {
    find(reader, path) {
      const known = byPath.get(path);
      if (known) return known;
      const key = utf8(path);
      const value = reader.get(environment.routes, key);
      return value && remember(decode(key, value));
    },
    byId(reader, id) {
      const known = byId.get(id);
      if (known) return known;
      for (const route of routes.list(reader)) remember(route);
      return byId.get(id);
    },
    parsers: createParserChoice(),
    intern(reader, path, tx) {
      const known = routes.find(reader, path);
      if (known) return known;
      const route = { id: nextId(reader), path, firstTx: tx };
      environment.routes.putSync(utf8(path), encode(route.id, tx));
      pending.push(route);
      return remember(route);
    },
    settle(committed) {
      if (!committed) {
        for (const route of pending) {
          byPath.delete(route.path);
          byId.delete(route.id);
        }
      }
      pending = [];
    },
    list(reader, prefix) {
      const found: Route[] = [];
      const add = (start: string, end: string): void => {
        for (const { key, value } of reader.range(environment.routes, { start, end }))
          found.push(decode(key, value));
      };
      if (prefix === undefined) add('\0', '\xff');
      else {
        const path = utf8(prefix);
        add(path, `${path}\0`);
        // What lies below: '0' is the character after '/'.
        add(`${path}/`, `${path}0`);
      }
      return found;
    },
  };
  return routes;
}

/** The path of a route id that is known to exist. */
export function pathOf(routes: Routes, reader: Reader, id: number): string {
  const route = routes.byId(reader, id);
  invariant(route, `route ${id} has no path`);
  return route.path;
}
