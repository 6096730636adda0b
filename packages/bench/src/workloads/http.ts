import { userKey } from '../data.js';
import { dropsServer, honoEcho, honoWith } from '../http/contenders.js';
import { requests } from '../peers/drops.js';
import { lmdb, sqlite } from '../peers/index.js';
import { argumentsOf } from '../system.js';
import { target, type Workload } from '../workload.js';

export const httpGet: Workload = {
  name: 'http-get',
  title: 'POST /exec get, c = 64',
  measured: '64 connections of a load generator in a process of its own; the same generator for all',
  unit: 'operations',
  contenders: [
    dropsServer((n, { sizes }) => requests.pointGet(n, sizes)),
    dropsServer(
      (n, { sizes }) => JSON.stringify({ query: `get users @${userKey(argumentsOf(sizes).user(n))}` }),
      'Drops, key in the text',
    ),
    honoEcho((n, { sizes }) => requests.pointGet(n, sizes)),
    honoWith(lmdb, 'pointGet'),
    honoWith(sqlite, 'pointGet'),
  ],
  targets: [target('Hono echo', 0.85), target('Hono echo', 0.85, 'Drops, key in the text')],
};

export const httpFind: Workload = {
  name: 'http-find',
  title: 'POST /exec find 10, c = 64',
  measured: 'the ten users of a city with the highest score, over 64 connections',
  unit: 'operations',
  contenders: [
    dropsServer((n) => requests.findPage(n)),
    honoWith(lmdb, 'findPage'),
    honoWith(sqlite, 'findPage'),
  ],
  targets: [target('Hono + lmdb by hand', 0.85)],
};
