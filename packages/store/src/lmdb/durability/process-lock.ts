import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, fdatasyncSync, linkSync, openSync, renameSync, rmSync } from 'node:fs';
import { ABORT, open, type RootDatabase } from 'lmdb';

/**
 * A lock between the processes that use a store. The system gives it back when its holder dies.
 *
 * Whoever opens, commits or closes holds it. The LMDB of lmdb 3.5 reads the meta pages of a file that it opens and then sets the
 * newest transaction, which all processes share, to what it has read: what another one committed in between is overwritten by
 * the next commit (ITS#9496, https://bugs.openldap.org/show_bug.cgi?id=9496). The lock is that of an LMDB file in which nothing is
 * ever written, so that opening it changes nothing.
 */
export interface ProcessLock {
  /** Runs `work`, which is done when it returns, while no other process holds the lock. Within `hold` it just runs. */
  hold(work: () => void): void;
  /** Closes a file of LMDB that was opened within `hold`: the last process to close one destroys its mutexes. */
  closeFile(root: RootDatabase<Buffer, string>): Promise<void>;
  close(): Promise<void>;
}

const abortable = 1;

const openFile = (path: string): RootDatabase<Buffer, string> =>
  open<Buffer, string>({ path, noSubdir: true, overlappingSync: false, mapSize: 1 << 20 });

/** Gives a file its name if that is free. */
function name(unfinished: string, file: string): void {
  try {
    linkSync(unfinished, file);
  } catch {
    // Somebody was quicker, or this file system has no links.
    if (!existsSync(file)) renameSync(unfinished, file);
  }
}

/** Makes the file under another name, and gives it its own when it is on disk: torn by a loss of power it could not be opened. */
function make(file: string): void {
  const unfinished = `${file}.${randomUUID()}`;
  try {
    void openFile(unfinished).close();
    const descriptor = openSync(unfinished, 'r+');
    fdatasyncSync(descriptor);
    closeSync(descriptor);
    name(unfinished, file);
  } finally {
    for (const rest of [unfinished, `${unfinished}-lock`]) rmSync(rest, { force: true });
  }
}

/** Opens the lock in `file`, making it when missing. */
export function openProcessLock(file: string): ProcessLock {
  if (!existsSync(file)) make(file);
  const root = openFile(file);
  let isHeld = false;

  const hold = (work: () => void): void => {
    if (isHeld) return work();
    root.transactionSync(() => {
      isHeld = true;
      try {
        work();
      } finally {
        isHeld = false;
      }
      return ABORT;
    }, abortable);
  };

  return {
    hold,
    async closeFile(other) {
      let closed: Promise<void> | undefined;
      hold(() => {
        closed = other.close();
      });
      await closed;
    },
    close: () => root.close(),
  };
}
