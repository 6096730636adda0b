import { drops, lmdb, pglite, postgres, sqlite, surreal } from '../peers/index.js';
import { oneByOne, target, type Workload } from '../workload.js';

export const range: Workload = {
  name: 'range',
  title: 'range, 100 rows',
  measured: 'the 100 users from a score on, in its order; index on score',
  unit: 'operations',
  contenders: [drops, lmdb, sqlite, postgres, pglite, surreal].map((peer) => oneByOne(peer, 'range')),
  targets: [target('lmdb by hand', 0.75), target('SQLite', 1.3)],
  ordered: true,
};
