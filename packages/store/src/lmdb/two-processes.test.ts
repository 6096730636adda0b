import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { bundleProgram, startChild } from './testing/child.fixture.js';
import { openStoreParts } from './open-lmdb-store.js';
import {
  add,
  brief,
  drain,
  openTestStore,
  put,
  remove,
  scan,
  temporaryFolder,
} from './testing/temporary-store.fixture.js';

test('two processes on one store see and respect the commits of each other', async () => {
  const path = join(temporaryFolder(), 'data');
  const { store, run, get, refused, clock } = openTestStore(path);
  clock.now = Date.now();
  const child = startChild(await bundleProgram('beside-program.fixture'), [path]);
  const ask = (line: string): Promise<string> => {
    child.process.stdin.write(`${line}\n`);
    return child.line();
  };
  /** A store that nobody tells of the commits of others sees them some milliseconds late. */
  const seen = () => wait(20);
  const heads: number[] = [];
  const stop = store.onCommit((head) => heads.push(head));

  await run(put('r', 'mine', { a: 1 }));
  expect(JSON.parse(await ask('get r mine'))).toMatchObject({ payload: { a: 1 }, tx: 1 });
  const held = store.snapshot();
  expect(await ask('put r mine {"a":2}')).toBe('2');
  expect(await ask('put theirs/new k {"b":1}')).toBe('3');
  expect(held.get('r', 'mine')).toMatchObject({ payload: { a: 1 } });
  held.release();
  await seen();
  expect(get('r', 'mine')).toMatchObject({ payload: { a: 2 }, version: 2 });
  expect(get('theirs/new', 'k')).toMatchObject({ payload: { b: 1 } });
  expect(store.snapshot().routes()).toEqual(['r', 'theirs/new']);
  expect(brief(drain(store.snapshot(), scan('theirs', true)))).toEqual([['k', { b: 1 }]]);
  const columnsOf = (): readonly (readonly [string, number | undefined])[] => {
    const snapshot = store.snapshot();
    const columns = snapshot.columns?.('theirs/new', [{ path: ['b'] }]);
    const keys = drain(snapshot, scan('theirs/new')).flatMap((drop) => drop.key ?? []);
    const cells = keys.map((key) => {
      return [key, columns?.columns[0]?.numbers?.[columns.ordinalOf(key) ?? -1]] as const;
    });
    expect(columns?.count).toBe(keys.length);
    columns?.release();
    snapshot.release();
    return cells;
  };
  expect(columnsOf()).toEqual([['k', 1]]);
  await ask('put theirs/new k {"b":2}');
  await ask('put theirs/new j {"b":3}');
  await run(put('theirs/new', 'l', { b: 4 }));
  expect(columnsOf()).toEqual([
    ['j', 3],
    ['k', 2],
    ['l', 4],
  ]);
  const stale = {
    kind: 'put',
    route: 'r',
    key: 'mine',
    payload: 1,
    precondition: { kind: 'tx', tx: 1 },
  } as const;
  expect(await refused(stale)).toMatchObject({ code: 'CONFLICT' });

  await ask('put patterns p {"fields":{"n":{"type":"number","required":true}}}');
  expect(await refused(put('p', 'k', {}))).toMatchObject({ code: 'SCHEMA_VIOLATION' });
  await run(remove('patterns', 'p'));
  expect(await ask('patterns')).toBe('[]');
  expect(await ask('put p k {}')).toMatch(/^\d+$/);

  const adding = ask('add 40');
  for (let i = 0; i < 40; i += 1) await run(add('shared', 'counter', ['n'], 1));
  expect(await adding).toBe('added');
  await seen();
  expect(get('shared', 'counter')).toMatchObject({ payload: { n: 80 } });

  const before = heads.length;
  await wait(120);
  heads.length = before;
  const tx = Number(await ask('put r last {"z":1}'));
  for (let i = 0; i < 100 && heads.at(-1) !== tx; i += 1) await wait(20);
  expect(heads.at(-1)).toBe(tx);
  stop();
  expect(await ask('verify')).toBe('true');
  expect(store.admin.verify().ok).toBe(true);
  child.process.stdin.end();
  await child.ended;
}, 60_000);

test('a store that is told of the commits of others shows what they acknowledged, whatever was read a moment before', async () => {
  const path = join(temporaryFolder(), 'data');
  let announced = 0;
  const { store } = openStoreParts({ path, durability: 'relaxed', announce: () => (announced += 1) });
  const child = startChild(await bundleProgram('beside-program.fixture'), [path]);
  const heads: number[] = [];
  store.onCommit((head) => heads.push(head));
  const get = () => {
    const snapshot = store.snapshot();
    const found = snapshot.get('r', 'mine');
    snapshot.release();
    return found;
  };
  await store.commit({ operations: [put('r', 'mine', { i: -1 })], writer: null });
  expect(announced).toBe(1);
  for (let i = 0; i < 200; i += 1) {
    child.process.stdin.write(`put r mine {"i":${i}}\n`);
    // Asked for again and again, until the moment of the acknowledgement.
    const reading = setInterval(get, 0);
    const written = Number(await child.line());
    expect(get()).toMatchObject({ tx: written, payload: { i } });
    clearInterval(reading);
    store.lookForCommits();
    expect(heads.at(-1)).toBe(written);
  }
  expect(announced).toBe(1);
  await store.close();
  child.process.stdin.end();
  await child.ended;
}, 60_000);

test('a process that opens or closes the store takes back no commit of another one', async () => {
  const path = join(temporaryFolder(), 'data');
  const { store } = openStoreParts({ path, durability: 'relaxed' });
  const child = startChild(await bundleProgram('opening-program.fixture'), [path, '150']);
  let isOver = false;
  const ended = child.ended.finally(() => (isOver = true));
  const txs: number[] = [];
  while (!isOver) {
    const { tx } = await store.commit({ operations: [add('shared', 'counter', ['n'], 1)], writer: null });
    txs.push(tx);
  }
  await ended;
  expect(txs.length).toBeGreaterThan(100);
  // The first increment makes its entity.
  expect(txs).toEqual(txs.map((_, i) => i + 2));
  const snapshot = store.snapshot();
  expect(snapshot.get('shared', 'counter')).toMatchObject({ payload: { n: txs.length } });
  snapshot.release();
  expect(store.admin.verify().ok).toBe(true);
  await store.close();
}, 60_000);
