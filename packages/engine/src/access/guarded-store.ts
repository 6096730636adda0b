import { isAdministrator, isRemoteAdministrator, type Identity } from '@drops/access';
import { DropsError } from '@drops/diagnostics';
import { indexIn } from '@drops/executor';
import { accessKey } from '@drops/ir';
import type { CommitRequest, CommitResult, Operation, Snapshot, Store } from '@drops/store';
import { guardOperations, isList, pricesAny, type GuardedOperations, type Protection } from './guard.js';
import type { Audit } from './audit.js';
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
  readonly audit: Audit;
}

const refusals: ReadonlySet<string> = new Set(['KEY_REQUIRED', 'FORBIDDEN', 'NO_TRUST']);

/** Writes down that a change was refused. */
function noteRefusal({ audit }: GuardContext, identity: Identity, thrown: unknown): void {
  if (!(thrown instanceof DropsError) || !refusals.has(thrown.diagnostic.code)) return;
  audit.refused(identity, { code: thrown.diagnostic.code, rule: thrown.diagnostic.message, deed: 'commit' });
}

/** Writes down what was done to lists, and by administrators who came over the network. */
function noteDone({ audit }: GuardContext, identity: Identity, operations: readonly Operation[]): void {
  const lists = operations.filter(
    (operation) => 'key' in operation && isList(operation.route, operation.key),
  );
  if (lists.length > 0) audit.done(identity, lists, 'access');
  else if (isRemoteAdministrator(identity)) audit.done(identity, operations, 'administration');
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
  if (!isAdministrator(identity) || pricesAny(operations)) return false;
  return operations.every((o) => !('key' in o) || (o.key !== accessKey && !o.route.startsWith('trust/')));
}

/** A store whose every commit is judged for one caller, and whose drops are shown as the caller sees them: no statement gets at another one. */
export function guardedStore(
  context: GuardContext,
  identity: Identity,
  protection: () => Protection,
  see: (snapshot: Snapshot) => Snapshot,
): StatementStore {
  const { store } = context;
  /** At the newest state: what was let in before a revoke is still judged after it. */
  const judge = async (request: CommitRequest): Promise<GuardedOperations> => {
    const snapshot = await store.snapshot();
    try {
      const reads = createReads(snapshot);
      const records = recordsOf(reads, context.access, context.accessCache);
      return await decided(() =>
        guardOperations(identity, request.operations, protection(), { reads, records }),
      );
    } catch (thrown) {
      noteRefusal(context, identity, thrown);
      throw thrown;
    } finally {
      snapshot.release();
    }
  };
  const commit = async (request: CommitRequest): Promise<CommitResult> => {
    if (isPlain(identity, request)) {
      const result = await store.commit(request);
      noteDone(context, identity, request.operations);
      return result;
    }
    for (let attempt = 1; ; attempt += 1) {
      const { lists, operations, ours } = await judge(request);
      try {
        const result = await store.commit({ ...request, operations: [...lists, ...operations] });
        noteDone(context, identity, operations);
        return { ...result, results: result.results.slice(lists.length) };
      } catch (thrown) {
        const at = conflictAt(thrown);
        if (at !== undefined && ours.has(at) && attempt < maxAttempts) continue;
        throw withoutLists(thrown, lists.length, operations.length);
      }
    }
  };
  const snapshot = () => {
    const opened = store.snapshot();
    return opened instanceof Promise ? opened.then(see) : see(opened);
  };
  return { snapshot, commit };
}
