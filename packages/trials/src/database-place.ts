import { rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { isPostgresAddress } from '@drops/store/address';
import pg from 'pg';

/** A store in a schema of a database. */
export function schemaOf(database: string, schema: string): string {
  const url = new URL(database);
  url.searchParams.set('schema', schema);
  return url.toString();
}

/** Runs a statement beside the store at an address; `$1` is its schema. */
async function beside(data: string, textOf: (schema: string) => string): Promise<number> {
  const url = new URL(data);
  const schema = url.searchParams.get('schema') ?? '';
  url.searchParams.delete('schema');
  const client = new pg.Client({ connectionString: url.toString() });
  await client.connect();
  try {
    return (await client.query(textOf(schema))).rowCount ?? 0;
  } finally {
    await client.end();
  }
}

/** Removes a store: its folder, or its schema. */
export async function removeData(data: string): Promise<void> {
  if (!isPostgresAddress(data)) return rmSync(data, { recursive: true });
  await beside(data, (schema) => `drop schema if exists ${schema} cascade`);
}

/** Ms between two times that the backends of a store are ended. */
const endInterval = 120;

/** Ends the backends that work for a store, again and again, until it is stopped. */
export function endBackends(data: string): { stop(): Promise<void> } {
  let over = false;
  const ending = (async () => {
    while (!over) {
      await wait(endInterval);
      await beside(
        data,
        (schema) =>
          `select pg_terminate_backend(pid) from pg_stat_activity where application_name = left('drops ${schema}', 63)`,
      );
    }
  })();
  return {
    stop: () => {
      over = true;
      return ending;
    },
  };
}
