import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { open, type Engine } from '@drops/engine';
import { cityOf, makeUsers, randomNumbers, userKey, type User } from './data.js';
import { ask, defineIndexes, statements, write } from './peers/drops.js';

/** Rows that are made at a time: ten million do not fit into memory. */
const chunkRows = 10_000;
/** Rows of one measured insert, which is one durable commit. */
export const insertRows = 100;

/** A store of so many users, and the operations whose cost must not grow with them. */
export interface GrowthStore {
  readonly drops: number;
  readonly operations: readonly {
    readonly name: string;
    readonly perRun: number;
    readonly run: (n: number) => unknown;
  }[];
  /** Bytes on disk. */
  bytes(): number;
  close(): Promise<void>;
}

/** Users whose scores come in no order, so that an insert touches any page of an index. */
function usersFrom(first: number, count: number, seed: number): User[] {
  const random = randomNumbers(seed + first);
  return makeUsers(count, first, seed).map((user) => ({ ...user, score: random() / 1000 }));
}

/** Makes a store of `drops` users; `tell` hears how many are in. */
export async function makeGrowthStore(
  folder: string,
  drops: number,
  tell: (written: number) => void,
): Promise<GrowthStore> {
  const engine: Engine = await open({ data: folder });
  await defineIndexes(engine, 'users', ['city, score']);
  for (let first = 0; first < drops; first += chunkRows) {
    await write(engine, 'users', usersFrom(first, Math.min(chunkRows, drops - first), 1));
    tell(Math.min(first + chunkRows, drops));
  }
  let inserted = 0;
  const insert = async (): Promise<void> => {
    const users = usersFrom(drops + inserted, insertRows, 5);
    inserted += insertRows;
    // Keys in no order, as those of strangers are.
    await write(
      engine,
      'users',
      users.map((user, i) => ({ ...user, key: `${(user.score * 1000).toString(36)}-${inserted}-${i}` })),
    );
  };
  return {
    drops,
    operations: [
      { name: 'get', perRun: 1, run: (n) => ask(engine, statements.pointGet, { id: userKey(n % drops) }) },
      {
        name: 'indexed find, 10 rows',
        perRun: 1,
        run: (n) => ask(engine, statements.findPage, { city: cityOf(n) }),
      },
      { name: `insert, 1 index, ${insertRows} a commit`, perRun: insertRows, run: insert },
    ],
    bytes: () => readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0),
    close: () => engine.close(),
  };
}
