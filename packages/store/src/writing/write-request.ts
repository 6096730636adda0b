import { invariant } from '@drops/diagnostics';
import { dropIdOf } from '../log/commitment.js';
import { storedDrop } from '../log/stored-drop.js';
import type { CommitResult, OperationResult } from '../store.js';
import type { AnyOperation, Outcome } from './operations.js';

/** What callers ask for, and what the store asks of itself. */
export interface WriteRequest {
  readonly operations: readonly AnyOperation[];
  readonly writer: string | null;
  readonly wantsResults?: boolean;
}

export type UnitResult =
  | { readonly kind: 'done'; readonly result: CommitResult }
  | { readonly kind: 'failed'; readonly error: unknown };

/** What an operation answers once its record has been written at a time by a writer, given by its public id. */
export function resultOf(outcome: Outcome, time: number, writer: string | null): OperationResult {
  if (outcome.kind === 'hide' || outcome.kind === 'increment') return outcome;
  const { commitment, tx, version, price, expiresAt, route, key, payload } = outcome.draft;
  invariant(commitment, 'a record that was written has a commitment');
  const parts = { dropId: dropIdOf(commitment, 0), writer, time, version, tx, price, expiresAt };
  return { kind: outcome.kind, drop: storedDrop(parts, route, key, payload) };
}
