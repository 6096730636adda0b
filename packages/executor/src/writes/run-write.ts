import { invariant } from '@drops/diagnostics';
import type { Batch, Json, WriteOperation } from '@drops/ir';
import type { CommitResult, Operation } from '@drops/store';
import type { ExecutionContext } from '../context.js';
import type { ExpressionContext } from '../expressions/compile.js';
import { placedError } from './operation-error.js';
import { showResult } from './show-result.js';
import { toOperation } from './to-operation.js';

function expressionContext(context: ExecutionContext): ExpressionContext {
  return { now: context.snapshot.now, answers: new Map() };
}

/** The replies of the operations of a commit, in their order. */
export function showResults(
  operations: readonly Operation[],
  { results }: CommitResult,
  { tells }: Pick<ExecutionContext, 'tells'>,
): readonly Json[] {
  return operations.map((operation, i) => {
    const result = results[i];
    invariant(result, 'an operation without a result');
    return showResult(operation, result, tells?.(operation.route) ?? true);
  });
}

async function commit(
  writes: readonly WriteOperation[],
  bulk: boolean,
  context: ExecutionContext,
): Promise<{ readonly tx: number; readonly replies: readonly Json[] }> {
  const expressions = expressionContext(context);
  const operations = writes.map((write) => toOperation(write, expressions));
  const spans = writes.map((write) => write.span);
  try {
    const result = await context.store.commit({ operations, writer: context.writer });
    return { tx: result.tx, replies: showResults(operations, result, context) };
  } catch (thrown) {
    throw placedError(thrown, spans, bulk);
  }
}

/** save, update, remove, add: one operation, one commit. */
export async function runWrite(write: WriteOperation, context: ExecutionContext): Promise<Json> {
  const { replies } = await commit([write], false, context);
  return replies[0] ?? null;
}

/** All operations or none. */
export async function runBatch(batch: Batch, context: ExecutionContext): Promise<Json> {
  const { tx, replies } = await commit(batch.operations, true, context);
  return { ok: true, count: replies.length, drops: replies, tx };
}
