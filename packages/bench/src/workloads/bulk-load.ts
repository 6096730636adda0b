import { drops, duckdb, lmdb, pglite, postgres, sqlite, surreal } from '../peers/index.js';
import { batchRows } from '../system.js';
import { bulkLoad as load, target, type Workload } from '../workload.js';

export const bulkLoad: Workload = {
  name: 'bulk',
  title: 'bulk load, 2 indexes',
  measured: `users into an empty table with indexes on city, score and on score, ${batchRows} rows a durable commit; of us with chain and history`,
  unit: 'rows',
  contenders: [
    load(drops),
    load(drops, 'bulkLoadText', 'Drops, bulk as text'),
    ...[lmdb, sqlite, duckdb, postgres, pglite, surreal].map((peer) => load(peer)),
  ],
  targets: [target('SQLite', 0.8), target('PostgreSQL', 1.2)],
};
