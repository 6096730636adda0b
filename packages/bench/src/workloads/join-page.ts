import { drops, lmdb, pglite, postgres, sqlite } from '../peers/index.js';
import { oneByOne, target, type Workload } from '../workload.js';

export const joinPage: Workload = {
  name: 'join-page',
  title: 'join page: 100 orders + user name',
  measured: '100 orders from a place on, each with the name of its user',
  unit: 'operations',
  contenders: [drops, lmdb, sqlite, postgres, pglite].map((peer) => oneByOne(peer, 'joinPage')),
  targets: [target('lmdb by hand', 0.75)],
  ordered: true,
};
