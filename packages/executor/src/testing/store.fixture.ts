import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isObject, type Json, type JsonObject, type Query, type Relation } from '@drops/ir';
import {
  openLmdbStore,
  type LocalSnapshot,
  type LocalStore,
  type Operation,
  type Snapshot,
} from '@drops/store';
import type { ExecutionContext } from '../context.js';
import { execute, type ExecutablePlan } from '../execute.js';
import type { JsonText } from '../query-text.js';
import { runQueryAsText } from '../run-query.js';
import { query } from './relations.fixture.js';

export interface RunOptions extends Partial<ExecutionContext> {
  /** What a statement sees instead of the snapshot. */
  readonly seen?: (snapshot: LocalSnapshot) => Snapshot;
}

export interface TestStore {
  readonly store: LocalStore;
  /** Moves the clock, in ms. */
  readonly advance: (ms: number) => void;
  /** One commit an operation, a millisecond apart. */
  readonly write: (...operations: readonly Operation[]) => Promise<void>;
  /** All operations in one commit, at one time. */
  readonly writeAtOnce: (operations: readonly Operation[]) => Promise<void>;
  readonly run: (plan: ExecutablePlan, more?: RunOptions) => Promise<Json>;
  /** A query whose reply may be text. */
  readonly runAsText: (query: Query, more?: RunOptions) => Promise<Json | JsonText>;
  readonly close: () => Promise<void>;
}

/** A store in a folder of its own, with a clock that tests move. */
export function openTestStore(): TestStore {
  const folder = mkdtempSync(join(tmpdir(), 'drops-executor-'));
  let now = Date.parse('2026-01-01T00:00:00Z');
  const store = openLmdbStore({ path: folder, clock: () => now, durability: 'relaxed' });
  const writeAtOnce = async (operations: readonly Operation[]) => {
    now += 1;
    await store.commit({ operations, writer: null });
  };
  const withContext = async <T>(
    more: RunOptions,
    run: (context: ExecutionContext) => T | Promise<T>,
  ): Promise<T> => {
    const snapshot = store.snapshot();
    try {
      return await run({ store, snapshot: more.seen?.(snapshot) ?? snapshot, writer: null, ...more });
    } finally {
      snapshot.release();
    }
  };
  return {
    store,
    advance: (ms) => {
      now += ms;
    },
    writeAtOnce,
    async write(...operations) {
      for (const operation of operations) await writeAtOnce([operation]);
    },
    run: (plan, more = {}) => withContext(more, (context) => execute(plan, context)),
    runAsText: (query, more = {}) => withContext(more, (context) => runQueryAsText(query, context)),
    async close() {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function put(route: string, key: string | null, payload: Json): Operation {
  return { kind: 'put', route, key, payload };
}

/** A reply or a part of one as the object it is. */
export function asObject(value: Json | undefined): JsonObject {
  if (!isObject(value)) throw new Error(`no object: ${JSON.stringify(value)}`);
  return value;
}

/** The `results` of a query over a relation. */
export async function resultsOf(
  test: TestStore,
  relation: Relation | Query,
  more?: RunOptions,
): Promise<readonly JsonObject[]> {
  const plan = relation.kind === 'Query' ? relation : query(relation);
  const { results } = asObject(await test.run(plan, more));
  return Array.isArray(results) ? results.map(asObject) : [];
}

/** The keys of rows, events as their tx. */
export function keysOf(rows: readonly JsonObject[]): readonly (Json | undefined)[] {
  return rows.map((row) => row['key'] ?? row['tx']);
}
