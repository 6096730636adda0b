import type { StoreSpace } from '../../store.js';
import type { Environment } from '../environment.js';

/** A read transaction as LMDB lists it: who holds it, and the last transaction that it sees. */
interface HeldRead {
  readonly pid: number;
  readonly thread: string;
  readonly transaction: number;
}

/** The open read transactions out of LMDB's own listing: a head line, then `pid thread transaction`, `-` where none is open. */
export function parseReaders(list: string): readonly HeldRead[] {
  return list.split('\n').flatMap((line) => {
    const [, pid, thread, transaction] = /^\s*(\d+)\s+(\S+)\s+(\d+)\s*$/.exec(line) ?? [];
    return pid === undefined || thread === undefined
      ? []
      : [{ pid: Number(pid), thread, transaction: Number(transaction) }];
  });
}

/** The part of lmdb's statistics that is used; its own type is empty. */
function numberIn(stats: object, name: string): number {
  const value: unknown = Object.entries(stats).find(([key]) => key === name)?.[1];
  return typeof value === 'number' ? value : 0;
}

function pagesOf(stats: object): number {
  return ['treeBranchPageCount', 'treeLeafPageCount', 'overflowPages'].reduce(
    (sum, name) => sum + numberIn(stats, name),
    0,
  );
}

const metaPages = 2;

/** Pages of the file, and those of them that hold nothing: freed ones, whether a reader still holds them or not. */
function countPages(environment: Environment): { readonly pages: number; readonly free: number } {
  const whole = environment.root.getStats();
  const pages = numberIn(whole, 'lastPageNumber') + 1;
  const lists = ['root', 'free'].map((name) => Object.entries(whole).find(([key]) => key === name)?.[1]);
  let used = metaPages;
  for (const list of lists) if (typeof list === 'object' && list !== null) used += pagesOf(list);
  for (const part of Object.values(environment)) {
    if (typeof part === 'object' && part !== environment.root) used += pagesOf(part.getStats());
  }
  return { pages, free: Math.max(0, pages - used) };
}

/** After so many ms a reader of another process is told of: ours let go after 5 s. */
const patience = 60_000;

/** Looks at who reads an old state: the pages that such a reader sees cannot be used again, so the file grows. */
export interface SpaceWatch {
  /** Clears the places of dead processes, and warns of readers of other processes that hold on. */
  check(): void;
  space(): StoreSpace;
}

/**
 * The watch over an environment. LMDB does not say since when a reader holds its transaction, so its age counts from
 * when it was first seen behind the newest one. `clock` in ms; `warn` gets a line for each such reader, once.
 */
export function watchSpace(
  environment: Environment,
  clock: () => number,
  warn: (line: string) => void,
): SpaceWatch {
  /** Reader → when it was first seen behind, and whether it was told of. */
  let behind = new Map<string, { readonly since: number; warned: boolean }>();

  const look = () => {
    environment.root.resetReadTxn();
    const newest = numberIn(environment.root.getStats(), 'lastTxnId');
    const now = clock();
    const found = parseReaders(environment.root.readerList()).filter(
      ({ transaction }) => transaction < newest,
    );
    const seen = found.map((reader) => {
      const name = `${reader.pid} ${reader.thread} ${reader.transaction}`;
      return { ...reader, name, written: newest - reader.transaction };
    });
    behind = new Map(seen.map(({ name }) => [name, behind.get(name) ?? { since: now, warned: false }]));
    return seen.map((reader) => ({ ...reader, age: now - (behind.get(reader.name)?.since ?? now) }));
  };

  return {
    check() {
      environment.root.readerCheck();
      for (const { pid, name, age, written } of look()) {
        const known = behind.get(name);
        if (!known || known.warned || pid === process.pid || age < patience) continue;
        known.warned = true;
        warn(
          `warning: process ${pid} reads a state of ${Math.round(age / 1000)} s ago, ${written} transactions back: the file grows until it ends its read`,
        );
      }
    },
    space() {
      const readers = look();
      const { pages, free } = countPages(environment);
      return { pages, freePages: free, oldestReader: Math.max(0, ...readers.map(({ age }) => age)) };
    },
  };
}
