import { assertNever } from '@drops/diagnostics';
import type { AccessPath, HistoryScanPath, RouteScanPath, StoredDrop } from '@drops/ir';
import type { BatchSource, StateSelect } from '../store.js';
import type { Route } from './catalogue.js';
import { orUnsupported } from './connection.js';
import {
  rowsAt,
  stateAt,
  versionColumns,
  versionsAt,
  type StatePlaces,
  type VersionRow,
} from './drop-rows.js';
import { storedText } from './stored-text.js';
import { statementName } from './statement-names.js';
import { readVersions, type View } from './view.js';

const batchRows = 1024;
/** Where each page looks at the whole route again, pages are few. */
const chosenRows = { first: 256, most: 16 * 1024 } as const;
/** The first batch is small where nobody says how many are wanted: many queries want no more. */
const firstRows = 64;
/** What a batch may hold, about: after large drops fewer are fetched. */
const batchBytes = 4 << 20;

/** Rows in an order, read page by page, each by a statement of its own: between two pages nothing is held but a place. */
interface Run {
  readonly statement: string;
  /** The columns that the rows are ordered by. */
  readonly order: readonly ('key' | 'tx')[];
  readonly descending: boolean;
  /** Values of the order after which the run starts. */
  readonly after: readonly unknown[] | undefined;
  /** Values of the statement, from $3 on. */
  readonly values: readonly unknown[];
}

const columns = versionColumns.join(', ');

/** The columns, the payload as it is wanted. */
export const columnsWith = ({ payload }: StateSelect): string =>
  payload === undefined ? columns : columns.replace('body', `${payload} as body`);

function placeOf({ order }: Run, { drop }: VersionRow): readonly unknown[] {
  return order.map((column) => (column === 'tx' ? drop.tx : storedText(drop.key ?? '')));
}

/** The SQL of a query, its placeholders behind those of ours. */
export function shifted({ sql }: StateSelect, by: number): string {
  return sql.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\d+)/g, (found, number: string | undefined) =>
    number === undefined ? found : `$${Number(number) + by}`,
  );
}

async function readPage(
  view: View,
  run: Run,
  after: Run['after'],
  limit: number,
): Promise<readonly VersionRow[]> {
  const { statement, order, descending, values } = run;
  const first = 3 + values.length;
  const place = order.map((_, i) => `$${first + i}`).join(', ');
  const further = after ? `where (${order.join(', ')}) ${descending ? '<' : '>'} (${place})` : '';
  const by = order.map((column) => `${column} ${descending ? 'desc' : 'asc'}`).join(', ');
  const { tx } = await view.at();
  const text = `select * from (${statement}) v(${columns}) ${further} order by ${by} limit $2`;
  const name = statementName(text);
  return readVersions(view, {
    text,
    ...(name !== undefined && { name }),
    values: [tx, limit, ...values, ...(after ?? [])],
  });
}

/** Runs one after the other, in batches. Versions of a history are shown although they have expired. */
function sourceOf(
  view: View,
  runs: readonly Run[],
  expected: number,
  expired: 'shown' | 'hidden',
  most = batchRows,
): BatchSource {
  let rows = Math.min(most, Math.max(1, expected));
  /** What of a page has not been given yet. */
  let ready: readonly StoredDrop[] = [];
  let at = 0;
  let after = runs[0]?.after;
  const give = (): readonly StoredDrop[] => {
    const batch = ready.slice(0, batchRows);
    ready = ready.slice(batchRows);
    return batch;
  };
  /** The next rows of the runs that is not empty, or no more. */
  const next = async (): Promise<readonly StoredDrop[] | null> => {
    if (ready.length > 0) return give();
    const run = runs[at];
    if (!run) return null;
    const page = await readPage(view, run, after, rows);
    const last = page.at(-1);
    if (last) after = placeOf(run, last);
    if (page.length < rows) {
      at += 1;
      after = runs[at]?.after;
    }
    const bytes = page.reduce((sum, { length }) => sum + length, 1);
    const fitting = page.length === 0 ? most : Math.ceil((batchBytes * page.length) / bytes);
    rows = Math.min(most, rows * (most > batchRows ? 16 : 4), fitting);
    const { now } = await view.at();
    const isShown = ({ expires }: VersionRow) => expired === 'shown' || expires === 0 || expires > now;
    ready = page.filter(isShown).map(({ drop }) => drop);
    return ready.length > 0 ? give() : next();
  };
  return {
    next,
    close() {
      at = runs.length;
      ready = [];
    },
  };
}

function routesOf(
  { catalogue }: View,
  path: { readonly route: string; readonly subtree: boolean },
): readonly Route[] {
  if (path.subtree) return catalogue.list(path.route);
  const route = catalogue.route(path.route);
  return route ? [route] : [];
}

/** Routes by their numbers, which stand in the text: indexes of fields are of one route. */
const placeOfRoutes = (routes: readonly Route[]): StatePlaces => ({
  routes: `in (${routes.map(({ id }) => id).join(', ')})`,
  tx: '$1',
});

/** Rows of some routes as a statement; `only` narrows them, `v` being the version. */
type RowsOf = (routes: readonly Route[], only: string) => string;
const allRows: RowsOf = (routes, only) => rowsAt(placeOfRoutes(routes), only);

function scanRuns(
  routes: readonly Route[],
  { rows, after }: RouteScanPath,
  rowsOf: RowsOf = allRows,
): readonly Run[] {
  const afterKey = after && 'key' in after ? [storedText(after.key)] : undefined;
  const afterTx = after && 'tx' in after ? [after.tx] : undefined;
  const base = { descending: false, values: [] } as const;
  const entities = routes.map((route): Run => ({
    ...base,
    statement: rowsOf([route], 'v.key is not null'),
    order: ['key'],
    after: afterKey,
  }));
  if (routes.length === 0) return [];
  const events: Run = {
    ...base,
    statement: rowsOf(routes, 'v.key is null'),
    order: ['tx'],
    after: afterTx,
  };
  return [...(afterTx ? [] : entities), ...(rows === 'entities' ? [] : [events])];
}

/** Drops of a route that a SELECT keeps. */
export function openSelect(
  view: View,
  path: RouteScanPath,
  select: StateSelect,
  expected: number = chosenRows.first,
): BatchSource {
  const routes = routesOf(view, path);
  const state = (of: readonly Route[], only: string): string =>
    `select ${columnsWith(select)} from (
      with state as (${stateAt(placeOfRoutes(of), only)}) ${shifted(select, 2)}) chosen`;
  const runs = scanRuns(routes, path, state).map((run) => ({ ...run, values: select.parameters }));
  const source = sourceOf(view, runs, expected, 'hidden', chosenRows.most);
  return { ...source, next: () => orUnsupported(async () => source.next()) };
}

function historyRuns(routes: readonly Route[], { key, newestFirst }: HistoryScanPath): readonly Run[] {
  const ofRoute = (route: Route, only: string, order: Run['order'], values: readonly unknown[]): Run => ({
    statement: versionsAt(placeOfRoutes([route]), only),
    order,
    descending: newestFirst,
    after: undefined,
    values,
  });
  if (key !== undefined)
    return routes.map((route) => ofRoute(route, 'v.key = $3', ['tx'], [storedText(key)]));
  if (routes.length === 0) return [];
  const entities = routes.map((route) => ofRoute(route, 'v.key is not null', ['key', 'tx'], []));
  const events: Run = {
    statement: versionsAt(placeOfRoutes(routes), 'v.key is null'),
    order: ['tx'],
    descending: false,
    after: undefined,
    values: [],
  };
  return [...entities, events];
}

function lookupRuns(routes: readonly Route[], keys: readonly string[]): readonly Run[] {
  const values = [keys.map(storedText)];
  return routes.map((route) => ({
    statement: rowsAt(placeOfRoutes([route]), 'v.key = any($3)'),
    order: ['key'],
    descending: false,
    after: undefined,
    values,
  }));
}

/** Drops along an access path, `expected` of them at first; undefined for what this store does not take. */
export function openPath(view: View, path: AccessPath, expected = firstRows): BatchSource | undefined {
  switch (path.kind) {
    case 'Get':
    case 'MultiGet': {
      const keys = path.kind === 'Get' ? [path.key] : path.keys;
      const runs = lookupRuns(routesOf(view, { route: path.route, subtree: false }), keys);
      return sourceOf(view, runs, batchRows, 'hidden');
    }
    case 'RouteScan':
      return sourceOf(view, scanRuns(routesOf(view, path), path), expected, 'hidden');
    case 'HistoryScan':
      // Newest first is the order of one entity's versions.
      if (path.newestFirst && path.key === undefined) return undefined;
      return sourceOf(view, historyRuns(routesOf(view, path), path), expected, 'shown');
    case 'IndexScan':
    case 'IndexIntersection':
    case 'IndexUnion':
      return undefined;
    default:
      return assertNever(path);
  }
}
