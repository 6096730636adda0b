import { assertNever, DropsError } from '@drops/diagnostics';
import type { ForEach, Json, Relation, RowEffect, StoredDrop } from '@drops/ir';
import type { Operation } from '@drops/store';
import type { ExecutionContext } from '../context.js';
import { isRow, starOf, type Row } from '../row.js';
import { collectRelation } from '../run-plan.js';
import { placedError } from './operation-error.js';
import { showResults } from './run-write.js';
import { textOf } from './to-operation.js';

/** Times a removal starts again because a row changed between reading and writing. */
const maxAttempts = 8;

type StoreEffect = Exclude<RowEffect, { readonly kind: 'InvokeEach' }>;

/** A pipe that acts on drops: one transaction over the rows as read. */
export async function runForEach(
  plan: ForEach & { readonly effect: StoreEffect },
  context: ExecutionContext,
): Promise<Json> {
  const { effect } = plan;
  switch (effect.kind) {
    case 'RemoveEach':
      return removeEach(plan, context);
    case 'SaveEach':
      return saveEach(await collectRelation(plan.input, context), effect.route, plan, context);
    case 'SaveAll':
      return saveAll(await collectRelation(plan.input, context), effect, plan, context);
    default:
      return assertNever(effect);
  }
}

/** The drop a row is, or was picked from. */
function dropOf(row: Row): StoredDrop | null {
  let origin = row;
  while (isRow(origin.from)) origin = origin.from;
  return origin.drop;
}

/** One operation a drop, however many pairs it stands in; entities only as they were read. */
function removals(rows: readonly Row[]): readonly Operation[] {
  const operations = new Map<number, Operation>();
  for (const row of rows) {
    const drop = dropOf(row);
    if (!drop) continue;
    const { route, key, tx } = drop;
    operations.set(
      tx,
      key === null
        ? { kind: 'hide', route, tx }
        : { kind: 'delete', route, key, precondition: { kind: 'tx', tx } },
    );
  }
  return [...operations.values()];
}

const isConflict = (thrown: unknown): boolean =>
  thrown instanceof DropsError && thrown.diagnostic.code === 'CONFLICT';

async function removeEach(plan: ForEach, context: ExecutionContext): Promise<Json> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await onFreshSnapshot(attempt > 1, context, (fresh) => removeOnce(plan, fresh));
    } catch (thrown) {
      if (!isConflict(thrown) || attempt === maxAttempts) throw thrown;
    }
  }
}

/** Runs with the snapshot of the statement first, with a new one when that was overtaken. */
async function onFreshSnapshot<T>(
  renew: boolean,
  context: ExecutionContext,
  use: (context: ExecutionContext) => Promise<T>,
): Promise<T> {
  if (!renew) return use(context);
  const snapshot = await context.store.snapshot();
  try {
    return await use({ ...context, snapshot });
  } finally {
    snapshot.release();
  }
}

async function removeOnce(plan: ForEach, context: ExecutionContext): Promise<Json> {
  const operations = removals(await collectRelation(plan.input, context));
  if (operations.length === 0) return { ok: true, removed: 0 };
  const { results } = await commitAll(operations, plan, context);
  const removed = results.filter((r) => r.kind === 'delete' || (r.kind === 'hide' && r.removed)).length;
  return { ok: true, removed };
}

async function commitAll(operations: readonly Operation[], plan: ForEach, context: ExecutionContext) {
  try {
    return await context.store.commit({ operations, writer: context.writer });
  } catch (thrown) {
    const spans = operations.map(() => plan.effect.span);
    throw placedError(thrown, spans, false);
  }
}

/** A drop keeps payload and key; a flat row is its own payload and has the key of the drop it came from. */
function copyOf(row: Row, route: string): Operation | undefined {
  const key = dropOf(row)?.key ?? null;
  const payload: Json = row.drop ? row.drop.payload : (row.columns ?? {});
  // Tombstones, which only a history shows, have nothing to copy.
  return payload === null ? undefined : { kind: 'put', route, key, payload };
}

async function saveEach(
  rows: readonly Row[],
  route: string,
  plan: ForEach,
  context: ExecutionContext,
): Promise<Json> {
  const operations = rows.flatMap((row) => copyOf(row, route) ?? []);
  if (operations.length === 0) return { ok: true, count: 0, drops: [], tx: context.snapshot.tx };
  const result = await commitAll(operations, plan, context);
  return {
    ok: true,
    count: operations.length,
    drops: showResults(operations, result, context),
    tx: result.tx,
  };
}

/** True when the rows end in `first`: then the payload is the one row. */
function isSingle(relation: Relation): boolean {
  switch (relation.kind) {
    case 'Slice':
      return relation.single || isSingle(relation.input);
    case 'Filter':
    case 'Project':
    case 'Sort':
      return isSingle(relation.input);
    default:
      return false;
  }
}

async function saveAll(
  rows: readonly Row[],
  effect: Extract<StoreEffect, { kind: 'SaveAll' }>,
  plan: ForEach,
  context: ExecutionContext,
): Promise<Json> {
  const records = rows.map(starOf);
  const [only] = records;
  const payload: Json = only && isSingle(plan.input) ? only : records;
  const operations: readonly Operation[] = [
    { kind: 'put', route: effect.route, key: textOf(effect.key), payload },
  ];
  const result = await commitAll(operations, plan, context);
  return showResults(operations, result, context)[0] ?? null;
}
