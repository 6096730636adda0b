import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';

/** Where an empty store can be made. */
export interface Place {
  /** What `--data` is given. */
  readonly data: string;
  remove(): Promise<void>;
}

/** A temporary folder. */
export function folderPlace(): Place {
  const data = mkdtempSync(join(tmpdir(), 'drops-conformance-'));
  return { data, remove: async () => rmSync(data, { recursive: true, force: true }) };
}

const address = process.env['DROPS_TEST_PG_URL'] ?? 'postgres://postgres@127.0.0.1:5432/test';

async function onDatabase<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: address, connectionTimeoutMillis: 3000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Why PostgreSQL (DROPS_TEST_PG_URL) is not to be had; undefined when it is. */
export async function reachPostgres(): Promise<string | undefined> {
  try {
    await onDatabase((client) => client.query('select 1'));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message || String(error) : String(error);
  }
}

let made = 0;

/** A schema of its own in that database. */
export async function postgresPlace(): Promise<Place> {
  made += 1;
  const schema = `drops_play_${process.pid}_${Date.now().toString(36)}_${made}`;
  const url = new URL(address);
  url.searchParams.set('schema', schema);
  return {
    data: url.toString(),
    remove: () =>
      onDatabase(async (client) => void (await client.query(`drop schema if exists ${schema} cascade`))),
  };
}
