import type { Definitions, Snapshot } from '../store.js';
import { openPath } from './access-paths.js';
import { readDefinitions, type DefinitionsCache } from './definitions.js';
import type { StoredDrop } from '@drops/ir';
import { readerOf, type Environment, type Reader } from './environment.js';
import { readHead, type Head } from './head.js';
import { lastTxBefore, timeAt, wholeCommit } from './log-search.js';
import { getEntity, type View } from './read-drop.js';
import type { Routes } from './routes.js';
import { entityRun } from './runs.js';
import { readStatistics } from './statistics.js';

export interface SnapshotParts {
  readonly environment: Environment;
  readonly routes: Routes;
  readonly definitions: DefinitionsCache;
  readonly clock: () => number;
}

/** A read transaction that is held for a snapshot until it is let go. */
interface Pin {
  readonly reader: Reader;
  readonly since: number;
  readonly release: () => void;
}

/** The live entities of a route in a view, all of them. */
export function* entitiesOf(view: View, path: string): Iterable<StoredDrop> {
  const route = view.routes.find(view.reader, path);
  if (!route) return;
  const run = entityRun(route, undefined);
  for (let ended = false; !ended;) {
    const drops: StoredDrop[] = [];
    ended = run.fill(view, drops, { rows: 1024, bytes: 4 << 20 });
    yield* drops;
  }
}

function pastDefinitions(view: View): Definitions {
  let epoch = 0;
  const entities = function* (route: string): Iterable<StoredDrop> {
    for (const drop of entitiesOf(view, route)) {
      epoch = Math.max(epoch, drop.tx);
      yield drop;
    }
  };
  const { patterns, views } = readDefinitions(0, entities);
  return { epoch, patterns, views };
}

/** A snapshot of a state whose view is asked anew for each read. */
function snapshotOf(
  parts: SnapshotParts,
  view: () => View,
  definitions: () => Definitions,
  release: () => void,
): Snapshot {
  const { environment, routes } = parts;
  const { tx, now } = view();
  let held: Definitions | undefined;
  return {
    tx,
    now,
    get definitions() {
      return (held ??= definitions());
    },
    run: (path) => openPath(view, path),
    get: (route, key) => getEntity(view(), route, key),
    asOf: (at, time) =>
      pastSnapshot(parts, Math.min(at, tx), time === undefined ? undefined : Math.min(time, now)),
    txAt: (time) => lastTxBefore(environment, view().reader, tx, time),
    statistics(route) {
      const { reader } = view();
      const found = routes.find(reader, route);
      return {
        route,
        ...(found ? readStatistics(environment, reader, found.id) : { entities: 0, events: 0 }),
      };
    },
    routes(prefix) {
      const list = routes.list(view().reader, prefix);
      return list.filter((route) => route.firstTx <= tx).map((route) => route.path);
    },
    release,
  };
}

/** The past needs no transaction held: what was written up to a tx never changes. */
function pastSnapshot(parts: SnapshotParts, at: number, time: number | undefined): Snapshot {
  const { environment, routes } = parts;
  const reader = readerOf();
  const tx = wholeCommit(environment, reader, Math.max(0, Math.floor(at)));
  const now = time ?? timeAt(environment, reader, tx);
  const view: View = { environment, routes, reader, tx, now, past: true };
  return snapshotOf(
    parts,
    () => view,
    () => pastDefinitions(view),
    () => undefined,
  );
}

/** How long a snapshot may hold its read transaction: pages that it sees cannot be used again. */
const pinLimit = 5000;

export interface Snapshots {
  open(): Snapshot;
  /** Lets go of every read transaction; snapshots go on out of the history. */
  releaseAll(): void;
}

/** Opens snapshots and takes back the read transactions of those that live long. */
export function createSnapshots(parts: SnapshotParts): Snapshots {
  const { environment, routes, definitions, clock } = parts;
  const pins = new Set<Pin>();
  let timer: NodeJS.Timeout | undefined;

  const releaseOld = (): void => {
    const limit = Date.now() - pinLimit;
    for (const pin of pins) if (pin.since <= limit) pin.release();
    if (pins.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };

  const pinNow = (): Pin => {
    const transaction = environment.root.useReadTransaction();
    const pin: Pin = {
      reader: readerOf(transaction),
      since: Date.now(),
      release() {
        if (pins.delete(pin)) transaction.done();
      },
    };
    pins.add(pin);
    timer ??= setInterval(releaseOld, 1000).unref();
    return pin;
  };

  return {
    open() {
      const pin = pinNow();
      const head: Head = readHead(environment, pin.reader);
      const now = Math.max(clock(), head.time);
      const live: View = { environment, routes, reader: pin.reader, tx: head.tx, now, past: false };
      const past: View = { ...live, reader: readerOf(), past: true };
      const view = (): View => (pins.has(pin) ? live : past);
      const define = (): Definitions =>
        pins.has(pin) ? definitions.at(pin.reader, head.epoch, now) : pastDefinitions(past);
      return snapshotOf(parts, view, define, pin.release);
    },
    releaseAll() {
      for (const pin of pins) pin.release();
      clearInterval(timer);
      timer = undefined;
    },
  };
}
