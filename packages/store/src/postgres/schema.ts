import { DropsError, fail } from '@drops/diagnostics';
import { truthFormat } from '../log/truth-format.js';
import { withRetries, type Connection, type Session } from './connection.js';

/** Rises when a derived table is made in another way: older ones are dropped and made anew. */
const derivedFormat = 1;

/*
 * Texts are compared by their code points ("C"). log, payloads, chain and routes are the truth, byte for byte what a store in a
 * folder holds; the rest is made of them. `ended` of a version is the tx that replaced or removed it, so that the state
 * at a tx S is what is current and not newer than S, and what ended after S.
 */
const truth = `
  create table if not exists head (
    sole boolean primary key default true check (sole),
    format int not null, derived int not null,
    tx bigint not null, time bigint not null, epoch bigint not null, link bytea not null);
  create table if not exists log (tx bigint primary key, header bytea not null);
  create table if not exists payloads (tx bigint primary key, content bytea not null);
  create table if not exists chain (tx bigint primary key, link bytea not null);
  create table if not exists routes (
    id int primary key, path text collate "C" not null unique, first_tx bigint not null,
    entities bigint not null default 0, events bigint not null default 0,
    counted boolean not null default false, opaque boolean not null default false,
    changed bigint not null);
  create index if not exists routes_changed on routes (changed);`;

const derived = `
  create table if not exists current (
    route int not null, key text collate "C", tx bigint not null, version int not null, time bigint not null,
    expires bigint not null, writer text, price double precision, commitment bytea not null,
    marked boolean not null, body text not null, doc jsonb,
    primary key (route, tx));
  create unique index if not exists current_key on current (route, key) where key is not null;
  create index if not exists current_expires on current (expires) where expires <> 0;
  create table if not exists history (
    route int not null, key text collate "C", tx bigint not null, kind smallint not null, version int not null,
    time bigint not null, expires bigint not null, writer text, price double precision, commitment bytea not null,
    ended bigint,
    primary key (route, tx));
  create index if not exists history_key on history (route, key, tx) where key is not null;
  create index if not exists history_ended on history (route, ended) where ended is not null;
  create table if not exists counters (
    route int not null, key text collate "C" not null, path text collate "C" not null, tx bigint not null,
    value double precision not null,
    primary key (route, key, path));
  create table if not exists counter_history (
    route int not null, key text collate "C" not null, path text collate "C" not null, tx bigint not null,
    value double precision,
    primary key (route, key, path, tx));`;

/** Empties everything that is made of the truth. */
export const emptyDerived = {
  truncate: 'truncate current, history, counters, counter_history',
  routes: 'update routes set entities = 0, events = 0, counted = false, opaque = false',
} as const;

/** Two processes that open a new store at the same time must not both make it. */
const openingLock = 0x64726f70;

async function make(session: Session, schema: string): Promise<boolean> {
  await session.query({ text: 'begin' });
  await session.query({ text: 'select pg_advisory_xact_lock($1)', values: [openingLock] });
  const [found] = await session.query({
    text: `select to_regclass($1) is not null`,
    values: [`${schema}.head`],
  });
  let isOld = false;
  if (found?.[0] === true) {
    const [head] = await session.query({ text: 'select format, derived from head' });
    if (head?.[0] !== truthFormat) {
      await session.query({ text: 'rollback' });
      fail(
        'NOT_AVAILABLE',
        `The store has format ${String(head?.[0])}; this version reads format ${truthFormat}.`,
        {
          hint: 'open it with the version that wrote it, or a newer one',
        },
      );
    }
    isOld = head[1] !== derivedFormat;
  } else {
    await session.query({ text: `create schema if not exists ${schema}` });
    await session.query({ text: truth });
    await session.query({ text: derived });
    await session.query({
      text: `insert into head (format, derived, tx, time, epoch, link) values ($1, $2, 0, 0, 0, $3) on conflict do nothing`,
      values: [truthFormat, derivedFormat, Buffer.alloc(32)],
    });
  }
  await session.query({ text: 'commit' });
  return isOld;
}

/**
 * Makes the tables where they are missing. True when the derived ones are of an older version and have to be made anew.
 * NOT_AVAILABLE when a newer version wrote the store or the database refuses us, STORE_UNREACHABLE when there is no database.
 */
export async function makeTables(connection: Connection): Promise<boolean> {
  try {
    return await withRetries(() => connection.withSession((session) => make(session, connection.schema)));
  } catch (error) {
    if (error instanceof DropsError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    return fail('NOT_AVAILABLE', `The store in the database cannot be opened: ${reason}.`);
  }
}
