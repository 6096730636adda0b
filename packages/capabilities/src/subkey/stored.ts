import { permissions, isArray, type JsonObject, type Permission } from '@drops/ir';
import type { Snapshot } from '@drops/store';
import { systemRecord, textField, type SystemRecord } from '../records.js';

/** Where the sub-keys of a key are kept, by their ids; the owner by its public id. */
export const subkeysRoute = (owner: string): string => `__subkeys/${owner}`;

/** What the owner's key is sealed for in the record of a sub-key, which acts as that key. */
export const sealedFor = (owner: string, id: string): string => `sub-key ${id} of ${owner}`;

/** A sub-key as it is stored: of the secret its SHA-256 alone. */
export interface StoredSubkey {
  readonly id: string;
  readonly secret: string;
  /** The sealed key of its owner. */
  readonly key: string;
  readonly label: string | null;
  readonly permissions: readonly Permission[];
  readonly routes: readonly string[] | null;
  /** ISO 8601. */
  readonly expiresAt: string | null;
  /** The sub-key that made it, and with which it ends. */
  readonly maker: string | null;
}

/** The record of a sub-key. */
export function subkeyRecord({ id: _id, expiresAt, ...rest }: StoredSubkey): JsonObject {
  return {
    ...rest,
    permissions: [...rest.permissions],
    routes: rest.routes && [...rest.routes],
    expires_at: expiresAt,
  };
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

/** A sub-key out of its record. */
export function readSubkey(record: SystemRecord): StoredSubkey {
  const { fields } = record;
  const given = texts(fields['permissions']);
  return {
    id: record.key,
    secret: textField(record, 'secret') ?? '',
    key: textField(record, 'key') ?? '',
    label: textField(record, 'label') ?? null,
    permissions: permissions.filter((one) => given.includes(one)),
    routes: isArray(fields['routes'] ?? null) ? texts(fields['routes']) : null,
    expiresAt: textField(record, 'expires_at') ?? null,
    maker: textField(record, 'maker') ?? null,
  };
}

/** The sub-key of an id; undefined when there is none, or no more. */
export async function storedSubkey(
  snapshot: Snapshot,
  owner: string,
  id: string,
): Promise<StoredSubkey | undefined> {
  const record = await systemRecord(snapshot, subkeysRoute(owner), id);
  return record && readSubkey(record);
}
