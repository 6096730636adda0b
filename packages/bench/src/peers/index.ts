import type { Peer } from '../system.js';
import { columns } from './columns.js';
import { columnsIn, drops } from './drops.js';
import { duckdb } from './duckdb.js';
import { lmdb } from './lmdb.js';
import { pglite } from './pglite.js';
import { postgres } from './postgres.js';
import { rawFile } from './raw-file.js';
import { redis } from './redis.js';
import { sqlite } from './sqlite.js';
import { sqliteJson } from './sqlite-json.js';
import { surreal } from './surreal.js';

export {
  columns,
  columnsIn,
  drops,
  duckdb,
  lmdb,
  pglite,
  postgres,
  rawFile,
  redis,
  sqlite,
  sqliteJson,
  surreal,
};

export const peers: readonly Peer[] = [
  drops,
  lmdb,
  columns,
  rawFile,
  sqlite,
  sqliteJson,
  duckdb,
  postgres,
  pglite,
  surreal,
  redis,
];

export function peerNamed(name: string): Peer {
  const found = peers.find((peer) => peer.name === name);
  if (!found) throw new Error(`no peer is called ${name}`);
  return found;
}
