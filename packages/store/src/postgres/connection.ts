import { setTimeout as wait } from 'node:timers/promises';
import { DropsError, fail } from '@drops/diagnostics';
import type { Client, Pool, PoolClient, QueryResult } from 'pg';
import type { OpenOptions } from '../store.js';
import { readAddress } from './address.js';

/** A row as a list of its columns: 64-bit integers are numbers, JSON is parsed, bytea is a Buffer. */
export type SqlRow = readonly unknown[];

export interface Query {
  readonly text: string;
  readonly values?: readonly unknown[];
  /** Of a text that comes often: it is parsed once a connection. */
  readonly name?: string;
}

/** One connection, for what belongs together. */
export interface Session {
  query(query: Query): Promise<readonly SqlRow[]>;
}

/** The connections of a process to its database. */
export interface Connection {
  readonly schema: string;
  /** A reading statement; done again where the connection was lost. */
  read(query: Query): Promise<readonly SqlRow[]>;
  /** Runs `work` on a connection of its own. What is lost with the connection is thrown as `ConnectionLost`. */
  withSession<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** Calls `hear` for each notification; resolves when the connection is there, calls `lost` when it is gone. */
  listen(channel: string, hear: (text: string) => void, lost: () => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** The connection went away; whether what was sent last has been done is not known. */
export class ConnectionLost extends Error {}

/** Connections for statements that read, and one that writes. */
const poolSize = 10;
/** Waits between attempts, in ms: some 6 s together, as long as a database takes to fail over or to start again. */
const retryWaits = [25, 50, 100, 200, 400, 800, 1600, 3000];

const lostCodes: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  // admin_shutdown, crash_shutdown, cannot_connect_now, too_many_connections
  '57P01',
  '57P02',
  '57P03',
  '53300',
]);

/** Whether a statement failed because of its connection, or of a transaction that is to be tried again. */
function isLost(error: unknown): boolean {
  if (error instanceof ConnectionLost) return true;
  if (error instanceof AggregateError) return error.errors.some(isLost);
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? error.code : undefined;
  // 08: connection exceptions; 40001 and 40P01: the database asks for another try.
  if (lostCodes.has(code) || (typeof code === 'string' && /^(08...|40001|40P01)$/.test(code))) return true;
  return /Connection terminated|connection error|not queryable|timeout exceeded when trying to connect/i.test(
    error.message,
  );
}

/** Runs SQL that was made of a query: what the database refuses of it (data exceptions, types, what it does not have) is UNSUPPORTED. */
export async function orUnsupported<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (typeof code === 'string' && /^(0A|22|42)/.test(code))
      fail('UNSUPPORTED', 'the database does not run this SQL', { hint: String(code) });
    throw error;
  }
}

/** Tries again what was lost with its connection. STORE_UNREACHABLE (503) when the database stays away. */
export async function withRetries<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isLost(error)) throw error;
      const pause = retryWaits[attempt];
      if (pause === undefined) throw unreachable(error, 'The database cannot be reached.');
      await wait(pause);
    }
  }
}

/** The 503 of a database that stays away. */
export function unreachable(error: unknown, message: string): DropsError {
  try {
    return fail('STORE_UNREACHABLE', message, {
      hint: 'try again; the server goes on by itself once it is there',
    });
  } catch (thrown) {
    if (thrown instanceof DropsError) return new DropsError(thrown.diagnostic, { cause: error });
    throw thrown;
  }
}

const int8 = 20;

/** Loads the driver, which only stores on PostgreSQL need, and makes the connections of one address. */
export async function connect(
  data: string,
  durability: OpenOptions['durability'] = 'full',
): Promise<Connection> {
  const { connectionString, schema } = readAddress(data);
  const { default: pg } = await import('pg');
  const getTypeParser: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
    oid === int8
      ? Number
      : format === 'binary'
        ? pg.types.getTypeParser(oid, 'binary')
        : pg.types.getTypeParser(oid);
  const config = {
    connectionString,
    options: `-c search_path=${schema} -c jit=off -c timezone=UTC${durability === 'relaxed' ? ' -c synchronous_commit=off' : ''}`,
    application_name: `drops ${schema}`,
    types: { getTypeParser },
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  };
  const pool: Pool = new pg.Pool({
    ...config,
    max: poolSize,
    idleTimeoutMillis: 60_000,
    allowExitOnIdle: true,
  });
  // A connection that is lost while it is idle is replaced by the next statement.
  pool.on('error', () => undefined);
  // One may end between being handed out and being listened to; whoever uses it is told by the next statement.
  pool.on('connect', (client) => client.on('error', () => undefined));

  const run = async (client: Pool | PoolClient, query: Query): Promise<readonly SqlRow[]> => {
    const result: QueryResult<unknown[]> | QueryResult<unknown[]>[] = await client.query<unknown[]>({
      text: query.text,
      values: query.values ? [...query.values] : [],
      rowMode: 'array',
      ...(query.name !== undefined && { name: query.name }),
    });
    return result.rows;
  };

  return {
    schema,
    read: (query) => withRetries(() => run(pool, query)),
    async withSession(work) {
      let client: PoolClient;
      try {
        client = await pool.connect();
      } catch (error) {
        throw isLost(error) ? new ConnectionLost('not connected', { cause: error }) : error;
      }
      let broken: Error | undefined;
      const onError = (error: Error): void => void (broken = error);
      client.on('error', onError);
      try {
        return await work({ query: (query) => run(client, query) });
      } catch (error) {
        if (isLost(error)) broken = error instanceof Error ? error : new Error(String(error));
        // Whoever rolls back does so before this; a session in an unknown state is not given back.
        else if (!(error instanceof DropsError))
          broken ??= error instanceof Error ? error : new Error(String(error));
        throw isLost(error) ? new ConnectionLost('the connection was lost', { cause: error }) : error;
      } finally {
        client.off('error', onError);
        client.release(broken);
      }
    },
    async listen(channel, hear, lost) {
      const client: Client = new pg.Client(config);
      let over = false;
      const end = (): void => {
        if (over) return;
        over = true;
        lost();
      };
      client.on('error', end);
      client.on('end', end);
      client.on('notification', ({ payload }) => hear(payload ?? ''));
      await client.connect();
      await client.query(`listen ${channel}`);
      return async () => {
        over = true;
        await client.end().catch(() => undefined);
      };
    },
    close: () => pool.end(),
  };
}
