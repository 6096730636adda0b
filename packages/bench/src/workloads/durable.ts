import { drops, lmdb, postgres, rawFile, redis, sqlite, surreal } from '../peers/index.js';
import { target, writesOneByOne, writesTogether, type Workload } from '../workload.js';

export const incrementAlone: Workload = {
  name: 'increment',
  title: 'durable increment, c = 1',
  measured: 'one of 1,000 counters + 1, on disk when answered, one caller',
  unit: 'operations',
  contenders: [drops, rawFile, lmdb, sqlite, redis, postgres, surreal].map((peer) =>
    writesOneByOne(peer, 'increment'),
  ),
  targets: [target('SQLite', 0.8)],
};

export const incrementTogether: Workload = {
  name: 'increments',
  title: 'durable increment, c = 64',
  measured: 'the same by 64 callers; SQLite and lmdb commit what one turn of the event loop brings',
  unit: 'operations',
  contenders: [drops, lmdb, sqlite, redis, postgres, surreal].map((peer) =>
    writesTogether(peer, 'incrementTogether'),
  ),
  targets: [target('Redis AOF', 1.5), target('SQLite', 1)],
};

export const updateTogether: Workload = {
  name: 'updates',
  title: 'durable update, 2 indexes, c = 64',
  measured: 'score and city of a user, both indexed, by 64 callers; Redis has no index',
  unit: 'operations',
  contenders: [drops, lmdb, sqlite, redis, postgres].map((peer) => writesTogether(peer, 'updateTogether')),
  targets: [target('SQLite', 0.8)],
};
