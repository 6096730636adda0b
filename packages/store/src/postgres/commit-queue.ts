import { DropsError } from '@drops/diagnostics';
import type { CommitResult } from '../store.js';
import type { WriteRequest } from '../writing/write-request.js';
import type { Writer } from './writer.js';

/** Operations of one transaction: what comes above waits for the next. */
const groupLimit = 1000;

interface Waiting {
  readonly request: WriteRequest;
  readonly resolve: (result: CommitResult) => void;
  readonly reject: (error: unknown) => void;
}

export interface CommitQueue {
  commit(request: WriteRequest): Promise<CommitResult>;
  /** Runs something else that writes in its turn. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  /** Writes what waits; later commits are refused. */
  close(): Promise<void>;
}

/** The one place that writes: what comes while a transaction is under way shares the next one. */
export function createCommitQueue(writer: Writer, onHead: (tx: number) => void): CommitQueue {
  let queue: Waiting[] = [];
  let turn: Promise<unknown> = Promise.resolve();
  let scheduled = false;
  let closed = false;

  const takeGroup = (): readonly Waiting[] => {
    let operations = 0;
    let size = 0;
    for (const { request } of queue) {
      operations += request.operations.length;
      if (size > 0 && operations > groupLimit) break;
      size += 1;
    }
    const group = queue.slice(0, size);
    queue = queue.slice(size);
    return group;
  };

  const write = async (group: readonly Waiting[]): Promise<void> => {
    let head = 0;
    try {
      const results = await writer.write(group.map(({ request }) => request));
      for (const [i, result] of results.entries()) {
        if (result.kind === 'done') {
          group[i]?.resolve(result.result);
          head = Math.max(head, result.result.tx);
        } else group[i]?.reject(result.error);
      }
    } catch (error) {
      // Nothing was written. Alone, each unit answers for itself: one that the database refuses does not stop the others.
      if (group.length === 1 || error instanceof DropsError) for (const { reject } of group) reject(error);
      else for (const one of group) await write([one]);
    }
    if (head > 0) onHead(head);
  };

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work);
    turn = mine.catch(() => undefined);
    return mine;
  };
  const drain = async (): Promise<void> => {
    scheduled = false;
    const group = takeGroup();
    if (queue.length > 0) schedule();
    if (group.length > 0) await write(group);
  };
  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    // What is asked for in this turn of the event loop, and while another group is written, goes together.
    setImmediate(() => void inTurn(drain));
  };

  return {
    commit(request) {
      if (closed) return Promise.reject(new Error('the store is closed'));
      return new Promise((resolve, reject) => {
        queue.push({ request, resolve, reject });
        schedule();
      });
    },
    inTurn,
    async close() {
      closed = true;
      while (queue.length > 0) await inTurn(drain);
      await turn;
    },
  };
}
