import { automaticIndex } from '@drops/executor';
import { definitionRoutes } from '@drops/ir';
import type { MissingIndex } from '@drops/planner';
import type { Store } from '@drops/store';

export interface AutomaticIndexLimits {
  /** Fewer rows are scanned as fast as they are looked up. */
  readonly rows: number;
  /** Runs of queries that an index would have helped before it is made. */
  readonly runs: number;
  /** Ms after which an automatic index goes that no query has used. */
  readonly idle: number;
}

export const automaticIndexLimits: AutomaticIndexLimits = { rows: 10_000, runs: 50, idle: 24 * 3_600_000 };

/** Fields that are counted at a time. */
const countedFields = 1000;

/** Makes indexes for what queries keep asking for, and removes those of its own that nobody uses. */
export interface AutomaticIndexes {
  /** A query ran over `rows` rows that an index would have spared it. */
  note(index: MissingIndex, rows: number): void;
  /** Removes automatic indexes that no process has used for the time of `idle`. */
  tidy(): Promise<void>;
  stop(): void;
}

/** The automatic indexes of a store. They are defined like any other; the store builds them beside the other writers. */
export function createAutomaticIndexes(store: Store, limits: AutomaticIndexLimits): AutomaticIndexes {
  const runs = new Map<string, number>();

  const make = ({ route, fields }: MissingIndex): void => {
    const { key, record } = automaticIndex(route, fields);
    const precondition = { kind: 'absent' } as const;
    const put = { kind: 'put', route: definitionRoutes.indexes, key, payload: record, precondition } as const;
    // Another process may have made it meanwhile; on a full disk queries will ask again.
    store.commit({ operations: [put], writer: null }).catch(() => undefined);
  };

  const idleOnes = async () => {
    store.admin.shareIndexUses();
    const snapshot = await store.snapshot();
    try {
      return snapshot
        .routes()
        .flatMap((route) => snapshot.indexes(route).map((index) => ({ route, ...index })))
        .filter(({ created, lastUsed }) => created === 'auto' && lastUsed <= snapshot.now - limits.idle);
    } finally {
      snapshot.release();
    }
  };

  const tidy = async (): Promise<void> => {
    for (const { route, fields, id } of await idleOnes()) {
      const { key } = automaticIndex(route, fields);
      const precondition = { kind: 'tx', tx: id } as const;
      const remove = { kind: 'delete', route: definitionRoutes.indexes, key, precondition } as const;
      await store.commit({ operations: [remove], writer: null }).catch(() => undefined);
    }
  };
  const timer = setInterval(() => void tidy().catch(() => undefined), limits.idle / 24).unref();

  return {
    note(index, rows) {
      if (rows < limits.rows) return;
      const name = JSON.stringify([index.route, index.fields]);
      const count = (runs.get(name) ?? 0) + 1;
      if (count === limits.runs) make(index);
      if (runs.size >= countedFields && !runs.has(name)) runs.clear();
      runs.set(name, count % limits.runs);
    },
    tidy,
    stop: () => clearInterval(timer),
  };
}
