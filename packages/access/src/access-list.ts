import {
  accessModes,
  getProperty,
  isArray,
  isObject,
  permissions,
  type AccessMode,
  type Json,
  type JsonObject,
  type Permission,
} from '@drops/ir';

/** The key of the list of a shared zone, on its route `trust/<name>`. */
export const trustKey = 'acl';

export interface Grantee {
  /** The public id of a key. */
  readonly key: string;
  readonly permissions: readonly Permission[];
}

/** Who may do what on a route and below it: the record `R @_access`, or `trust/<name> @acl`. */
export interface AccessList {
  readonly mode: AccessMode;
  /** The public id of the owner, who may do all and alone changes the list; null: the administrator. */
  readonly owner: string | null;
  readonly grants: readonly Grantee[];
}

/** The list as it is stored. */
export function accessRecord({ mode, owner, grants }: AccessList): JsonObject {
  return {
    mode,
    owner,
    grants: grants.map(({ key, permissions: given }) => ({ key, permissions: [...given] })),
  };
}

function readGrantee(value: Json): Grantee | undefined {
  const key = isObject(value) ? getProperty(value, 'key') : undefined;
  if (!isObject(value) || typeof key !== 'string') return undefined;
  const given = getProperty(value, 'permissions');
  return { key, permissions: isArray(given) ? permissions.filter((p) => given.includes(p)) : [] };
}

/**
 * A list out of its record. What cannot be read (it was restored from elsewhere) shuts the route to all but the
 * administrator: a broken lock is no open door.
 */
export function readAccessList(record: Json): AccessList {
  const shut: AccessList = { mode: 'shared', owner: null, grants: [] };
  if (!isObject(record)) return shut;
  const mode = accessModes.find((known) => known === getProperty(record, 'mode'));
  const owner = getProperty(record, 'owner');
  const grants = getProperty(record, 'grants');
  if (mode === undefined || !isArray(grants)) return shut;
  return {
    mode,
    owner: typeof owner === 'string' ? owner : null,
    grants: grants.flatMap((grant) => readGrantee(grant) ?? []),
  };
}

/** Whether a list gives a permission to a caller, who is known by the public id; its owner has all. */
export function grantsTo(list: AccessList, caller: string, permission: Permission): boolean {
  if (list.owner === caller) return true;
  return list.grants.some((grant) => grant.key === caller && grant.permissions.includes(permission));
}
