import type { CommitResult } from '../../store.js';
import type { WriteRequest } from '../../writing/write-request.js';
import type { GroupWriter } from './write-group.js';

/** Operations of one transaction: what comes above waits for the next, so that no turn of the event loop takes too long. */
const groupLimit = 5000;

interface Waiting {
  readonly request: WriteRequest;
  readonly resolve: (result: CommitResult) => void;
  readonly reject: (error: unknown) => void;
}

export interface CommitQueue {
  commit(request: WriteRequest): Promise<CommitResult>;
  /** Writes what waits; later commits are refused. */
  close(): void;
}

/** The one place that writes: the requests of a turn of the event loop share a transaction and its sync. */
export function createCommitQueue(writer: GroupWriter, onHead: () => void): CommitQueue {
  let queue: Waiting[] = [];
  let scheduled: NodeJS.Immediate | undefined;
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

  const write = (group: readonly Waiting[]): void => {
    try {
      const results = writer.write(group.map(({ request }) => request));
      for (const [i, result] of results.entries()) {
        if (result.kind === 'done') group[i]?.resolve(result.result);
        else group[i]?.reject(result.error);
      }
    } catch (error) {
      // Nothing was written. Alone, each unit answers for itself: a large one that finds no room does not stop small ones.
      if (group.length > 1) for (const one of group) write([one]);
      else group[0]?.reject(error);
    }
  };
  const writeOne = (): void => {
    write(takeGroup());
    onHead();
  };

  const run = (): void => {
    scheduled = undefined;
    writeOne();
    if (queue.length > 0) scheduled = setImmediate(run);
  };

  return {
    commit(request) {
      if (closed) return Promise.reject(new Error('the store is closed'));
      return new Promise((resolve, reject) => {
        queue.push({ request, resolve, reject });
        scheduled ??= setImmediate(run);
      });
    },
    close() {
      closed = true;
      if (scheduled) clearImmediate(scheduled);
      while (queue.length > 0) writeOne();
    },
  };
}
