import type { StoreSpace } from '../store.js';
import type { Connection } from './connection.js';

const pageBytes = 4096;

/** The room that the tables take, in pages of 4 kB as for a file. What is free in them is PostgreSQL's to use again. */
export async function readSpace(connection: Connection): Promise<StoreSpace> {
  const [row] = await connection.read({
    text: `select sum(pg_total_relation_size(c.oid)) from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = $1 and c.relkind = 'r'`,
    values: [connection.schema],
  });
  return { pages: Math.ceil(Number(row?.[0]) / pageBytes), freePages: 0, oldestReader: 0 };
}
