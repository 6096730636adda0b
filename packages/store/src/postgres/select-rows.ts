import type { Json, RouteScanPath, StoredDrop } from '@drops/ir';
import type { StateSelect, StoredPair } from '../store.js';
import { columnsWith, shifted } from './access-paths.js';
import { orUnsupported, type Query } from './connection.js';
import { stateAt, stateColumns, versionColumns } from './drop-rows.js';
import { statementName } from './statement-names.js';
import { readPairs, readVersions, type View } from './view.js';

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
  const { joined } = select;
  const table = ({ route, rows }: RouteScanPath): string => {
    const entities = rows === 'entities' ? 'v.key is not null and' : '';
    const only = `${entities} (v.expires = 0 or v.expires > $2) and (v.key is null or v.key <> '_access')`;
    // A route that nobody has written to has no rows, but a count has one. Its number stands in the text: indexes are of one route.
    const id = view.catalogue.route(route)?.id ?? 0;
    return stateAt({ routes: `= ${id}`, tx: '$1' }, only);
  };
  const second = joined ? `, joined as (${table(joined)})` : '';
  return {
    text: `with state as (${table(path)})${second} ${shifted(select, 2)}`,
    values: [tx, now, ...select.parameters],
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

/** The query under its name, if it has one. */
function named(query: Query): Query {
  const name = statementName(query.text);
  return name === undefined ? query : { ...query, name };
}

/** Drops that a SELECT of all columns chooses by itself. */
export async function chosenRows(
  view: View,
  path: RouteScanPath,
  select: StateSelect,
): Promise<readonly StoredDrop[]> {
  const { text, values } = await queryOver(view, path, select);
  const rows = await orUnsupported(() =>
    readVersions(view, named({ text: `select ${columnsWith(select)} from (${text}) chosen`, values })),
  );
  return rows.map(({ drop }) => drop);
}

/** Pairs of drops that a SELECT of all columns of both chooses by itself. */
export async function chosenPairs(
  view: View,
  path: RouteScanPath,
  select: StateSelect,
): Promise<readonly StoredPair[]> {
  const { text, values } = await queryOver(view, path, select);
  const sides = ['l', 'r'].map((side) => stateColumns.map((column) => `${side}_${column}`));
  const read = ['l', 'r'].flatMap((side) => versionColumns.map((column) => `${side}_${column}`));
  const rows = await orUnsupported(() =>
    view.connection.read(
      named({ text: `select ${read.join(', ')} from (${text}) pairs(${sides.flat().join(', ')})`, values }),
    ),
  );
  return readPairs(view, rows, versionColumns.length);
}

/** The rows of a SELECT over the live drops of a route, access lists aside. */
export async function selectRows(
  view: View,
  path: RouteScanPath,
  select: StateSelect,
): Promise<readonly (readonly Json[])[]> {
  const query = await queryOver(view, path, select);
  const rows = await orUnsupported(() => view.connection.read(named(query)));
  return rows.map((row) => row.map(jsonOf));
}
