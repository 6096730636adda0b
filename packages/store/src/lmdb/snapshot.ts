import type { Definitions, Snapshot } from '../store.js';
import { openPath } from './access-paths.js';
import { readDefinitions, type DefinitionsCache } from './definitions.js';
import type { StoredDrop } from '@drops/ir';
import { readerOf, type Environment } from './environment.js';
import { lastTxBefore, timeAt, wholeCommit } from './log-search.js';
import type { Pins } from './pins.js';
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

/** Opens snapshots. */
export function createSnapshots(parts: SnapshotParts, pins: Pins): () => Snapshot {
  const { environment, routes, definitions, clock } = parts;
  return () => {
    const pin = pins.take();
    const { reader, head } = pin;
    const now = Math.max(clock(), head.time);
    const live: View = { environment, routes, reader, tx: head.tx, now, past: false };
    const past = (): View => ({ ...live, reader: readerOf(), past: true });
    let left: View | undefined;
    const isHeld = (): boolean => left === undefined && pin.held;
    const view = (): View => (isHeld() ? live : (left ??= past()));
    const define = (): Definitions =>
      isHeld() ? definitions.at(reader, head.epoch, now) : pastDefinitions(view());
    const release = (): void => {
      if (left) return;
      left = past();
      pins.give(pin);
    };
    return snapshotOf(parts, view, define, release);
  };
}
