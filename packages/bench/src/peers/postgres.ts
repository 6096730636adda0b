import { Absent, library, type Peer } from '../system.js';
import { load, postgresSystem, type Query } from './postgres-system.js';

/** Connections of the rows with many clients: more made it slower on two cores. */
const connections = 16;

const namedQueries = new Map<string, string>();
function nameOf(text: string): string {
  const name = namedQueries.get(text) ?? `q${namedQueries.size}`;
  namedQueries.set(text, name);
  return name;
}

export const postgres: Peer = {
  name: 'PostgreSQL',
  setUp: `pg over TCP to 127.0.0.1:5432 (or PGHOST, PGPORT, PGUSER), named prepared statements, fsync as the server is set, ${connections} connections for many clients`,
  async open(setting) {
    const { default: pg } = await library('pg', () => import('pg'));
    const schema = `drops_bench_${process.pid}`;
    const options = {
      host: process.env['PGHOST'] ?? '127.0.0.1',
      user: process.env['PGUSER'] ?? 'postgres',
      database: process.env['PGDATABASE'] ?? 'postgres',
      options: `-c search_path=${schema}`,
      max: connections,
      connectionTimeoutMillis: 2000,
    };
    const client = new pg.Client(options);
    const pool = new pg.Pool(options);
    try {
      await client.connect();
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      throw new Absent(`PostgreSQL does not answer on ${options.host}: ${why}`);
    }
    const query: Query = (text, values) => client.query({ name: nameOf(text), text, values: [...values] });
    const shared: Query = (text, values) => pool.query({ name: nameOf(text), text, values: [...values] });
    if (setting.data) {
      await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
      await client.query(`CREATE SCHEMA ${schema}`);
      await load(query, setting.data);
    }
    return {
      ...postgresSystem(query, shared, setting),
      async close() {
        await pool.end();
        await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
        await client.end();
      },
    };
  },
};
