import type { Operation } from '../../store.js';
import { openLmdbStore } from '../open-lmdb-store.js';

/*
 * Writes without end and prints each acknowledgement, to be killed at any moment:
 * `put <name>`, `batch <n>` (ten drops each), `add <n>` (the nth increment of the counter of its round).
 */
const [, , path = '', round = '0'] = process.argv;
const store = openLmdbStore({ path });
const commit = (...operations: Operation[]) => store.commit({ operations, writer: null });

async function putForever(worker: number): Promise<void> {
  for (let i = 0; ; i += 1) {
    const name = `${round}-${worker}-${i}`;
    await commit({ kind: 'put', route: 'puts', key: name, payload: { name, filler: 'x'.repeat(i % 700) } });
    process.stdout.write(`put ${name}\n`);
  }
}

async function batchForever(): Promise<void> {
  for (let i = 0; ; i += 1) {
    const operations = Array.from({ length: 10 }, (_, j): Operation => {
      return { kind: 'put', route: 'batches', key: `${round}-${i}-${j}`, payload: i };
    });
    await commit(...operations);
    process.stdout.write(`batch ${i}\n`);
  }
}

async function addForever(): Promise<void> {
  for (let i = 1; ; i += 1) {
    await commit({ kind: 'increment', route: 'counters', key: round, path: ['n'], delta: 1 });
    process.stdout.write(`add ${i}\n`);
  }
}

await Promise.all([putForever(0), putForever(1), putForever(2), batchForever(), addForever()]);
