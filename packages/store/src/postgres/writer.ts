import { DropsError, fail } from '@drops/diagnostics';
import type { LoadRequest, LoadResult } from '../store.js';
import { slicesOf } from '../writing/load-slices.js';
import type { UnitResult, WriteRequest } from '../writing/write-request.js';
import { createCatalogue, type Catalogue } from './catalogue.js';
import { ConnectionLost, unreachable, withRetries, type Connection, type Session } from './connection.js';
import { createFetchedStates } from './fetched-states.js';
import { beginWriting, writeGroup, type GroupParts, type LockedHead } from './write-group.js';

/** Writes groups of units, one after the other. */
export interface Writer {
  /** The answers of the units, in their order; throws with nothing written when the store itself fails. */
  write(requests: readonly WriteRequest[]): Promise<readonly UnitResult[]>;
  /** Writes one unit of any size, see `Store.load`. */
  load(request: LoadRequest): Promise<LoadResult>;
}

/** Times that a load begins again because its records were not as many as it had thought. */
const loadAttempts = 8;
/** Ends the transaction of a load without a trace. */
class LoadAbandoned extends Error {}

/** Catalogue and states of a writer: good until somebody else has written. */
interface Known {
  readonly catalogue: Catalogue;
  tx: number;
}

/** Brings the catalogue of the writer to the locked head. */
async function refresh(session: Session, known: Known, head: LockedHead): Promise<void> {
  if (known.tx === head.tx) return;
  const [row] = await session.query(known.catalogue.query());
  if (row) known.catalogue.take(row);
  known.tx = head.tx;
}

/** The writer of a process. */
export function createWriter(connection: Connection, clock: () => number, channel: string): Writer {
  let known: Known = { catalogue: createCatalogue(), tx: -1 };
  const forget = (): void => {
    known = { catalogue: createCatalogue(), tx: -1 };
  };
  const partsOf = (session: Session): GroupParts => ({
    session,
    catalogue: known.catalogue,
    states: createFetchedStates(),
    clock,
    channel,
  });

  /** Runs `work` in a transaction under the locked head; `link` of what it answers tells later whether it stands. */
  const transact = async <T extends { readonly head: LockedHead }>(
    work: (session: Session, head: LockedHead) => Promise<T>,
  ): Promise<T> => {
    let unsure: T | undefined;
    try {
      return await connection.withSession(async (session) => {
        const before = await beginWriting(session);
        await refresh(session, known, before);
        try {
          const done = await work(session, before);
          unsure = done.head.tx === before.tx ? undefined : done;
          await session.query({ text: 'commit' });
          return done;
        } catch (error) {
          if (unsure === undefined && !(error instanceof ConnectionLost))
            await session.query({ text: 'rollback' }).catch(() => undefined);
          throw error;
        }
      });
    } catch (error) {
      forget();
      if (!(error instanceof ConnectionLost) || unsure === undefined) throw error;
      const written = unsure;
      // The connection went while the commit was under way. The chain tells whether it stands: its link is its own.
      if (await stands(written.head, error)) return written;
      throw error;
    }
  };

  /** Whether a commit is in the chain. Whoever had locked the head is done once we have it. */
  const stands = async ({ tx, link }: LockedHead, cause: unknown): Promise<boolean> => {
    try {
      return await withRetries(() =>
        connection.withSession(async (session) => {
          await beginWriting(session);
          const [row] = await session.query({ text: 'select link from chain where tx = $1', values: [tx] });
          await session.query({ text: 'rollback' });
          return Buffer.isBuffer(row?.[0]) && row[0].equals(link);
        }),
      );
    } catch {
      throw unreachable(cause, 'The database went away during a commit: it may have been written, or not.');
    }
  };

  const write = async (requests: readonly WriteRequest[]): Promise<readonly UnitResult[]> => {
    const { results, head, routes } = await transact((session, before) =>
      writeGroup(partsOf(session), requests, before),
    );
    // The next group need not ask what this one has changed.
    if (known.catalogue.note(head, routes)) known.tx = head.tx;
    return results;
  };

  const loadOnce = (request: LoadRequest, expected: number) =>
    transact(async (session, before) => {
      const { writer, operations, refused } = request;
      const whole = { time: Math.max(clock(), before.time), lastTx: before.tx + expected };
      let head = before;
      let index = 0;
      let isRefused = false;
      for (const slice of slicesOf(operations())) {
        await refresh(session, known, head);
        const requests = slice.map((operation) => ({ operations: [operation], writer }));
        const written = await writeGroup(partsOf(session), requests, head, whole);
        for (const result of written.results) {
          if (result.kind === 'failed') {
            if (!(result.error instanceof DropsError)) throw result.error;
            isRefused = true;
            refused(index, result.error);
          }
          index += 1;
        }
        head = written.head;
      }
      if (isRefused) throw new LoadAbandoned('refused');
      const records = head.tx - before.tx;
      if (records !== expected) throw new LoadAbandoned(String(records));
      return { head, records };
    });

  const headNow = async (): Promise<number> => {
    const [row] = await connection.read({ text: 'select tx from head' });
    return Number(row?.[0]);
  };

  return {
    write: (requests) => withRetries(() => write(requests)),
    async load(request) {
      if (request.count === 0) return { tx: await headNow(), written: 0 };
      let expected = request.count;
      for (let attempt = 1; attempt <= loadAttempts; attempt += 1) {
        try {
          const { head } = await withRetries(() => loadOnce(request, expected));
          return { tx: head.tx, written: request.count };
        } catch (thrown) {
          if (!(thrown instanceof LoadAbandoned)) throw thrown;
          if (thrown.message === 'refused') return { tx: await headNow(), written: 0 };
          expected = Number(thrown.message);
        }
      }
      return fail('CONFLICT', 'Other writes kept changing what was to be loaded over. Nothing was written.', {
        hint: 'try again',
      });
    },
  };
}
