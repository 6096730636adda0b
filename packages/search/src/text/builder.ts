import { invariant } from '@drops/diagnostics';
import type { DerivedRows, Store } from '@drops/store';
import { followLog } from './follow-log.js';
import { forgetState, refreshState, type IndexState } from './index-state.js';
import { createLease } from './lease.js';
import { nextMerge } from './merge-policy.js';
import { flushMemory, mergeSegments } from './segment-work.js';

/** A part in memory becomes a segment when it has so many documents, or bytes of text. */
const flushDocuments = 2000;
const flushBytes = 1 << 20;
/** So much more of them while the log is still further on than that: fewer, larger segments are made of it in less time. */
const whileBehind = 24;
/** Records without any document after which the rest of the log is said to be covered. */
const coverRecords = 10_000;
/** What is left over becomes a segment when nothing was written for so long; fewer documents than these are not worth it. */
const restTime = 1000;
const restDocuments = 200;
/** What is left over at the end becomes a segment too, so that the next process need not read it again, if it is so much and no more. */
const fewestAtEnd = 16;
const mostAtEnd = 2 * flushDocuments;
/** How long the work goes on before others get their turn, and how long it stays away while there are commits. */
const sliceTime = 4;
const pauseTime = 20;
/** The same while no more than so many records wait: a search reads them in some tenths of a second, and what is put off in a burst of writes is done after it. */
const longPause = 100;
const fewRecords = 20_000;

export interface Builder {
  /** Answers when there is nothing left to write that is worth it, or another process does it. */
  settled(): Promise<void>;
  close(): void;
}

export interface BuilderOptions {
  readonly store: Store;
  readonly rows: DerivedRows;
  readonly state: IndexState;
  /** How far the log may be followed: not past what a search waits for. */
  readonly limit: (tx: number) => number;
}

type Work = Generator<void, void>;

/** Builds segments beside other work: follows the log, writes what is in memory, merges. One process does it at a time. */
export function createBuilder({ store, rows, state, limit }: BuilderOptions): Builder {
  const lease = createLease(rows);
  let work: Work | undefined;
  let next: NodeJS.Immediate | undefined;
  let later: NodeJS.Timeout | undefined;
  let resting: NodeJS.Timeout | undefined;
  /** Nothing was written for a while, or somebody waits for all to be done. */
  let rested = false;
  let busy = false;
  let closed = false;
  let waiting: (() => void)[] = [];
  /** The newest tx that is known of. */
  let head = 0;

  const isFull = (): boolean => {
    const { documents, bytes } = state.active.size;
    const times = head - state.reached > flushDocuments ? whileBehind : 1;
    return (
      documents >= flushDocuments * times ||
      bytes >= flushBytes * times ||
      state.reached - state.manifest.covered - documents >= coverRecords
    );
  };
  const isAnythingToDo = (to: number): boolean =>
    to - state.manifest.covered >= (rested ? restDocuments : flushDocuments) ||
    nextMerge(state.manifest.segments) !== undefined;

  /** Follows the log until there is something to write; undefined when the time is up or nothing is. */
  const findWork = (to: number, until: number): Work | undefined => {
    while (!isFull()) {
      const followed = followLog(state, store, limit(to));
      invariant(typeof followed === 'boolean', 'a store that keeps rows for others has its log at hand');
      if (followed) break;
      if (performance.now() > until) return undefined;
    }
    const isLeftOver = rested && state.active.size.documents >= restDocuments;
    if (isFull() || isLeftOver) return flushMemory({ rows, state });
    const merge = nextMerge(state.manifest.segments);
    return merge && mergeSegments({ rows, state }, merge);
  };

  /** Goes on for a slice; true when there is more to do. */
  const step = (): boolean => {
    const until = performance.now() + sliceTime;
    if (!work) {
      refreshState(state, rows);
      const to = head;
      // The last few documents are read when somebody searches.
      if (!isAnythingToDo(to) || !lease.take()) return false;
      work = findWork(to, until);
      if (!work) return state.reached < limit(to);
    }
    while (performance.now() < until) {
      if (!work.next().done) continue;
      work = undefined;
      break;
    }
    return true;
  };

  const run = (): void => {
    next = undefined;
    later = undefined;
    let more = false;
    try {
      more = step();
    } catch {
      // A full disk, or rows that another process took away: all of it is read and made again later.
      work = undefined;
      forgetState(state);
    }
    if (more) return schedule();
    rested = false;
    for (const resolve of waiting) resolve();
    waiting = [];
  };
  const schedule = (): void => {
    if (closed || next || later) return;
    if (busy && waiting.length === 0) {
      const pause = head - state.reached > fewRecords ? pauseTime : longPause;
      later = setTimeout(run, pause).unref();
    } else next = setImmediate(run);
    busy = false;
  };
  const rest = (): void => {
    rested = true;
    schedule();
  };
  const wake = (headTx: number): void => {
    head = headTx;
    busy = true;
    resting ??= setTimeout(rest, restTime).unref();
    resting.refresh();
    schedule();
  };

  /** Writes the last documents before this process ends. */
  const finish = (): void => {
    const snapshot = store.snapshot();
    if (work || snapshot instanceof Promise) return;
    const { tx } = snapshot;
    snapshot.release();
    refreshState(state, rows);
    if (tx - state.reached > mostAtEnd) return;
    for (;;) {
      const followed = followLog(state, store, limit(tx));
      if (followed === true) break;
      if (followed !== false) return;
    }
    if (state.active.size.documents < fewestAtEnd || !lease.take()) return;
    const last = flushMemory({ rows, state });
    while (!last.next().done);
  };

  const look = async (): Promise<void> => {
    const snapshot = await store.snapshot();
    head = snapshot.tx;
    snapshot.release();
  };

  const unlisten = store.onCommit(wake);
  // What others, or a crash, left behind.
  void look().then(schedule, () => undefined);
  return {
    async settled() {
      await look();
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        rested = true;
        clearTimeout(later);
        later = undefined;
        schedule();
      });
    },
    close() {
      closed = true;
      unlisten();
      clearTimeout(resting);
      clearTimeout(later);
      clearImmediate(next);
      for (const resolve of waiting) resolve();
      try {
        finish();
        lease.release();
      } catch {
        // The log has it all, and the lease ends by itself.
      }
    },
  };
}
