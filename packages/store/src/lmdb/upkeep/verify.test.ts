import { expect, test } from 'vitest';
import type { Table } from '../table.js';
import { add, openTestStore, put, remove, type TestStore } from '../testing/temporary-store.fixture.js';

async function filled(): Promise<TestStore> {
  const opened = openTestStore(undefined, undefined, 'relaxed');
  await opened.store.commit({ operations: [put('users', 'alice', { n: 1 })], writer: 'w'.repeat(43) });
  await opened.run(
    put('users', 'bob', { n: 2 }, 60),
    put('events/clicks', null, 'click'),
    add('users', 'bob', ['n'], 1),
  );
  await opened.run(remove('users', 'alice'));
  return opened;
}

function rows(table: Table): readonly { readonly key: string; readonly value: Buffer }[] {
  return [...table.getRange({ start: '', end: '\xff' })];
}

test('an untouched store verifies', async () => {
  const { store } = await filled();
  expect(store.admin.verify()).toEqual({
    ok: true,
    checked: 5,
    head: 5,
    link: expect.stringMatching(/^[0-9a-f]{64}$/),
    root: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test('an empty store verifies', () => {
  expect(openTestStore().store.admin.verify()).toMatchObject({ ok: true, checked: 0, head: 0 });
});

test('a changed payload is named', async () => {
  const { store, environment } = await filled();
  const [row] = rows(environment.payloads);
  environment.write(() => {
    if (row)
      environment.payloads.putSync(
        row.key,
        Buffer.from(row.value.toString('latin1').replace('1', '2'), 'latin1'),
      );
  });
  const { ok, problem } = store.admin.verify();
  expect([ok, problem]).toEqual([false, 'tx 1: users @alice: payload does not match its commitment']);
});

test('any byte flipped in payloads, headers, links or head is found', async () => {
  const { store, environment } = await filled();
  const { payloads, log, chain, meta } = environment;
  const head = rows(meta).filter(({ key }) => key === 'head');
  const places = [
    ...[payloads, log, chain].flatMap((table) => rows(table).map((row) => ({ table, ...row }))),
    // The epoch, bytes 12 to 17, is no part of the truth.
    ...head.map((row) => ({ table: meta, ...row })),
  ];
  let tried = 0;
  for (const { table, key, value } of places) {
    for (let i = 0; i < value.length; i += 1) {
      if (table === meta && i >= 12 && i < 18) continue;
      const flipped = Buffer.from(value);
      flipped[i] = (flipped[i] ?? 0) ^ 0x41;
      environment.write(() => {
        table.putSync(key, flipped);
      });
      expect(store.admin.verify().ok, `byte ${i} of ${Buffer.from(key, 'latin1').toString('hex')}`).toBe(
        false,
      );
      tried += 1;
      environment.write(() => {
        table.putSync(key, value);
      });
    }
  }
  expect(tried).toBeGreaterThan(600);
  expect(store.admin.verify().ok).toBe(true);
});

test('a missing or added row is found', async () => {
  const { store, environment } = await filled();
  for (const table of [environment.log, environment.payloads, environment.chain]) {
    for (const { key, value } of rows(table)) {
      environment.write(() => {
        table.removeSync(key);
      });
      expect(store.admin.verify().ok).toBe(false);
      environment.write(() => {
        table.putSync(key, value);
        table.putSync('\0\0\0\0\0\x09', value);
      });
      expect(store.admin.verify().ok).toBe(false);
      environment.write(() => {
        table.removeSync('\0\0\0\0\0\x09');
      });
    }
  }
  expect(store.admin.verify().ok).toBe(true);
});
