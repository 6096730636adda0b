import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';
import { invariant } from '@drops/diagnostics';
import type { RootDatabase, Transaction } from 'lmdb';
import type { Checkpoints } from './checkpoints.js';
import { readMetaPage, type MetaPage } from './meta-page.js';

/** After a sync that failed nobody knows what is on disk, and the next one would not tell. */
export class SyncFailed extends Error {}

export interface CheckpointUnderWay {
  readonly note: () => void;
  readonly sync: (done: (made: MetaPage | Error) => void) => void;
}

/**
 * Makes checkpoints, and keeps their pages from being used again. LMDB uses no page that a reader may see, so a process
 * that writes holds a read transaction of the last checkpoint or of an older state: it takes one before a checkpoint is
 * made, and gives the one before back once that is noted. What a killed process held is free at once; who writes
 * next makes a checkpoint of what it finds first.
 */
export interface CheckpointKeeper {
  isHolding(): boolean;
  /** Before a write transaction: gives what makes this process a holder, to be called at the transaction's beginning. */
  prepare(): () => void;
  /** The same for one that is a holder: it will hold the newest state. */
  renew(): () => void;
  /** Holds nothing any more: until the next `prepare` this process must not write. */
  letGo(): void;
  /** Makes a checkpoint of the newest state, at once. Within a write transaction. A sync that fails throws `SyncFailed`. */
  make(): MetaPage;
  /**
   * Makes a checkpoint beside other work: gives what notes the newest state, to be called within a write transaction, and
   * what then syncs it.
   */
  begin(): CheckpointUnderWay;
  close(): void;
}

/** The keeper of a process. `file` is the data file of LMDB. */
export function createCheckpointKeeper(
  root: RootDatabase<Buffer, string>,
  file: string,
  checkpoints: Checkpoints,
  boot: string,
): CheckpointKeeper {
  const fd = openSync(file, 'r+');
  let held: Transaction | undefined;

  const take = (): Transaction => {
    root.resetReadTxn();
    return root.useReadTransaction();
  };
  const hold = (taken: Transaction | undefined): void => {
    held?.done();
    held = taken;
  };
  const newest = (): MetaPage => {
    const found = readMetaPage(fd);
    invariant(found, 'an open store has meta pages');
    return found;
  };
  const make = (): MetaPage => {
    const meta = newest();
    const known = checkpoints.read();
    if (known?.boot === boot && known.meta.transaction === meta.transaction) return meta;
    try {
      fdatasyncSync(fd);
    } catch (thrown) {
      throw new SyncFailed('the data file cannot be synced', { cause: thrown });
    }
    checkpoints.write({ meta, boot });
    return meta;
  };

  const renew = () => {
    const taken = take();
    return () => {
      try {
        make();
      } catch (thrown) {
        taken.done();
        throw thrown;
      }
      hold(taken);
    };
  };

  return {
    isHolding: () => held !== undefined,
    prepare: () => (held ? () => undefined : renew()),
    renew,
    letGo: () => hold(undefined),
    make,
    begin() {
      const taken = take();
      let meta: MetaPage | undefined;
      return {
        note() {
          meta = newest();
        },
        sync(done) {
          fdatasync(fd, (error) => {
            try {
              if (error) throw new SyncFailed('the data file cannot be synced', { cause: error });
              invariant(meta, 'a state is noted before it is synced');
              checkpoints.write({ meta, boot });
            } catch (thrown) {
              taken.done();
              return done(thrown instanceof Error ? thrown : new Error(String(thrown)));
            }
            hold(taken);
            done(meta);
          });
        },
      };
    },
    close() {
      hold(undefined);
      closeSync(fd);
    },
  };
}
