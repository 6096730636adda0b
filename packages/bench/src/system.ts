import type { Data, Sizes, User } from './data.js';

/** A row as every contender must be able to show it, so that answers can be compared. */
export type Row = Readonly<Record<string, unknown>>;

/** One operation on arguments made of the number `n`: an answer, or a promise of it. */
export type Operation = (n: number) => unknown;

/** What is measured. A system leaves out what it has no sensible way for. */
export interface Operations {
  /** One user by key. */
  readonly pointGet: Operation;
  /** The same, with the key written into the text. */
  readonly pointGetText: Operation;
  /** The ten users of a city with the highest score. */
  readonly findPage: Operation;
  /** The 100 users from a score on, in its order. */
  readonly range: Operation;
  /** About 2 in 1,000 users, by three fields without an index. */
  readonly scan: Operation;
  /** Per city: count, sum of score, average age. */
  readonly group: Operation;
  /** Every order with its user; per city of the user: count, sum of amount. */
  readonly joinGrouped: Operation;
  /** 100 orders from a place on, with the name of the user. */
  readonly joinPage: Operation;
  /** Adds 1 to one of 1,000 counters; on disk when answered. */
  readonly increment: Operation;
  /** The same for many at once; may share a commit with others that wait. */
  readonly incrementTogether: Operation;
  /** Sets the score and the city of a user, both indexed; may share a commit; on disk when answered. */
  readonly updateTogether: Operation;
}
export type OperationName = keyof Operations;

/** A contender that is open: its operations over the loaded data. */
export interface System {
  readonly operations: Partial<Operations>;
  /** Writes users in batches of `batchRows` to a place of its own with two indexes; on disk when it resolves. */
  readonly bulkLoad?: (users: readonly User[]) => Promise<void>;
  /** The same, batches given as text. */
  readonly bulkLoadText?: (users: readonly User[]) => Promise<void>;
  /** An answer of its operations as plain rows: the fields of the data, aggregates as count, sum, avg. */
  plain(answer: unknown): readonly Row[];
  close(): Promise<void>;
}

/** Where and over what a contender opens. */
export interface Setting {
  /** A folder of its own. */
  readonly folder: string;
  readonly sizes: Sizes;
  /** What to load first; undefined: it was loaded before. */
  readonly data: Data | undefined;
}

export interface Peer {
  readonly name: string;
  /** Version, and how it is set up where that matters. */
  readonly setUp: string;
  /** Throws `Absent` where the machine does not have it. */
  open(setting: Setting): Promise<System>;
}

/** A contender that this machine does not have: skipped, said and counted. */
export class Absent extends Error {}

/** Rows of a batch of a bulk load, for every contender. */
export const batchRows = 1000;
/** Counters that increments go to. */
export const counters = 1000;

/** The arguments of operations, made of a number in the same way for all. */
export function argumentsOf(sizes: Sizes) {
  return {
    user: (n: number): number => n % sizes.users,
    /** A score with at least 100 users from it on. */
    score: (n: number): number => (n % Math.max(1, sizes.users - 100)) / 100,
    /** A place with at least 100 orders from it on. */
    placed: (n: number): number => n % Math.max(1, sizes.orders - 100),
    /** Half of the users have a lower score. */
    middleScore: sizes.users / 200,
    counter: (n: number): string => `c${n % counters}`,
    newScore: (n: number): number => (n % (sizes.users * 10)) / 1000,
  };
}
export type Arguments = ReturnType<typeof argumentsOf>;

/** What every scan looks for. */
export const scanned = { age: 40, status: 'paused' } as const;

/** The library of an optional peer; `Absent` when it is not installed or does not run here. */
export async function library<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message.split('\n')[0] : String(thrown);
    throw new Absent(`${name} is not installed: ${why}`);
  }
}

export function chunksOf<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) =>
    list.slice(i * size, (i + 1) * size),
  );
}
