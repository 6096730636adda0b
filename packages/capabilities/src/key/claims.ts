import { claimsRoute } from '@drops/access';
import type { JsonObject } from '@drops/ir';
import type { Operation, Snapshot } from '@drops/store';
import { asRead, systemRecord, textField, type SystemRecord } from '../records.js';
import type { Vault } from '../vault.js';

/** Where the keys that a key has claimed are listed: one route below this for each owner, by public ids. */
const claimedRoute = (owner: string): string => `__claimed/${owner}`;
const sealedFor = (owner: string): string => `claimed by ${owner}`;

/** A claim: who owns a key. Owner and key are public ids. */
export interface Claim {
  readonly key: string;
  readonly owner: string;
  readonly label: string | null;
  readonly type: string;
  readonly record: SystemRecord;
}

/** A key in the list of its owner, who knew it when it was claimed. */
export interface ClaimedKey {
  /** The key as text. */
  readonly text: string;
  readonly label: string | null;
  readonly type: string;
}

/** The claim of a key, by its public id. */
export async function claimOf(snapshot: Snapshot, key: string): Promise<Claim | undefined> {
  const record = await systemRecord(snapshot, claimsRoute, key);
  const owner = record && textField(record, 'owner');
  if (!record || owner === undefined) return undefined;
  return {
    key,
    owner,
    label: textField(record, 'label') ?? null,
    type: textField(record, 'type') ?? defaultType,
    record,
  };
}

/** What a claimed key is when its owner does not say. */
export const defaultType = 'device';

/** The list entry of a claimed key; undefined when the owner has not claimed it. */
export function claimedRecord(
  snapshot: Snapshot,
  owner: string,
  key: string,
): Promise<SystemRecord | undefined> {
  return systemRecord(snapshot, claimedRoute(owner), key);
}

export { claimedRoute };

/** A list entry as its owner may see it. */
export function readClaimed(record: SystemRecord, owner: string, vault: Vault): ClaimedKey {
  return {
    text: vault.open(textField(record, 'key') ?? '', sealedFor(owner)),
    label: textField(record, 'label') ?? null,
    type: textField(record, 'type') ?? defaultType,
  };
}

/** Makes `owner` the owner of a key, if the claim is still as it was read. */
export function writeClaim(
  claim: Claim | undefined,
  key: string,
  owner: string,
  { text, label, type }: ClaimedKey,
  vault: Vault,
): readonly Operation[] {
  const about: JsonObject = { label, type };
  return [
    {
      kind: 'put',
      route: claimsRoute,
      key,
      payload: { owner, ...about },
      precondition: asRead(claim?.record),
    },
    {
      kind: 'put',
      route: claimedRoute(owner),
      key,
      payload: { key: vault.seal(text, sealedFor(owner)), ...about },
    },
  ];
}

/** Takes a claimed key out of the list of its owner. */
export function unlist(owner: string, key: string): Operation {
  return { kind: 'delete', route: claimedRoute(owner), key };
}
