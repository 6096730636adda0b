import type { Json, JsonObject } from '@drops/diagnostics';
import type { Column } from './table.js';

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for drops, as against flat rows of `pick` and `group`. */
export function isDrop(value: Json | undefined): value is JsonObject {
  return isObject(value) && typeof value['drop_id'] === 'string' && typeof value['route'] === 'string';
}

type Row = ReadonlyMap<string, Json>;

function spread(row: Map<string, Json>, object: JsonObject, taken: ReadonlySet<string>, prefix = ''): void {
  for (const [name, value] of Object.entries(object)) {
    const label = `${prefix}${name}`;
    row.set(taken.has(label) ? `payload.${label}` : label, value);
  }
}

const systemColumns = new Set(['route', 'key', 'created_at', 'score', 'version']);

/** A drop as a row: what tells it from others, then its payload, then what was joined. */
function rowOfDrop(drop: JsonObject, withRoute: boolean, withVersion: boolean): Row {
  const row = new Map<string, Json>();
  if (withRoute) row.set('route', drop['route'] ?? null);
  if (typeof drop['key'] === 'string') row.set('key', drop['key']);
  else row.set('created_at', drop['created_at'] ?? null);
  if (withVersion) row.set('version', drop['version'] ?? null);
  if (drop['score'] !== undefined) row.set('score', drop['score']);
  const { payload, _joined: joined } = drop;
  if (isObject(payload)) spread(row, payload, systemColumns);
  else if (payload !== undefined) row.set('payload', payload);
  if (isObject(joined)) spread(row, joined, new Set(), 'joined.');
  return row;
}

function rowOf(value: Json, withRoute: boolean, withVersion: boolean): Row {
  if (isDrop(value)) return rowOfDrop(value, withRoute, withVersion);
  if (isObject(value)) return new Map(Object.entries(value));
  return new Map([['value', value]]);
}

/** Rows or drops as columns, in the order in which their names first appear; `key` stands first. */
export function columnsOf(values: readonly Json[]): readonly Column[] {
  const drops = values.filter(isDrop);
  const routes = new Set(drops.map((drop) => drop['route']));
  const keys = new Set(drops.map((drop) => JSON.stringify([drop['route'], drop['key']])));
  const isHistory =
    drops.length > 1 && keys.size < drops.length && drops.every(({ key }) => typeof key === 'string');
  const rows = values.map((value) => rowOf(value, routes.size > 1, isHistory));
  const names = new Set(rows.flatMap((row) => [...row.keys()]));
  const first = ['route', 'key', 'created_at', 'version', 'score'].filter(
    (name) => drops.length > 0 && names.has(name),
  );
  return [...new Set([...first, ...names])].map((label) => ({
    label,
    values: rows.map((row) => row.get(label)),
  }));
}
