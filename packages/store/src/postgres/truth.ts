import { fail } from '@drops/diagnostics';
import { fromUtf8, readU48, u48, utf8 } from '../log/bytes.js';
import type { PartName, TruthHead, TruthRow, TruthSource, TruthTarget } from '../truth.js';
import { connect, withRetries, type Connection, type Query, type SqlRow } from './connection.js';
import { rebuildTables } from './rebuild.js';
import { makeTables } from './schema.js';
import { shownText, storedText } from './stored-text.js';
import { verifyTables } from './verify.js';

const pageRows = 1000;

/** What `routes` holds in a folder: the id, and the first tx. */
function routeValue(id: number, firstTx: number): Buffer {
  const bytes = Buffer.allocUnsafe(10);
  bytes.writeUInt32BE(id, 0);
  bytes.writeUIntBE(firstTx, 4, 6);
  return bytes;
}

/** The head of a store. */
export async function readTruthHead(connection: Connection): Promise<TruthHead> {
  const [row] = await connection.read({ text: 'select tx, time, epoch, link from head' });
  const [tx, time, epoch, link] = row ?? [];
  return {
    tx: Number(tx),
    time: Number(time),
    epoch: Number(epoch),
    link: Buffer.isBuffer(link) ? link : Buffer.alloc(32),
  };
}

/** The column of bytes of each table by tx. */
export const contentColumns = { log: 'header', payloads: 'content', chain: 'link' } as const;

/** The rows of a table of the truth after a tx. */
export function truthPage(part: keyof typeof contentColumns, after: number, head: number): Query {
  return {
    text: `select tx, ${contentColumns[part]} from ${part} where tx > $1 and tx <= $2 order by tx limit ${pageRows}`,
    values: [after, head],
  };
}

const rowOf = ([tx, bytes]: SqlRow): TruthRow => ({
  key: u48(Number(tx)),
  value: Buffer.isBuffer(bytes) ? bytes : Buffer.alloc(0),
});

/** A store in PostgreSQL as it is read. */
export function truthSource(connection: Connection): TruthSource {
  return {
    head: () => readTruthHead(connection),
    async *rows(part, { tx: head }) {
      if (part === 'routes') {
        const rows = await connection.read({
          text: 'select path, id, first_tx from routes where first_tx <= $1 order by path',
          values: [head],
        });
        yield rows.map(([path, id, firstTx]) => ({
          key: utf8(shownText(String(path))),
          value: routeValue(Number(id), Number(firstTx)),
        }));
        return;
      }
      for (let after = 0; ;) {
        const rows = await connection.read(truthPage(part, after, head));
        if (rows.length === 0) return;
        after = Number(rows.at(-1)?.[0]);
        yield rows.map(rowOf);
      }
    },
    close: () => connection.close(),
  };
}

/** Opens a store in PostgreSQL to be read. */
export async function openTruthSource(data: string): Promise<TruthSource> {
  const connection = await connect(data);
  await makeTables(connection);
  return truthSource(connection);
}

function insert(part: PartName, rows: readonly TruthRow[]): Query {
  if (part === 'routes') {
    return {
      text: `insert into routes (id, path, first_tx, changed) select *, 0 from unnest($1::int[], $2::text[], $3::bigint[])`,
      values: [
        rows.map(({ value }) => value.readUInt32BE(0)),
        rows.map(({ key }) => storedText(fromUtf8(key))),
        rows.map(({ value }) => value.readUIntBE(4, 6)),
      ],
    };
  }
  return {
    text: `insert into ${part} (tx, ${contentColumns[part]}) select * from unnest($1::bigint[], $2::bytea[])`,
    values: [rows.map(({ key }) => readU48(key, 0)), rows.map(({ value }) => value)],
  };
}

/**
 * Tables in PostgreSQL that are filled. The head stays at 0 until everything is there and verified, and the log of a store at 0 is
 * taken for empty: what was broken off is emptied by the next try. CONFLICT when the store holds something.
 */
export async function openTruthTarget(data: string): Promise<TruthTarget> {
  const connection = await connect(data);
  const empty = 'truncate log, payloads, chain, routes, current, history, counters, counter_history';
  try {
    await makeTables(connection);
    const { tx } = await readTruthHead(connection);
    if (tx > 0)
      fail('CONFLICT', 'The schema of the database holds a store already.', {
        hint: 'name another one: ?schema=…',
      });
    await connection.read({ text: empty });
  } catch (error) {
    await connection.close();
    throw error;
  }
  return {
    async write(part, rows) {
      await withRetries(() => connection.withSession((session) => session.query(insert(part, rows))));
    },
    async finish(head) {
      await rebuildTables(connection, head.tx);
      const { problem } = await verifyTables(connection, head);
      if (problem === undefined) {
        const { tx, time, epoch, link } = head;
        await connection.read({
          text: 'update head set tx = $1, time = $2, epoch = $3, link = $4',
          values: [tx, time, epoch, link],
        });
      }
      await connection.close();
      return problem;
    },
    async abandon() {
      await connection.read({ text: empty }).catch(() => undefined);
      await connection.close();
    },
  };
}
