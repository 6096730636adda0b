import {
  accessKey,
  compareStrings,
  definitionRoutes,
  isObject,
  patternRecord,
  type Json,
  type Pattern,
} from '@drops/ir';
import type { ExecutionContext } from './context.js';
import { showIndex } from './index-definitions.js';
import { readAccess } from './operators/access.js';
import { drain } from './operators/source.js';
import { createPacer } from './pacer.js';

function showPattern(pattern: Pattern): Json {
  return { name: pattern.name, ...patternRecord(pattern.fields, pattern.version) };
}

function byName<T>(entries: Iterable<readonly [string, T]>): readonly (readonly [string, T])[] {
  return [...entries].sort(([a], [b]) => compareStrings(a, b));
}

/** `patterns`. */
export function inspectPatterns(context: ExecutionContext): Json {
  const patterns = byName(context.snapshot.definitions.patterns).map(([, pattern]) => showPattern(pattern));
  return { patterns, count: patterns.length };
}

/** `status R`: how many rows a find sees, and what is defined for the route. */
export async function inspectRoute(route: string, context: ExecutionContext): Promise<Json> {
  const { snapshot } = context;
  const path = { kind: 'RouteScan', route, subtree: false, rows: 'all' } as const;
  const source = readAccess(snapshot, path, context.visible, undefined, context.budget);
  let count = 0;
  await drain(source, createPacer(context), (batch) => {
    count += batch.length;
  });
  const pattern = snapshot.definitions.patterns.get(route);
  const { entities, events } = snapshot.statistics(route);
  const indexes = snapshot.indexes(route).map((index) => showIndex(index, entities + events));
  return { route, count, indexes, ...(pattern && { pattern: pattern.name }) };
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
    views: byName(snapshot.definitions.views).map(([name]) => name),
    patterns: byName(snapshot.definitions.patterns).map(([name]) => name),
  };
}
