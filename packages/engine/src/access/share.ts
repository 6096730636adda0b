import {
  accessKey,
  accessRecord,
  permissions,
  trustKey,
  writerOf,
  zoneOf,
  type AccessList,
  type AccessRecords,
  type Grantee,
} from '@drops/access';
import { DropsError, fail, invariant } from '@drops/diagnostics';
import type { Grant, Json, Revoke, TextArgument } from '@drops/ir';
import type { Operation, Precondition } from '@drops/store';
import type { Pass } from '../gate.js';
import type { Host } from '../host.js';
import { principalId, withGrants } from './list-form.js';
import { createReads, decided, type Reads } from './reads.js';
import { recordsOf } from './records.js';

/** Times that a change of a list begins again because another was quicker. */
const maxAttempts = 8;

/** Where the list of a route lies: that of a shared zone is its trust record. */
interface ListPlace {
  readonly route: string;
  readonly key: string;
}

function placeOf(route: string): ListPlace {
  const zone = zoneOf(route);
  if (zone.kind === 'shared') return { route: `trust/${zone.name ?? ''}`, key: trustKey };
  return zone.kind === 'trust' ? { route, key: trustKey } : { route, key: accessKey };
}

function standingList({ route, key }: ListPlace, records: AccessRecords): AccessList | undefined {
  return key === trustKey ? records.trust(route.slice('trust/'.length)) : records.acl(route);
}

function reply(route: string, { mode, grants }: AccessList): Json {
  return { ok: true, route, mode, grants: grants.map(({ key }) => key) };
}

const isConflict = (thrown: unknown): boolean =>
  thrown instanceof DropsError && thrown.diagnostic.code === 'CONFLICT';

type Change = (standing: AccessList | undefined, records: AccessRecords) => AccessList | null;

function operationOf(
  { route, key }: ListPlace,
  list: AccessList | null,
  precondition: Precondition,
): Operation {
  if (list === null) return { kind: 'delete', route, key, precondition };
  return { kind: 'put', route, key, payload: accessRecord(list), precondition };
}

function preconditionOf(place: ListPlace, reads: Reads): Precondition {
  const drop = reads.get(place.route, place.key);
  return typeof drop === 'object' ? { kind: 'tx', tx: drop.tx } : { kind: 'absent' };
}

/** Changes a list as it stands, again if another change came between. Gives what it became, null when it is gone. */
async function changeList(host: Host, route: string, pass: Pass, change: Change): Promise<AccessList | null> {
  const place = placeOf(route);
  for (let attempt = 1; ; attempt += 1) {
    const snapshot = await host.store.snapshot();
    try {
      const reads = createReads(snapshot);
      const records = recordsOf(reads, host.access, host.accessCache);
      const { list, operation } = await decided(() => {
        const changed = change(standingList(place, records), records);
        return { list: changed, operation: operationOf(place, changed, preconditionOf(place, reads)) };
      });
      await pass.store.commit({ operations: [operation], writer: writerOf(pass.identity) });
      return list;
    } catch (thrown) {
      if (!isConflict(thrown) || attempt === maxAttempts) throw thrown;
    } finally {
      snapshot.release();
    }
  }
}

function textOf(principal: TextArgument): string {
  invariant(typeof principal === 'string', 'a parameter in a bound plan');
  return principal;
}

/** `share R with @K`: adds grants to the list of a route, or makes it. Without a mode it keeps its own, or is `shared`. */
export async function performGrant(host: Host, plan: Grant, pass: Pass): Promise<Json> {
  const list = await changeList(host, plan.route, pass, (standing, records) => {
    const added = plan.principals.map((principal): Grantee => ({
      key: principalId(textOf(principal), records),
      permissions: plan.permissions ?? permissions,
    }));
    return {
      mode: plan.mode ?? standing?.mode ?? 'shared',
      owner: standing?.owner ?? null,
      grants: withGrants(standing?.grants ?? [], added),
    };
  });
  invariant(list, 'a grant leaves a list');
  return reply(plan.route, list);
}

/** `unshare R from @K` takes grants back; without keys the list goes. NOT_FOUND where there is none. */
export async function performRevoke(host: Host, plan: Revoke, pass: Pass): Promise<Json> {
  const { principals, route, span } = plan;
  const list = await changeList(host, route, pass, (standing, records) => {
    if (!standing) fail('NOT_FOUND', `there is no access list on ${route}`, { span });
    if (principals === null) return null;
    const gone = new Set(principals.map((principal) => principalId(textOf(principal), records)));
    return { ...standing, grants: standing.grants.filter(({ key }) => !gone.has(key)) };
  });
  return list ? reply(route, list) : { ok: true, route, removed: 1 };
}
