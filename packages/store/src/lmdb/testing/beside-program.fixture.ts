import { createInterface } from 'node:readline';
import { openLmdbStore } from '../open-lmdb-store.js';

/*
 * A second process on the same data. Answers one line to each line of input:
 * `put ROUTE KEY TEXT`, `get ROUTE KEY`, `add TIMES`, `patterns`, `verify`.
 */
const [, , path = ''] = process.argv;
const store = openLmdbStore({ path });

async function answer(line: string): Promise<string> {
  const [command, route = '', key = '', text = ''] = line.split(' ');
  if (command === 'put') {
    const payload: unknown = JSON.parse(text);
    if (typeof payload !== 'object' || payload === null) return 'no object';
    const operation = {
      kind: 'put',
      route,
      key,
      payload: Object.fromEntries(Object.entries(payload)),
    } as const;
    const { tx } = await store.commit({ operations: [operation], writer: null });
    return String(tx);
  }
  if (command === 'add') {
    const operation = { kind: 'increment', route: 'shared', key: 'counter', path: ['n'], delta: 1 } as const;
    for (let i = 0; i < Number(route); i += 1) await store.commit({ operations: [operation], writer: null });
    return 'added';
  }
  if (command === 'verify') return JSON.stringify(store.admin.verify().ok);
  const snapshot = store.snapshot();
  const found = command === 'get' ? snapshot.get(route, key) : [...snapshot.definitions.patterns.keys()];
  snapshot.release();
  return JSON.stringify(found ?? null);
}

for await (const line of createInterface({ input: process.stdin })) {
  const text = await answer(line).catch((error: unknown) =>
    error instanceof Error ? `error ${error.message}` : 'error',
  );
  process.stdout.write(`${text}\n`);
}
await store.close();
