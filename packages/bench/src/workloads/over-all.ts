import { rmSync } from 'node:fs';
import {
  columns,
  columnsIn,
  drops,
  duckdb,
  lmdb,
  pglite,
  postgres,
  sqlite,
  sqliteJson,
  surreal,
} from '../peers/index.js';
import type { OperationName } from '../system.js';
import { firstRun, oneByOne, target, type Target, type Workload } from '../workload.js';

function warm(
  name: OperationName,
  text: { name: string; title: string; measured: string },
  peers: typeof overAll,
  targets: readonly Target[],
): Workload {
  return {
    ...text,
    unit: 'operations',
    contenders: peers.map((peer) => oneByOne(peer, name)),
    targets,
  };
}

const firstOfAll = 'Drops, asked for the first time';

/** As it is before anybody asked: without the columns that an earlier process left. */
const forgetColumns = (folder: string): void => rmSync(columnsIn(folder), { recursive: true, force: true });

function cold(
  name: OperationName,
  text: { name: string; title: string; measured: string },
  { of, atLeast }: { readonly of: string; readonly atLeast: number },
): Workload {
  const contenders = [
    // It leaves what the next one reads.
    firstRun(drops, name, firstOfAll, forgetColumns),
    ...[drops, sqlite, sqliteJson, duckdb].map((peer) => firstRun(peer, name)),
  ];
  const targets = [target(of, atLeast), target(of, atLeast, firstOfAll)];
  return { ...text, unit: 'operations', contenders, targets };
}

const overAll = [drops, columns, lmdb, sqlite, sqliteJson, duckdb, postgres, pglite];
const first =
  'the first run in a new process, after opening and one get, with and without the columns that an earlier process left';

export const scanCold = cold(
  'scan',
  { name: 'scan-cold', title: 'full scan filter, cold', measured: `three fields without an index; ${first}` },
  { of: 'SQLite JSON', atLeast: 1 },
);
export const scanWarm = warm(
  'scan',
  {
    name: 'scan',
    title: 'full scan filter, warm',
    measured: 'three fields without an index, about 2 in 1,000 users',
  },
  [...overAll, surreal],
  [target('DuckDB', 10)],
);
export const groupCold = cold(
  'group',
  { name: 'group-cold', title: 'group by city, cold', measured: `count, sum, average; ${first}` },
  { of: 'SQLite', atLeast: 1 },
);
export const groupWarm = warm(
  'group',
  { name: 'group', title: 'group by city, warm', measured: 'count, sum of score, average age of 50 cities' },
  [...overAll, surreal],
  [target('DuckDB', 2)],
);
export const joinCold = cold(
  'joinGrouped',
  { name: 'join-cold', title: 'join, grouped, cold', measured: `every order with its user; ${first}` },
  { of: 'SQLite', atLeast: 1 },
);
export const joinWarm = warm(
  'joinGrouped',
  {
    name: 'join',
    title: 'join, grouped, warm',
    measured: 'every order with its user, count and sum per city',
  },
  overAll,
  [target('DuckDB', 10)],
);
