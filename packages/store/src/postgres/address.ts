import { fail } from '@drops/diagnostics';

/** Where a store on PostgreSQL is: a database, and the schema in it that holds the tables. */
export interface PostgresAddress {
  /** For the driver: the URL without what is ours. */
  readonly connectionString: string;
  readonly schema: string;
}

const defaultSchema = 'drops';
const schemaForm = /^[a-z_][a-z0-9_]{0,62}$/;

/** True for data that lives in PostgreSQL instead of a folder. */
export function isPostgresAddress(data: string): boolean {
  return /^postgres(ql)?:\/\//.test(data);
}

/** `postgres://user@host/database?schema=name`. BAD_REQUEST when it cannot be read. */
export function readAddress(data: string): PostgresAddress {
  if (!URL.canParse(data)) fail('BAD_REQUEST', 'The address of the database cannot be read.');
  const url = new URL(data);
  const schema = url.searchParams.get('schema') ?? defaultSchema;
  if (!schemaForm.test(schema)) {
    fail('BAD_REQUEST', `The schema ${schema.slice(0, 63)} is not made of a-z, 0-9 and _.`);
  }
  url.searchParams.delete('schema');
  return { connectionString: url.toString(), schema };
}

/** An address for people: without its password. */
export function shownAddress(data: string): string {
  if (!isPostgresAddress(data) || !URL.canParse(data)) return data;
  const url = new URL(data);
  url.password = '';
  return url.toString();
}

/** The folder of what is no data (a secret, an outbox), where nobody names one: that of the data, or `data` beside a database. */
export function filesBeside(data: string): string {
  return isPostgresAddress(data) ? 'data' : data;
}
