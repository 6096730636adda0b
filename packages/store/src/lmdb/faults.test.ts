import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DropsError } from '@drops/diagnostics';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Operation } from '../store.js';
import { systemFiles, type Files } from '../backup/write-backup.js';
import { openEnvironment } from './environment.js';
import { createFaults, type Faults } from './testing/faults.fixture.js';
import { restoreBackup } from '../restore-backup.js';
import { derivedBytes, digestOf } from './testing/table-bytes.fixture.js';
import {
  add,
  closeStore,
  hide,
  merge,
  openTestStore,
  put,
  remove,
  temporaryFolder,
  type TestStore,
} from './testing/temporary-store.fixture.js';

/** `pnpm faults` runs a longer script. */
const commands = Number(process.env['DROPS_FAULT_COMMANDS'] ?? 100);
/** A store lives through so many commands: comparing all of it after each failure stays cheap. */
const commandsOfStore = 50;

// Nothing is swept but by command: on a slow machine a sweep of its own would come between what is compared.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

/** Numbers below a limit that a seed decides. */
function createDice(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

type Dice = ReturnType<typeof createDice>;
type Command = (test: TestStore) => Promise<unknown>;

function operation(dice: Dice, n: number): Operation {
  const key = `k${dice(6)}`;
  const route = `r${dice(3)}`;
  switch (dice(7)) {
    case 0:
      return put(`new${n}`, null, { n });
    case 1:
      return put(route, null, { n, text: 'e'.repeat(dice(300)) });
    case 2:
      return add(route, key, ['n'], 1);
    case 3:
      return merge(route, key, { m: n });
    case 4:
      return remove(route, key);
    case 5:
      return hide(route, 1 + dice(n + 1));
    default:
      return put(route, key, { n, text: 'x'.repeat(dice(4000)) }, dice(3) === 0 ? 1 + dice(100) : undefined);
  }
}

function commandOf(dice: Dice, n: number): { readonly name: string; readonly run: Command } {
  const pick = dice(20);
  if (pick === 0) return { name: 'rebuild', run: async ({ store }) => store.admin.rebuild() };
  if (pick === 1) return { name: 'sweep', run: ({ sweep }) => sweep() };
  if (pick === 2) return { name: 'backup', run: ({ store, path }) => store.admin.backup(`${path}.backup`) };
  const operations = Array.from({ length: pick < 8 ? 2 + dice(8) : 1 }, () => operation(dice, n));
  return { name: `commit of ${operations.length}`, run: ({ run }) => run(...operations) };
}

/** Runs a command in which the n-th write call fails; says whether there were that many. */
async function failAt(
  faults: Faults,
  opened: TestStore,
  name: string,
  run: Command,
  nth: number,
): Promise<boolean> {
  const before = digestOf(opened.environment);
  faults.arm(nth);
  const error = await run(opened).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  const fired = faults.disarm();
  const code = error instanceof DropsError ? error.diagnostic.code : error;
  if (fired === undefined) {
    // What the state refuses is no failure of the disk.
    expect([undefined, 'NOT_FOUND', 'TYPE_ERROR', 'CONFLICT']).toContain(code);
    return false;
  }
  const place = `${name}, call ${nth}: ${fired}`;
  expect(code, place).toBe('STORE_FULL');
  expect(digestOf(opened.environment), place).toBe(before);
  expect(opened.store.admin.verify().problem, place).toBeUndefined();
  expect(existsSync(`${opened.path}.backup.unfinished`), place).toBe(false);
  return true;
}

/** At the end of a store: what is derived is what the log says, and its backup is whole. */
async function checkStore(opened: TestStore): Promise<void> {
  const derived = derivedBytes(opened.environment);
  opened.store.admin.rebuild();
  expect(derivedBytes(opened.environment)).toEqual(derived);
  const file = `${opened.path}.last`;
  await opened.store.admin.backup(file);
  const copy = join(temporaryFolder(), 'copy');
  await restoreBackup(file, copy);
  const restored = openTestStore(copy, opened.clock);
  expect(digestOf(restored.environment)).toBe(digestOf(opened.environment));
  await closeStore(restored);
  await closeStore(opened);
}

test(`each write call of ${commands} commands fails in turn, and nothing is half written`, async () => {
  const faults = createFaults();
  const dice = createDice(7);
  let opened: TestStore | undefined;
  for (let n = 0; n < commands; n += 1) {
    opened ??= openTestStore(join(temporaryFolder(), 'data'), { now: 1_000_000_000_000 }, 'relaxed', faults);
    opened.clock.now += 1000 * dice(30);
    const { name, run } = commandOf(dice, n);
    // A rebuild writes everything: a growing part of its calls is enough.
    const step = name === 'rebuild' ? 1.3 : 1;
    for (
      let nth = 1;
      await failAt(faults, opened, name, run, Math.floor(nth));
      nth = nth * step + (step === 1 ? 1 : 0.5)
    );
    if (n % commandsOfStore === commandsOfStore - 1 || n === commands - 1) {
      await checkStore(opened);
      opened = undefined;
    }
  }
  const counts = Object.fromEntries(faults.failed);
  expect(Object.keys(counts)).toEqual(
    expect.arrayContaining(['put', 'remove', 'clear', 'commit', 'create', 'write', 'sync', 'rename']),
  );
  if (commands > 100) {
    const sum = [...faults.failed.values()].reduce((total, count) => total + count, 0);
    process.stdout.write(
      `faults: ${commands} commands, ${sum} failures ${JSON.stringify(counts)}: nothing lost\n`,
    );
  }
}, 900_000);

test('of commits that share a transaction which fails, each is done once', async () => {
  const faults = createFaults();
  const opened = openTestStore(undefined, undefined, 'relaxed', faults);
  let expected = 0;
  for (let nth = 1; ; nth += 1) {
    faults.arm(nth);
    await Promise.all([1, 2, 3].map(() => opened.run(add('r', 'k', ['n'], 1))));
    expected += 3;
    expect(opened.get('r', 'k')).toMatchObject({ payload: { n: expected } });
    expect(opened.store.admin.verify().ok).toBe(true);
    if (faults.disarm() === undefined) break;
  }
  expect(expected).toBeGreaterThan(12);
});

test('a backup is whole also when the disk takes a part of each write', async () => {
  const files: Files = {
    ...systemFiles,
    async create(path) {
      const file = await systemFiles.create(path);
      return {
        write: (bytes, offset, length, position) =>
          file.write(bytes, offset, Math.min(length, 1000), position),
        sync: () => file.sync(),
        close: () => file.close(),
      };
    },
  };
  const opened = openTestStore(undefined, undefined, 'relaxed', { openEnvironment, files });
  for (let i = 0; i < 20; i += 1) await opened.run(put('r', `k${i}`, 'x'.repeat(700)));
  await checkStore(opened);
});
