import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { pathText, type Path } from '@drops/ir';
import type { IndexInfo } from '../store.js';
import type { Catalogue, DefinedIndex } from './catalogue.js';
import type { Connection, Session } from './connection.js';

/*
 * An index over fields of a route is, for each of the fields, two indexes of the table of current rows: one over its texts and one over its
 * numbers, each of the rows of the route that have such a value. Their expressions are those that the SQL of conditions has; PostgreSQL
 * puts them together (BitmapAnd) where several fields are asked for. Whichever process looks first makes them.
 */

/** As much of a text as an entry of an index can hold in any script; conditions say the same of the beginning of a text. */
const beginning = 500;

type Kind = 'text' | 'number';
const kinds: readonly Kind[] = ['text', 'number'];

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The value at a path of the payload where it is of a kind, as conditions read it. */
function expressionOf(path: Path, kind: Kind): string {
  const names = path.map((step) => (typeof step === 'number' ? String(step) : quoted(step)));
  const json = names.map((name) => `->${name}`).join('');
  const text = names.map((name, i) => `${i === names.length - 1 ? '->>' : '->'}${name}`).join('');
  return kind === 'text'
    ? `left((CASE WHEN jsonb_typeof("doc"${json}) = 'string' THEN "doc"${text} END) COLLATE "C", ${beginning})`
    : `CASE WHEN jsonb_typeof("doc"${json}) = 'number' THEN ("doc"${text})::double precision END`;
}

const prefix = 'field_';

/** The name of an index of PostgreSQL: the same for the same route, path and kind. */
function nameOf(routeId: number, path: Path, kind: Kind): string {
  const digest = createHash('sha256').update(JSON.stringify(path)).digest('hex').slice(0, 24);
  return `${prefix}${routeId}_${digest}_${kind}`;
}

interface Made {
  readonly bytes: number;
  readonly used: number;
  /** When this process saw it used, or for the first time. */
  readonly lastUsed: number;
}

interface Wanted {
  readonly name: string;
  readonly label: string;
  readonly statement: (how: string) => string;
}

/** The indexes of fields of a store. */
export interface FieldIndexes {
  /** Those of a route, with their use as it was last looked at. */
  of(route: string): readonly IndexInfo[];
  /** Makes what is defined and not there, drops what is no longer defined, after a change of definitions or routes; not waited for. */
  notice(epoch: number): void;
  /** Answers when all that is defined has been made. */
  settled(): Promise<void>;
  /** Looks at their use and size. */
  look(): Promise<void>;
  /** What indexes of these names are over; those of others are left out. */
  namesOf(names: readonly string[]): readonly string[];
  stop(): Promise<void>;
}

/** Bytes of a table below which it is indexed at once, which keeps writers waiting for some tenths of a second. */
export const smallTable = 64 << 20;
/** One process makes indexes at a time, whatever the store: PostgreSQL lets two that are made beside writers wait for each other. */
const makingLock = 0x64726f71;
const lockPause = 100;
const retryPause = 60_000;

const isWithinText = (path: Path): boolean =>
  !path.some((step) => typeof step === 'string' && step.includes('\0'));

/** `besideWritersFrom`: bytes of the table from which on indexes are made beside writers, which takes longer. */
export function createFieldIndexes(
  connection: Connection,
  catalogue: Catalogue,
  clock: () => number,
  besideWritersFrom = smallTable,
): FieldIndexes {
  let made = new Map<string, Made>();
  let seenEpoch = -1;
  let isOver = false;
  /** Routes that are indexed and not there yet. */
  let awaited: readonly string[] = [];
  let work: Promise<void> = Promise.resolve();
  let nextTry = Infinity;

  const wantedOf = ({ route, fields }: DefinedIndex): readonly Wanted[] => {
    const id = catalogue.route(route)?.id;
    if (id === undefined) return [];
    return fields.filter(isWithinText).flatMap((path) =>
      kinds.map((kind): Wanted => {
        const name = nameOf(id, path, kind);
        const by = expressionOf(path, kind);
        return {
          name,
          label: `${route}.${pathText(path)}`,
          statement: (how) =>
            `create index ${how} if not exists ${name} on current ((${by})) where route = ${id} and (${by}) is not null`,
        };
      }),
    );
  };
  const allWanted = (): ReadonlyMap<string, Wanted> =>
    new Map(
      catalogue
        .indexes()
        .flatMap(wantedOf)
        .map((wanted) => [wanted.name, wanted]),
    );

  const look = async (): Promise<void> => {
    const rows = await connection.read({
      name: 'field indexes',
      text: `select c.relname, pg_relation_size(c.oid), coalesce(s.idx_scan, 0)
        from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
        left join pg_stat_user_indexes s on s.indexrelid = c.oid
        where n.nspname = $1 and c.relname like 'field\\_%' and i.indisvalid`,
      values: [connection.schema],
    });
    const before = made;
    made = new Map(
      rows.map(([name, bytes, scans]): [string, Made] => {
        const known = before.get(String(name));
        const used = Number(scans);
        const lastUsed = known && known.used >= used ? known.lastUsed : clock();
        return [String(name), { bytes: Number(bytes), used, lastUsed }];
      }),
    );
  };

  /** Waits until no other process makes indexes, holding nothing meanwhile that one could wait for. */
  const withLock = async (session: Session, work: () => Promise<void>): Promise<void> => {
    for (;;) {
      const [row] = await session.query({ text: 'select pg_try_advisory_lock($1)', values: [makingLock] });
      if (row?.[0] === true) break;
      await wait(lockPause);
      if (isOver) return;
    }
    try {
      await work();
    } finally {
      await session.query({ text: 'select pg_advisory_unlock($1)', values: [makingLock] });
    }
  };

  const make = async (session: Session, wanted: ReadonlyMap<string, Wanted>): Promise<void> => {
    const found = await session.query({
      text: `select c.relname, i.indisvalid from pg_index i join pg_class c on c.oid = i.indexrelid
        join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname like 'field\\_%'`,
      values: [connection.schema],
    });
    // One that was being made when its process ended is begun anew.
    const gone = found.filter(([name, isValid]) => isValid !== true || !wanted.has(String(name)));
    for (const [name] of gone) await session.query({ text: `drop index if exists ${String(name)}` });
    const there = new Set(found.filter((row) => !gone.includes(row)).map(([name]) => String(name)));
    const lacking = [...wanted.values()].filter(({ name }) => !there.has(name));
    if (lacking.length === 0) return;
    const [size] = await session.query({ text: `select pg_relation_size('current')` });
    const how = Number(size?.[0]) < besideWritersFrom ? '' : 'concurrently';
    for (const { statement } of lacking) await session.query({ text: statement(how) });
    // What the database knows of the values of an expression it learns by looking.
    await session.query({ text: 'analyze current' });
  };

  const isDone = (wanted: ReadonlyMap<string, Wanted>): boolean =>
    wanted.size === made.size && [...wanted.keys()].every((name) => made.has(name));

  const settle = async (): Promise<void> => {
    if (isOver) return;
    await look();
    const wanted = allWanted();
    if (isDone(wanted)) return;
    await connection.withSession((session) => withLock(session, () => make(session, wanted)));
    await look();
  };

  /** After what is under way; what fails, since the database is away say, is tried again later. */
  const begin = (): void => {
    nextTry = Infinity;
    work = work.then(settle).catch(() => void (nextTry = Date.now() + retryPause));
  };

  return {
    of(route) {
      return catalogue.indexes().flatMap((index): readonly IndexInfo[] => {
        if (index.route !== route) return [];
        const parts = wantedOf(index).flatMap(({ name }) => made.get(name) ?? []);
        const isMade = parts.length === wantedOf(index).length;
        return [
          {
            id: index.id,
            fields: index.fields,
            created: index.created,
            state: isMade ? 'remote' : 'building',
            used: Math.max(0, ...parts.map(({ used }) => used)),
            lastUsed: Math.max(...parts.map(({ lastUsed }) => lastUsed), parts.length === 0 ? clock() : 0),
            bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
          },
        ];
      });
    },
    notice(epoch) {
      const isNew = epoch !== seenEpoch;
      if (!isNew && Date.now() < nextTry && !awaited.some((route) => catalogue.route(route))) return;
      seenEpoch = epoch;
      awaited = catalogue.indexes().flatMap(({ route }) => (catalogue.route(route) ? [] : [route]));
      begin();
    },
    async settled() {
      await work;
      await settle();
    },
    look,
    namesOf(names) {
      const wanted = allWanted();
      return [...new Set(names.flatMap((name) => wanted.get(name)?.label ?? []))];
    },
    async stop() {
      isOver = true;
      await work;
    },
  };
}
