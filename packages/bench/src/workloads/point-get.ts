import { drops, lmdb, pglite, postgres, redis, sqlite, surreal } from '../peers/index.js';
import { oneByOne, target, type Workload } from '../workload.js';

export const pointGet: Workload = {
  name: 'get',
  title: 'point get',
  measured: 'one user by key, from the text of a statement; the key as parameter, or written into the text',
  unit: 'operations',
  contenders: [
    oneByOne(drops, 'pointGet'),
    oneByOne(drops, 'pointGetText', 'Drops, key in the text'),
    ...[lmdb, sqlite, redis, postgres, pglite, surreal].map((peer) => oneByOne(peer, 'pointGet')),
  ],
  targets: [
    target('lmdb by hand', 0.5),
    target('SQLite', 1.5),
    target('SQLite', 1.5, 'Drops, key in the text'),
  ],
};
