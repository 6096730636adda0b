import { createHash } from 'node:crypto';
import { DropsError } from '@drops/diagnostics';
import { isObject, type JsonObject, type StoredDrop } from '@drops/ir';
import type { Precondition, Snapshot, Store } from '@drops/store';

/** A record of a system route: its fields, and the condition that nobody has changed it since. */
export interface SystemRecord {
  readonly key: string;
  readonly fields: JsonObject;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly unchanged: Precondition;
}

function recordOf(drop: StoredDrop): SystemRecord | undefined {
  const { key, payload, tx, created_at: createdAt } = drop;
  if (key === null || !isObject(payload)) return undefined;
  return { key, fields: payload, createdAt, unchanged: { kind: 'tx', tx } };
}

/** The record of a system route, which only the server writes. */
export async function systemRecord(
  snapshot: Snapshot,
  route: string,
  key: string,
): Promise<SystemRecord | undefined> {
  const drop = await snapshot.get(route, key);
  return drop === undefined || drop === 'deleted' ? undefined : recordOf(drop);
}

/** All records of a system route, by their keys. */
export async function systemRecords(snapshot: Snapshot, route: string): Promise<readonly SystemRecord[]> {
  const source = snapshot.run({ kind: 'RouteScan', route, subtree: false, rows: 'entities' });
  const found: SystemRecord[] = [];
  if (!source) return found;
  try {
    for (let batch = await source.next(); batch; batch = await source.next()) {
      for (const drop of batch) {
        const record = recordOf(drop);
        if (record) found.push(record);
      }
    }
  } finally {
    source.close();
  }
  return found;
}

/** That a record is written only if it is as it was read. */
export function asRead(record: SystemRecord | undefined): Precondition {
  return record?.unchanged ?? { kind: 'absent' };
}

function isConflict(thrown: unknown): boolean {
  return thrown instanceof DropsError && thrown.diagnostic.code === 'CONFLICT';
}

/** Tries a change of records on the newest state, and anew whenever somebody else was quicker. */
export async function untilUncontested<T>(
  store: Store,
  attempt: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  for (;;) {
    const snapshot = await store.snapshot();
    try {
      return await attempt(snapshot);
    } catch (thrown) {
      if (!isConflict(thrown)) throw thrown;
    } finally {
      snapshot.release();
    }
  }
}

/** A text field of a record. */
export function textField({ fields }: SystemRecord, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' ? value : undefined;
}

/** SHA-256 in hex: what is kept of a secret that only has to be recognised. */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
