import {
  accessKey,
  compareStrings,
  definitionRoutes,
  isObject,
  patternRecord,
  type Json,
  type Pattern,
  type Relation,
} from '@drops/ir';
import type { ExecutionContext } from './context.js';
import { showIndex } from './index-definitions.js';
import { readAccess } from './operators/access.js';
import { collectRelation } from './run-plan.js';

function showPattern(pattern: Pattern): Json {
  return { name: pattern.name, ...patternRecord(pattern.fields, pattern.version) };
}

function byName<T>(entries: Iterable<readonly [string, T]>): readonly (readonly [string, T])[] {
  return [...entries].sort(([a], [b]) => compareStrings(a, b));
}

/** `patterns`. */
export function inspectPatterns(context: ExecutionContext): Json {
  const { visible, snapshot } = context;
  const shown = byName(snapshot.definitions.patterns).filter(([name]) => visible?.(name) !== false);
  const patterns = shown.map(([, pattern]) => showPattern(pattern));
  return { patterns, count: patterns.length };
}

/** How many rows of a route a find sees, by whichever way is the shortest. */
async function countRows(route: string, context: ExecutionContext): Promise<Json> {
  const span = { start: 0, end: 0 };
  const input: Relation = { kind: 'Scan', route, subtree: false, versions: 'current', rows: 'all', span };
  const aggregates = [{ fn: 'count', as: 'count', span }] as const;
  const [row] = await collectRelation({ kind: 'Group', input, by: null, aggregates, span }, context);
  return row?.columns?.['count'] ?? 0;
}

/** `status R`: how many rows a find sees, and what is defined for the route. */
export async function inspectRoute(route: string, context: ExecutionContext): Promise<Json> {
  const { snapshot } = context;
  const count = await countRows(route, context);
  const pattern = snapshot.definitions.patterns.get(route);
  const { entities, events } = snapshot.statistics(route);
  const known = snapshot.indexesNow ? await snapshot.indexesNow(route) : snapshot.indexes(route);
  const indexes = known.map((index) => showIndex(index, entities + events));
  const list = await snapshot.get(route, accessKey);
  return {
    route,
    count,
    indexes,
    ...(pattern && { pattern: pattern.name }),
    ...(typeof list === 'object' && { access: list.payload }),
  };
}

/** How many drops of a route are looked at for their fields. */
const sampleSize = 200;

/** Top-level payload fields seen in a route, most frequent first. */
export async function fieldsOfRoute(route: string, context: ExecutionContext): Promise<readonly string[]> {
  const path = { kind: 'RouteScan', route, subtree: false, rows: 'all' } as const;
  const source = readAccess(context.snapshot, path, context.visible, sampleSize);
  const counts = new Map<string, number>();
  const batch = await source.next();
  source.close();
  if (batch === null) return [];
  for (const { drop } of batch.slice(0, sampleSize)) {
    if (!drop || !isObject(drop.payload)) continue;
    for (const name of Object.keys(drop.payload)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].sort(([a, x], [b, y]) => y - x || compareStrings(a, b)).map(([name]) => name);
}

/** Routes that only hold definitions, which `context` lists by their own names. */
const ownRoutes: ReadonlySet<string> = new Set(Object.values(definitionRoutes));

/** `context`: what is there to ask about. */
export async function inspectContext(context: ExecutionContext): Promise<Json> {
  const { snapshot, visible } = context;
  const names = (known: ReadonlyMap<string, unknown>) =>
    byName(known).flatMap(([name]) => (visible?.(name) === false ? [] : [name]));
  const routes: Json[] = [];
  for (const route of snapshot.routes()) {
    if (ownRoutes.has(route) || visible?.(route) === false) continue;
    const { entities, events } = snapshot.statistics(route);
    const lists = typeof (await snapshot.get(route, accessKey)) === 'object' ? 1 : 0;
    const count = entities + events - lists;
    if (count > 0) routes.push({ route, count, fields: await fieldsOfRoute(route, context) });
  }
  return {
    routes,
    views: names(snapshot.definitions.views),
    patterns: names(snapshot.definitions.patterns),
  };
}
