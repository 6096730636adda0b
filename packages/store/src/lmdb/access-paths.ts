import { assertNever } from '@drops/diagnostics';
import {
  compareStrings,
  type AccessPath,
  type HistoryScanPath,
  type RouteScanPath,
  type StoredDrop,
} from '@drops/ir';
import type { BatchSource } from '../store.js';
import { entityPrefix, entityPrefixEnd, entityRange, eventRange } from './rows/binary-keys.js';
import { scansOf } from './indexes/index-order.js';
import { indexRun } from './indexes/index-run.js';
import { getEntity, withParsers, type View } from './rows/read-drop.js';
import type { Route } from './rows/routes.js';
import { entityRun, eventRun, historyRun, mergedRun, type Run } from './rows/runs.js';

const batchRows = 1024;
/** The first batch is small where nobody says how many are wanted: many queries want no more. */
const firstRows = 64;
const batchBytes = 4 << 20;

/** Runs one after the other, in batches. `view` is asked anew for each batch. */
export function openRuns(view: () => View, runs: readonly Run[], expected = firstRows): BatchSource {
  let rows = Math.min(batchRows, Math.max(1, expected));
  let at = 0;
  return {
    next() {
      const drops: StoredDrop[] = [];
      const room = { rows, bytes: batchBytes };
      const now = view();
      while (room.rows > 0 && room.bytes > 0) {
        const run = runs[at];
        if (!run) break;
        if (run.fill(now, drops, room)) at += 1;
      }
      rows = Math.min(batchRows, rows * 4);
      // What was read may all have expired, or be entries that are gathered first.
      return drops.length > 0 || at < runs.length ? drops : null;
    },
    close() {
      at = runs.length;
    },
  };
}

function lookupRun(path: string, keys: readonly string[]): Run {
  let at = 0;
  return {
    fill(view, drops, room) {
      while (at < keys.length && room.rows > 0) {
        const drop = getEntity(view, path, keys[at] ?? '');
        at += 1;
        if (drop === undefined || drop === 'deleted') continue;
        drops.push(drop);
        room.rows -= 1;
      }
      return at === keys.length;
    },
  };
}

function routesOf(view: View, path: { readonly route: string; readonly subtree: boolean }): readonly Route[] {
  if (path.subtree) return view.routes.list(view.reader, path.route);
  const route = view.routes.find(view.reader, path.route);
  return route ? [route] : [];
}

function scanRuns(routes: readonly Route[], path: RouteScanPath): readonly Run[] {
  const { after } = path;
  const afterKey = after && 'key' in after ? after.key : undefined;
  const afterTx = after && 'tx' in after ? after.tx : undefined;
  const entities = afterTx === undefined ? routes.map((route) => entityRun(route, afterKey)) : [];
  if (path.rows === 'entities' || routes.length === 0) return entities;
  return [...entities, mergedRun(routes.map((route) => eventRun(route, afterTx ?? 0)))];
}

function historyRuns(routes: readonly Route[], path: HistoryScanPath): readonly Run[] {
  const { key, newestFirst } = path;
  if (key !== undefined) {
    return routes.map((route) =>
      historyRun(route, [entityPrefix(route.id, key), entityPrefixEnd(route.id, key)], newestFirst),
    );
  }
  if (routes.length === 0) return [];
  const entities = routes.map((route) => historyRun(route, entityRange(route.id), false));
  return [...entities, mergedRun(routes.map((route) => historyRun(route, eventRange(route.id), false)))];
}

/** The members of payloads that are looked at to find the drops of a path, where its indexes cannot be used. */
function judgedBy(path: AccessPath): readonly string[] {
  switch (path.kind) {
    case 'IndexScan':
    case 'IndexIntersection':
    case 'IndexUnion':
      return scansOf(path).flatMap(({ fields }) => fields.map(([name]) => String(name)));
    default:
      return [];
  }
}

/**
 * Drops along an access path, `expected` of them at first, with at least the members of `fields` in their payloads; undefined for
 * what this store does not take.
 */
export function openPath(
  view: () => View,
  path: AccessPath,
  expected?: number,
  fields?: readonly string[],
): BatchSource | undefined {
  if (!fields) return openWhole(view, path, expected);
  const parsers = view().routes.parsers([...fields, ...judgedBy(path)]);
  return openWhole(() => withParsers(view(), parsers), path, expected);
}

function openWhole(view: () => View, path: AccessPath, expected?: number): BatchSource | undefined {
  switch (path.kind) {
    case 'Get':
      return openRuns(view, [lookupRun(path.route, [path.key])]);
    case 'MultiGet':
      return openRuns(view, [lookupRun(path.route, [...new Set(path.keys)].sort(compareStrings))]);
    case 'RouteScan':
      return openRuns(view, scanRuns(routesOf(view(), path), path), expected);
    case 'IndexScan':
    case 'IndexIntersection':
    case 'IndexUnion': {
      const routes = routesOf(view(), { route: path.route, subtree: false });
      const all: RouteScanPath = { kind: 'RouteScan', route: path.route, subtree: false, rows: path.rows };
      for (const { index } of scansOf(path)) view().indexes.uses.note(index);
      return openRuns(
        view,
        routes.map((route) => indexRun(path, route, () => scanRuns(routes, all))),
        expected,
      );
    }
    case 'HistoryScan':
      // Newest first is the order of one entity's versions.
      if (path.newestFirst && path.key === undefined) return undefined;
      return openRuns(view, historyRuns(routesOf(view(), path), path), expected);
    default:
      return assertNever(path);
  }
}
