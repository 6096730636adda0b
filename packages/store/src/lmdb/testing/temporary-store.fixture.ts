import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DropsError, type Diagnostic } from '@drops/diagnostics';
import type { AccessPath, Json, StoredDrop } from '@drops/ir';
import { afterEach } from 'vitest';
import type { CommitResult, Operation, Snapshot } from '../../store.js';
import { systemFiles } from '../../backup/write-backup.js';
import { openEnvironment, type EnvironmentOptions } from '../environment.js';
import { openStoreParts, type OpenedStore } from '../open-lmdb-store.js';

/** A store in a folder of its own whose clock the test sets. */
export interface TestStore extends OpenedStore {
  readonly path: string;
  readonly clock: { now: number };
  /** Commits operations as one unit of an anonymous writer. */
  run(...operations: Operation[]): Promise<CommitResult>;
  /** The error that a unit ends with. */
  refused(...operations: Operation[]): Promise<Diagnostic>;
  get(route: string, key: string): StoredDrop | 'deleted' | undefined;
}

const opened: OpenedStore[] = [];
const folders: string[] = [];

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'drops-store-'));
  folders.push(folder);
  return folder;
}

afterEach(async () => {
  for (const { store } of opened.splice(0)) await store.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Closes a store before its test ends. */
export async function closeStore(test: OpenedStore): Promise<void> {
  opened.splice(opened.indexOf(test), 1);
  await test.store.close();
}

/** Segments of the log so short that a test goes through some. */
const withSegment = (segment: number) => ({
  files: systemFiles,
  openEnvironment: (options: EnvironmentOptions) => openEnvironment({ ...options, segment }),
});

/** Opens a store that is closed after the test. `relaxed` for tests of many commits. */
export function openTestStore(
  path = temporaryFolder(),
  clock = { now: 1_000_000_000_000 },
  durability: 'full' | 'relaxed' = 'full',
  beneath?: Parameters<typeof openStoreParts>[1],
  columnMemory?: number,
  segment?: number,
): TestStore {
  const options = {
    path,
    clock: () => clock.now,
    durability,
    ...(columnMemory !== undefined && { columnMemory }),
  };
  const parts = openStoreParts(options, segment === undefined ? beneath : withSegment(segment));
  opened.push(parts);
  const run = (...operations: Operation[]) => parts.store.commit({ operations, writer: null });
  const test: TestStore = {
    ...parts,
    path,
    clock,
    run,
    async refused(...operations) {
      try {
        await run(...operations);
      } catch (thrown) {
        if (thrown instanceof DropsError) return thrown.diagnostic;
        throw thrown;
      }
      throw new Error('the commit was expected to be refused');
    },
    get(route, key) {
      const snapshot = parts.store.snapshot();
      const found = snapshot.get(route, key);
      snapshot.release();
      return found;
    },
  };
  opened.splice(opened.indexOf(parts), 1, test);
  return test;
}

/** All drops along an access path. */
export function drain(snapshot: Snapshot, path: AccessPath): readonly StoredDrop[] {
  const source = snapshot.run(path);
  if (!source) throw new Error(`${path.kind} is not taken`);
  const drops: StoredDrop[] = [];
  for (;;) {
    const batch = source.next();
    if (batch === null) return drops;
    if (batch instanceof Promise) throw new Error('LMDB answers at once');
    drops.push(...batch);
  }
}

/** Key, or tx for events, with the payload: what most tests compare. */
export const brief = (drops: readonly StoredDrop[]): readonly (readonly [string | number, Json])[] =>
  drops.map((drop) => [drop.key ?? drop.tx, drop.payload]);

export const put = (route: string, key: string | null, payload: Json, ttl?: number): Operation => ({
  kind: 'put',
  route,
  key,
  payload,
  ...(ttl !== undefined && { ttl }),
});
export const add = (
  route: string,
  key: string,
  path: readonly (string | number)[],
  delta: number,
): Operation => ({
  kind: 'increment',
  route,
  key,
  path,
  delta,
});
export const merge = (route: string, key: string, changes: { readonly [name: string]: Json }): Operation => ({
  kind: 'merge',
  route,
  key,
  changes,
});
export const remove = (route: string, key: string): Operation => ({ kind: 'delete', route, key });
export const hide = (route: string, tx: number): Operation => ({ kind: 'hide', route, tx });

export const scan = (route: string, subtree = false): AccessPath => ({
  kind: 'RouteScan',
  route,
  subtree,
  rows: 'all',
});
export const history = (route: string): AccessPath => ({
  kind: 'HistoryScan',
  route,
  subtree: false,
  newestFirst: false,
});
