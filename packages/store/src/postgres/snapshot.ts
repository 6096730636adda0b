import type { AccessPath, IndexScanPath, RouteScanPath, StoredDrop } from '@drops/ir';
import type {
  BatchSource,
  CountSource,
  Definitions,
  Found,
  IndexInfo,
  ReadCounts,
  RouteSample,
  RouteStatistics,
  Snapshot,
} from '../store.js';
import type { BatchedGets } from './batched-gets.js';
import { openPath, openSelect } from './access-paths.js';
import type { Catalogue } from './catalogue.js';
import type { Connection } from './connection.js';
import type { FieldIndexes } from './field-indexes.js';
import { getEntities } from './look-ups.js';
import { chosenPairs, chosenRows, selectRows, usedIndexes } from './select-rows.js';
import { momentOfTime, momentOfTx } from './moments.js';
import { meterView, type Moment, type View } from './view.js';

export interface SnapshotParts {
  readonly connection: Connection;
  readonly catalogue: Catalogue;
  readonly definitions: Definitions;
  readonly gets: BatchedGets;
  readonly fieldIndexes: FieldIndexes;
}

/**
 * A snapshot is a number: every statement reads what is no newer and had not ended by then, so no transaction and no
 * connection is held, however slow the reader is.
 */
export function snapshotOf(parts: SnapshotParts, moment: Moment, past?: () => Promise<Moment>): Snapshot {
  const { connection, catalogue, definitions, gets, fieldIndexes } = parts;
  let found: Promise<Moment> | undefined;
  const view: View = {
    connection,
    catalogue,
    reads: undefined,
    at: () => (found ??= past ? past() : Promise.resolve(moment)),
  };
  /** The same as it was: the state is looked for when it is first read. */
  const earlier = (of: Moment, look: () => Promise<Moment>): Snapshot => {
    const snapshot = snapshotOf(parts, of, look);
    if (view.reads) snapshot.meter();
    return snapshot;
  };

  return {
    tx: moment.tx,
    now: moment.now,
    definitions,
    run: (path: AccessPath, expected?: number): BatchSource | undefined => openPath(view, path, expected),
    sql: {
      takes(route) {
        const found = catalogue.route(route);
        return found !== undefined && !found.counted && !found.opaque;
      },
      rows: (path, select, expected) => openSelect(view, path, select, expected),
      async indexesFor(path, select) {
        return fieldIndexes.namesOf(await usedIndexes(view, path, select));
      },
      chosen: (path, select) => chosenRows(view, path, select),
      pairs: (path, select) => chosenPairs(view, path, select),
      select: (path, select) => selectRows(view, path, select),
    },
    get: (route: string, key: string): Promise<Found> => gets.get(view, route, key),
    getMany: (route, keys): Promise<ReadonlyMap<string, StoredDrop>> => getEntities(view, route, keys),
    asOf(tx) {
      const at = Math.max(0, Math.floor(Math.min(tx, moment.tx)));
      return earlier({ tx: at, now: moment.now }, () => momentOfTx(connection, at));
    },
    asOfTime(time) {
      const now = Math.min(time, moment.now);
      return earlier({ tx: moment.tx, now }, () => momentOfTime(connection, moment.tx, now));
    },
    statistics(route): RouteStatistics {
      const { entities = 0, events = 0 } = catalogue.route(route) ?? {};
      return { route, entities, events };
    },
    // PostgreSQL keeps statistics of its own, for what is pushed down to it.
    sample: (): RouteSample | undefined => undefined,
    askSample: () => undefined,
    indexes: (route): readonly IndexInfo[] => (past ? [] : fieldIndexes.of(route)),
    async indexesNow(route) {
      await fieldIndexes.look();
      return fieldIndexes.of(route);
    },
    counts: (_path: RouteScanPath | IndexScanPath): CountSource => ({ next: () => undefined }),
    countEntries: () => 0,
    routes: (prefix) =>
      catalogue
        .list(prefix)
        .filter(({ firstTx }) => firstTx <= moment.tx)
        .map(({ path }) => path),
    meter: (): ReadCounts => meterView(view),
    release: () => undefined,
  };
}
