import {
  columns,
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

/**
 * Few enough runs in all that Drops does not make an index of its own (which it does after 50): these rows are about
 * reading everything.
 */
const limits = { most: 7 };

function warm(
  name: OperationName,
  text: { name: string; title: string; measured: string },
  peers: typeof overAll,
  targets: readonly Target[],
): Workload {
  return {
    ...text,
    unit: 'operations',
    contenders: peers.map((peer) => oneByOne(peer, name, limits)),
    targets,
  };
}

function cold(
  name: OperationName,
  text: { name: string; title: string; measured: string },
  targets: readonly Target[],
): Workload {
  const contenders = [drops, sqlite, sqliteJson, duckdb].map((peer) => firstRun(peer, name));
  return { ...text, unit: 'operations', contenders, targets };
}

const overAll = [drops, columns, lmdb, sqlite, sqliteJson, duckdb, postgres, pglite];
const first = 'the first run in a new process, after opening and one get';

export const scanCold = cold(
  'scan',
  { name: 'scan-cold', title: 'full scan filter, cold', measured: `three fields without an index; ${first}` },
  [target('SQLite JSON', 1)],
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
  [target('SQLite', 1)],
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
  [target('SQLite', 1)],
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
