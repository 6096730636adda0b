import {
  accessKey,
  accessRecord,
  callerId,
  denialError,
  mayWrite,
  publicIdOf,
  rulingList,
  trustKey,
  zoneOf,
  type AccessList,
  type AccessRecords,
  type Deed,
  type Identity,
} from '@drops/access';
import { DropsError, fail } from '@drops/diagnostics';
import { definitionRoutes, readIndexDefinition, type Json } from '@drops/ir';
import type { Operation, Precondition, PutOperation } from '@drops/store';
import { readListForm } from './list-form.js';
import type { Reads } from './reads.js';

/** Which new routes a statement protects: none but through /exec, and not those that it writes as public. */
export interface Protection {
  readonly protects: boolean;
  readonly publicRoutes: ReadonlySet<string>;
}

export const noProtection: Protection = { protects: false, publicRoutes: new Set() };

/** What the caller's operations become: the lists that go before them, and the operations themselves in their order. */
export interface GuardedOperations {
  readonly lists: readonly PutOperation[];
  readonly operations: readonly Operation[];
  /** Preconditions that were added here: their conflict is no fault of the caller, and all is judged again. */
  readonly ours: ReadonlySet<number>;
}

export interface GuardState {
  readonly reads: Reads;
  readonly records: AccessRecords;
}

/** Whether a key on a route names a list. */
function isList(route: string, key: string | null): key is string {
  if (key === accessKey) return true;
  return key === trustKey && zoneOf(route).kind === 'trust';
}

const keyOf = (operation: Operation): string | null => ('key' in operation ? operation.key : null);

function removes(operation: Operation): boolean {
  return operation.kind === 'delete' || operation.kind === 'hide';
}

/** Who wrote an event, found by its place in the log. */
function eventSource(route: string, tx: number, { reads }: GuardState): string | null | undefined {
  const event = reads.first({ kind: 'RouteScan', route, subtree: false, rows: 'all', after: { tx: tx - 1 } });
  return event?.tx === tx ? event.source : undefined;
}

function ownerOf(operation: Operation, state: GuardState): Deed['owner'] {
  const { route } = operation;
  if (zoneOf(route).kind !== 'internal') return undefined;
  if (operation.kind === 'hide') return eventSource(route, operation.tx, state);
  return operation.key === null ? undefined : state.records.owner(route, operation.key);
}

/** The route that the record of an index is about, as it is written or as it stands. */
function aboutOf(operation: Operation, { reads }: GuardState): string | undefined {
  if (operation.route !== definitionRoutes.indexes) return undefined;
  const key = keyOf(operation);
  const standing = key === null ? undefined : reads.get(operation.route, key);
  const written = operation.kind === 'put' ? operation.payload : undefined;
  const record = written ?? (typeof standing === 'object' ? standing.payload : undefined);
  return record === undefined ? undefined : readIndexDefinition(record)?.route;
}

function check(identity: Identity, operation: Operation, state: GuardState): void {
  const verdict = mayWrite(
    identity,
    {
      route: operation.route,
      key: keyOf(operation),
      removes: removes(operation),
      owner: ownerOf(operation, state),
      about: aboutOf(operation, state),
    },
    state.records,
  );
  if (!verdict.allowed) throw denialError(verdict);
}

/** Who owns a list that is written: whoever did, else the key of the zone, else the writer. */
function listOwner(identity: Identity, route: string, existing: AccessList | undefined): string | null {
  const zone = zoneOf(route);
  if (zone.kind === 'private') return publicIdOf(zone.key);
  return existing ? existing.owner : callerId(identity);
}

function noLifeSpan(operation: Operation): void {
  const spans = operation.kind === 'put' || operation.kind === 'merge';
  const { ttl, price } = spans ? operation : { ttl: undefined, price: undefined };
  const expires = operation.kind === 'put' ? operation.expiresAt : undefined;
  if (ttl === undefined && price === undefined && expires === undefined) return;
  fail('TYPE_ERROR', 'an access list has no life span and no price');
}

/** A list that is written by hand, in the form in which lists are kept. */
function guardList(identity: Identity, operation: Operation, key: string, state: GuardState): Operation {
  const { route } = operation;
  if (operation.kind === 'delete' || operation.kind === 'hide') return operation;
  if (operation.kind === 'increment') fail('TYPE_ERROR', 'an access list holds nothing to count');
  noLifeSpan(operation);
  const drop = state.reads.get(route, key);
  const standing = typeof drop === 'object' ? drop : undefined;
  // What is merged into nothing is refused by the store as it refuses any such update.
  if (operation.kind === 'merge' && standing === undefined) return operation;
  const { records } = state;
  const existing = key === accessKey ? records.acl(route) : records.trust(route.slice('trust/'.length));
  const form: Json = operation.kind === 'put' ? operation.payload : operation.changes;
  const kept = operation.kind === 'merge' ? existing : existing && { ...existing, grants: [] };
  const list = readListForm(form, kept, listOwner(identity, route, existing), records);
  const precondition: Precondition =
    operation.precondition ?? (standing ? { kind: 'tx', tx: standing.tx } : { kind: 'absent' });
  return { kind: 'put', route, key, payload: accessRecord(list), precondition };
}

/** The first write of an entity of the internal zone makes its owner: of two at once only one is the first. */
function guardFirstWrite(operation: Operation, state: GuardState): Operation {
  if (operation.kind !== 'put' || operation.key === null || operation.precondition) return operation;
  if (zoneOf(operation.route).kind !== 'internal' || ownerOf(operation, state) !== undefined)
    return operation;
  return { ...operation, precondition: { kind: 'absent' } };
}

/** The list that protects a route which a key begins, if it does. */
function protectingList(
  identity: Identity,
  operation: Operation,
  { protects, publicRoutes }: Protection,
  { records }: GuardState,
): PutOperation | undefined {
  const { route } = operation;
  const closed = records.openZone === 'closed';
  if (identity.kind !== 'key' || removes(operation) || zoneOf(route).kind !== 'open') return undefined;
  // Where routes without a list are closed, whoever begins one keeps it by whichever door.
  if (!closed && (!protects || publicRoutes.has(route) || keyOf(operation) === null)) return undefined;
  if (rulingList(route, records) || !records.isEmpty(route)) return undefined;
  const list: AccessList = { mode: closed ? 'shared' : 'protected', owner: callerId(identity), grants: [] };
  const payload = accessRecord(list);
  return { kind: 'put', route, key: accessKey, payload, precondition: { kind: 'absent' } };
}

const covers = (list: PutOperation, route: string): boolean =>
  route === list.route || route.startsWith(`${list.route}/`);

function protectingLists(
  identity: Identity,
  operations: readonly Operation[],
  protection: Protection,
  state: GuardState,
): readonly PutOperation[] {
  const lists: PutOperation[] = [];
  const written = new Set(operations.filter((o) => keyOf(o) === accessKey).map((o) => o.route));
  for (const operation of operations) {
    if (written.has(operation.route) || lists.some((list) => covers(list, operation.route))) continue;
    const list = protectingList(identity, operation, protection, state);
    if (list) lists.push(list);
  }
  return lists;
}

/** An error of one operation, with its place among several. */
function atIndex(thrown: unknown, index: number, of: number): unknown {
  if (!(thrown instanceof DropsError) || of === 1) return thrown;
  const details = [{ index }, ...(thrown.diagnostic.details ?? [])];
  return new DropsError({ ...thrown.diagnostic, details }, { cause: thrown });
}

/** Judges every single change of a commit. Throws what may not be done; gives what is to be committed instead. */
export function guardOperations(
  identity: Identity,
  operations: readonly Operation[],
  protection: Protection,
  state: GuardState,
): GuardedOperations {
  const guarded = operations.map((operation, index) => {
    try {
      check(identity, operation, state);
      const key = keyOf(operation);
      if (isList(operation.route, key)) return guardList(identity, operation, key, state);
      return guardFirstWrite(operation, state);
    } catch (thrown) {
      throw atIndex(thrown, index, operations.length);
    }
  });
  const lists = protectingLists(identity, operations, protection, state);
  const ours = new Set(lists.keys());
  for (const [i, operation] of guarded.entries()) {
    if (operation !== operations[i] && !hasPrecondition(operations[i])) ours.add(i + lists.length);
  }
  return { lists, operations: guarded, ours };
}

function hasPrecondition(operation: Operation | undefined): boolean {
  return operation !== undefined && 'precondition' in operation && operation.precondition !== undefined;
}
