import { assertNever } from '@drops/diagnostics';
import { kindCodes } from '../log/log-record.js';
import type { WrittenRecord } from './records.js';

/** A version in the tables. */
export interface VersionChange {
  readonly record: WrittenRecord;
  /** The tx that replaced or removed it in the same group. */
  ended: number | null;
}
/** A row of `current` as the group leaves it. */
export interface LiveChange {
  readonly record: WrittenRecord;
  marked: boolean;
}
export interface CounterChange {
  readonly routeId: number;
  readonly key: string;
  readonly path: string;
  readonly tx: number;
  /** null: cleared. */
  readonly value: number | null;
}
export interface RouteChange {
  readonly id: number;
  readonly path: string;
  readonly firstTx: number;
  entities: number;
  events: number;
  counted: boolean;
  opaque: boolean;
}

/** What a group changes in the derived tables, a row each: SQL changes no row twice in one statement. */
export interface Changes {
  readonly versions: readonly VersionChange[];
  /** Versions from before the group, and the tx that ended them. */
  readonly ended: readonly (RowPlace & { readonly by: number })[];
  readonly live: readonly LiveChange[];
  /** Rows of `current` from before the group that nothing stands in the place of. */
  readonly gone: readonly RowPlace[];
  /** Rows from before the group that got their first counter. */
  readonly marked: readonly RowPlace[];
  /** The last change of each counter, and all of them. */
  readonly counters: readonly CounterChange[];
  readonly counterHistory: readonly CounterChange[];
  readonly routes: readonly RouteChange[];
}
export interface RowPlace {
  readonly routeId: number;
  readonly tx: number;
}

/** Counters of an entity as they were before the group: their paths. */
export type CounterPaths = (route: string, key: string) => Iterable<string>;

const entityName = (routeId: number, key: string): string => `${routeId}\n${key}`;
const counterName = ({ routeId, key, path }: CounterChange): string => `${routeId}\n${key}\n${path}`;

/** What some records, one after the other, come to. */
export function changesOf(
  records: readonly WrittenRecord[],
  paths: CounterPaths,
  isOpaque: (record: WrittenRecord) => boolean,
): Changes {
  const versions = new Map<number, VersionChange>();
  const ended = new Map<number, { readonly routeId: number; readonly by: number }>();
  const live = new Map<string, LiveChange>();
  /** By the name of the entity: one that came back in the same group is replaced instead. */
  const gone = new Map<string, { readonly routeId: number; readonly tx: number }>();
  const marked = new Map<string, { readonly routeId: number; readonly tx: number }>();
  const counters = new Map<string, CounterChange>();
  const counterHistory: CounterChange[] = [];
  const routes = new Map<number, RouteChange>();

  const routeOf = ({ routeId, draft }: WrittenRecord): RouteChange => {
    const known = routes.get(routeId);
    if (known) return known;
    const change = {
      id: routeId,
      path: draft.route,
      firstTx: draft.tx,
      entities: 0,
      events: 0,
      counted: false,
      opaque: false,
    };
    routes.set(routeId, change);
    return change;
  };
  const end = (routeId: number, tx: number, by: number): void => {
    const version = versions.get(tx);
    if (version) version.ended = by;
    else ended.set(tx, { routeId, by });
  };
  const count = (change: CounterChange): void => {
    counters.set(counterName(change), change);
    counterHistory.push(change);
  };

  const putEntity = (record: WrittenRecord, key: string): void => {
    const { draft, routeId } = record;
    const { replaced, tx } = draft;
    if (replaced) end(routeId, replaced.tx, tx);
    else routeOf(record).entities += 1;
    live.set(entityName(routeId, key), { record, marked: replaced?.marked === true });
    versions.set(tx, { record, ended: null });
  };
  const putEvent = (record: WrittenRecord): void => {
    live.set(entityName(record.routeId, ` ${record.draft.tx}`), { record, marked: false });
    versions.set(record.draft.tx, { record, ended: null });
    routeOf(record).events += 1;
  };
  const endEntity = (record: WrittenRecord, key: string): void => {
    const { draft, routeId } = record;
    const { replaced, tx, kind } = draft;
    if (replaced) {
      end(routeId, replaced.tx, tx);
      // A row of this group was never there.
      const before = versions.has(replaced.tx) ? replacedBefore(record) : replaced.tx;
      if (before !== undefined) gone.set(entityName(routeId, key), { routeId, tx: before });
      if (replaced.marked) clearCounters(record, key);
    }
    live.delete(entityName(routeId, key));
    if (kind === 'delete') versions.set(tx, { record, ended: null });
    routeOf(record).entities -= 1;
  };
  /** The row of `current` from before the group that versions of the group stood for. */
  const replacedBefore = ({ draft }: WrittenRecord): number | undefined => {
    let tx = draft.replaced?.tx;
    while (tx !== undefined && versions.has(tx)) tx = versions.get(tx)?.record.draft.replaced?.tx;
    return tx;
  };
  const clearCounters = ({ draft, routeId }: WrittenRecord, key: string): void => {
    const known = new Set(paths(draft.route, key));
    for (const change of counters.values())
      if (change.routeId === routeId && change.key === key) {
        if (change.value === null) known.delete(change.path);
        else known.add(change.path);
      }
    for (const path of known) count({ routeId, key, path, tx: draft.tx, value: null });
  };
  const endEvent = ({ routeId, draft }: WrittenRecord): void => {
    end(routeId, draft.target, draft.tx);
    const name = entityName(routeId, ` ${draft.target}`);
    if (!live.delete(name)) gone.set(name, { routeId, tx: draft.target });
  };
  const setCounter = (record: WrittenRecord, key: string): void => {
    const { draft, routeId } = record;
    const { counter, replaced, tx } = draft;
    if (!counter) return;
    routeOf(record).counted = true;
    count({ routeId, key, path: counter.path, tx, value: counter.value });
    if (!replaced || replaced.marked || counter.value === null) return;
    const row = live.get(entityName(routeId, key));
    if (row) row.marked = true;
    else marked.set(entityName(routeId, key), { routeId, tx: replaced.tx });
  };

  for (const record of records) {
    const { key, kind } = record.draft;
    const change = routeOf(record);
    if (isOpaque(record)) change.opaque = true;
    switch (kind) {
      case 'put':
        if (key === null) putEvent(record);
        else putEntity(record, key);
        break;
      case 'delete':
        if (key !== null) endEntity(record, key);
        break;
      case 'expire':
        if (key !== null) endEntity(record, key);
        else {
          endEvent(record);
          change.events -= 1;
        }
        break;
      case 'hide':
        endEvent(record);
        versions.set(record.draft.tx, { record, ended: null });
        change.events -= 1;
        break;
      case 'counter':
        if (key !== null) setCounter(record, key);
        break;
      default:
        assertNever(kind);
    }
  }
  for (const name of live.keys()) {
    gone.delete(name);
    marked.delete(name);
  }
  for (const name of gone.keys()) marked.delete(name);
  return {
    versions: [...versions.values()],
    ended: [...ended].map(([tx, { routeId, by }]) => ({ routeId, tx, by })),
    live: [...live.values()],
    gone: [...gone.values()],
    marked: [...marked.values()],
    counters: [...counters.values()],
    counterHistory,
    routes: [...routes.values()],
  };
}

/** The code of a version's kind. */
export const kindCodeOf = ({ record }: VersionChange): number => kindCodes[record.draft.kind];
