import { drops, lmdb, pglite, postgres, sqlite, surreal } from '../peers/index.js';
import { oneByOne, target, type Workload } from '../workload.js';

export const findPage: Workload = {
  name: 'find',
  title: 'find eq + sort + limit 10, indexed',
  measured: 'the ten users of a city with the highest score; index on city, score',
  unit: 'operations',
  contenders: [drops, lmdb, sqlite, postgres, pglite, surreal].map((peer) => oneByOne(peer, 'findPage')),
  targets: [target('lmdb by hand', 0.6), target('SQLite', 1)],
  ordered: true,
};
