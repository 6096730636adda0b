import { isAdministrator, type Identity } from '@drops/access';
import { DropsError } from '@drops/diagnostics';
import { indexIn } from '@drops/executor';
import { accessKey } from '@drops/ir';
import type { CommitRequest, CommitResult, Store } from '@drops/store';
import { guardOperations, type GuardedOperations, type Protection } from './guard.js';
import { createReads, decided } from './reads.js';
import { recordsOf, type AccessCache, type AccessSettings } from './records.js';

/** Times that a commit is judged again because a list or an owner was new in the meantime. */
const maxAttempts = 8;

/** The part of a store that statements work with. */
export type StatementStore = Pick<Store, 'snapshot' | 'commit'>;

export interface GuardContext {
  readonly store: Store;
  readonly access: AccessSettings;
  readonly accessCache: AccessCache;
}

/** The place in a commit that a conflict is about. */
function conflictAt(thrown: unknown): number | undefined {
  if (!(thrown instanceof DropsError) || thrown.diagnostic.code !== 'CONFLICT') return undefined;
  return indexIn(thrown.diagnostic.details) ?? 0;
}

/** An error of the commit as one of the caller's operations, who knows nothing of the lists before them. */
function withoutLists(thrown: unknown, lists: number, operations: number): unknown {
  if (lists === 0 || !(thrown instanceof DropsError)) return thrown;
  const details = (thrown.diagnostic.details ?? []).flatMap((detail) => {
    const index = indexIn([detail]);
    if (index === undefined) return [detail];
    return operations === 1 ? [] : [{ index: index - lists }];
  });
  const { details: _, ...rest } = thrown.diagnostic;
  return new DropsError(details.length > 0 ? { ...rest, details } : rest, { cause: thrown });
}

/** True for a commit that no rule of access has anything to add to: an administrator writes no list by hand. */
function isPlain(identity: Identity, { operations }: CommitRequest): boolean {
  if (!isAdministrator(identity)) return false;
  return operations.every((o) => !('key' in o) || (o.key !== accessKey && !o.route.startsWith('trust/')));
}

/** A store whose every commit is judged for one caller: no statement gets at another one. */
export function guardedStore(
  context: GuardContext,
  identity: Identity,
  protection: () => Protection,
): StatementStore {
  const { store } = context;
  const judge = async (request: CommitRequest): Promise<GuardedOperations> => {
    const opened = store.snapshot();
    const snapshot = opened instanceof Promise ? await opened : opened;
    try {
      const reads = createReads(snapshot);
      const records = recordsOf(reads, context.access, context.accessCache);
      return await decided(() =>
        guardOperations(identity, request.operations, protection(), { reads, records }),
      );
    } finally {
      snapshot.release();
    }
  };
  const commit = async (request: CommitRequest): Promise<CommitResult> => {
    if (isPlain(identity, request)) return store.commit(request);
    for (let attempt = 1; ; attempt += 1) {
      const { lists, operations, ours } = await judge(request);
      try {
        const result = await store.commit({ ...request, operations: [...lists, ...operations] });
        return { ...result, results: result.results.slice(lists.length) };
      } catch (thrown) {
        const at = conflictAt(thrown);
        if (at !== undefined && ours.has(at) && attempt < maxAttempts) continue;
        throw withoutLists(thrown, lists.length, operations.length);
      }
    }
  };
  return { snapshot: () => store.snapshot(), commit };
}
