import type { Json, RouteScanPath, StoredDrop } from '@drops/ir';
import type { StateSelect } from '../store.js';
import { columnsWith, shifted } from './access-paths.js';
import { orUnsupported } from './connection.js';
import { stateAt } from './drop-rows.js';
import { readVersions, type View } from './view.js';

/** A value of the driver as JSON has it. */
function jsonOf(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  const json: Json = JSON.parse(JSON.stringify(value));
  return json;
}

/** The state of a route as a table, access lists aside, with a SELECT over it. */
async function queryOver(view: View, path: RouteScanPath, select: StateSelect) {
  const { tx, now } = await view.at();
  const entities = path.rows === 'entities' ? 'v.key is not null and' : '';
  const only = `${entities} (v.expires = 0 or v.expires > $3) and (v.key is null or v.key <> '_access')`;
  return {
    text: `with state as (${stateAt({ routes: '= $1', tx: '$2' }, only)}) ${shifted(select, 3)}`,
    // A route that nobody has written to has no rows, but a count has one.
    values: [view.catalogue.route(path.route)?.id ?? 0, tx, now, ...select.parameters],
  };
}

/** The names of indexes in a plan that PostgreSQL explains. */
function indexNames(plan: unknown): readonly string[] {
  if (Array.isArray(plan)) return plan.flatMap(indexNames);
  if (typeof plan !== 'object' || plan === null) return [];
  const own = 'Index Name' in plan && typeof plan['Index Name'] === 'string' ? [plan['Index Name']] : [];
  return [...own, ...Object.values(plan).flatMap(indexNames)];
}

/** The names of the indexes that PostgreSQL would use for a SELECT. */
export async function usedIndexes(
  view: View,
  path: RouteScanPath,
  select: StateSelect,
): Promise<readonly string[]> {
  const { text, values } = await queryOver(view, path, select);
  const rows = await orUnsupported(() =>
    view.connection.read({ text: `explain (format json) ${text}`, values }),
  );
  return indexNames(rows);
}

/** Drops that a SELECT of all columns chooses by itself. */
export async function chosenRows(
  view: View,
  path: RouteScanPath,
  select: StateSelect,
): Promise<readonly StoredDrop[]> {
  const { text, values } = await queryOver(view, path, select);
  const query = { text: `select ${columnsWith(select)} from (${text}) chosen`, values };
  const rows = await orUnsupported(() => readVersions(view, query));
  return rows.map(({ drop }) => drop);
}

/** The rows of a SELECT over the live drops of a route, access lists aside. */
export async function selectRows(
  view: View,
  path: RouteScanPath,
  select: StateSelect,
): Promise<readonly (readonly Json[])[]> {
  const query = await queryOver(view, path, select);
  const rows = await orUnsupported(() => view.connection.read(query));
  return rows.map((row) => row.map(jsonOf));
}
