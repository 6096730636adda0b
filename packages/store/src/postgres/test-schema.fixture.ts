import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openStore } from '../open-store.js';
import type { Store } from '../store.js';

const address = process.env['DROPS_TEST_PG_URL'] ?? 'postgres://postgres@127.0.0.1:5432/test';

/** Runs SQL beside the store. */
export async function runSql(text: string, values: readonly unknown[] = []): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: address, connectionTimeoutMillis: 3000 });
  await client.connect();
  try {
    return (await client.query(text, [...values])).rows;
  } finally {
    await client.end();
  }
}

/** Begins a transaction beside the store with a statement; what comes back ends it. */
export async function holdTransaction(text: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  await client.query('begin');
  await client.query(text);
  return () => client.end();
}

/** Why there is no PostgreSQL (DROPS_TEST_PG_URL) for tests, said once; undefined when there is one. */
export async function missingPostgres(): Promise<string | undefined> {
  try {
    await runSql('select 1');
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message || String(error) : String(error);
    console.warn(`SKIPPED: tests of stores in PostgreSQL: ${reason}`);
    return reason;
  }
}

export interface TestPlace {
  readonly data: string;
  readonly schema: string;
  remove(): Promise<void>;
}

let made = 0;

/** A schema of its own for a store. */
export function newSchema(): TestPlace {
  made += 1;
  const schema = `drops_store_${process.pid}_${Date.now().toString(36)}_${made}`;
  const url = new URL(address);
  url.searchParams.set('schema', schema);
  return {
    data: url.toString(),
    schema,
    remove: async () => void (await runSql(`drop schema if exists ${schema} cascade`)),
  };
}

/** A temporary folder for a store. */
export function newFolder(): TestPlace {
  const data = join(mkdtempSync(join(tmpdir(), 'drops-place-')), 'data');
  return { data, schema: '', remove: async () => rmSync(join(data, '..'), { recursive: true, force: true }) };
}

/** A store of a place, on a clock that stands still. */
export function openAt(place: TestPlace, clock: { now: number }): Promise<Store> {
  return openStore({ path: place.data, clock: () => clock.now, durability: 'relaxed' });
}
