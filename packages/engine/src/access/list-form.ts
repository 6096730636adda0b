import { publicIdOf, type AccessList, type AccessRecords, type Grantee } from '@drops/access';
import { didYouMean, fail } from '@drops/diagnostics';
import {
  accessModes,
  describeValue,
  getProperty,
  isArray,
  isObject,
  permissions,
  type AccessMode,
  type Json,
  type Permission,
} from '@drops/ir';

const keyForm = /^[A-Za-z0-9_-]{43}$/;
const idForm = /^[0-9a-f]{12}$/;

/** A key, a public id or a handle, with or without `@` → the public id. NOT_FOUND for a name that nobody has. */
export function principalId(principal: string, records: AccessRecords): string {
  const name = principal.startsWith('@') ? principal.slice(1) : principal;
  if (keyForm.test(name)) return publicIdOf(name);
  if (idForm.test(name)) return name;
  const id = records.handle(name);
  if (id !== undefined) return id;
  fail('NOT_FOUND', 'a grant names a key of 43 characters, a public id of 12 hex digits or a known @handle', {
    hint: 'whoami tells the public id of a key',
  });
}

function modeOf(value: Json | undefined): AccessMode | undefined {
  if (value === undefined) return undefined;
  const mode = accessModes.find((known) => known === value);
  if (mode !== undefined) return mode;
  fail('TYPE_ERROR', `mode: ${describeValue(value)} found, one of ${accessModes.join(', ')} expected`, {
    hint: typeof value === 'string' ? didYouMean(value, accessModes) : undefined,
  });
}

function permissionsOf(value: Json | undefined): readonly Permission[] {
  if (value === undefined) return permissions;
  const given = isArray(value) ? value : [value];
  const unknown = given.find((item) => !permissions.some((permission) => permission === item));
  if (unknown === undefined) return permissions.filter((permission) => given.includes(permission));
  fail('TYPE_ERROR', `${describeValue(unknown)} is no permission; there are ${permissions.join(', ')}`, {
    hint: typeof unknown === 'string' ? didYouMean(unknown, permissions) : undefined,
  });
}

/** Adds to some grants, taking the place of earlier ones of the same keys. */
export function withGrants(grants: readonly Grantee[], added: readonly Grantee[]): readonly Grantee[] {
  const byKey = new Map(grants.map((grant) => [grant.key, grant]));
  for (const grant of added) byKey.set(grant.key, grant);
  return [...byKey.values()];
}

function granteesOf(value: Json, records: AccessRecords): readonly Grantee[] {
  if (!isArray(value)) {
    fail('TYPE_ERROR', `grants: ${describeValue(value)} found, a list of { key, permissions } expected`);
  }
  const grants = value.map((item): Grantee => {
    const key = isObject(item) ? getProperty(item, 'key') : undefined;
    if (!isObject(item) || typeof key !== 'string') {
      fail('TYPE_ERROR', `${describeValue(item)} is no grant; one is { key, permissions }`);
    }
    return { key: principalId(key, records), permissions: permissionsOf(getProperty(item, 'permissions')) };
  });
  return withGrants([], grants);
}

/**
 * An access list as somebody writes it: mode and grants, each as it was where nothing is said of it. The owner is not for
 * the writer to say. Whatever names a key becomes its public id, so that no list shows a key.
 */
export function readListForm(
  form: Json,
  existing: AccessList | undefined,
  owner: string | null,
  records: AccessRecords,
): AccessList {
  if (!isObject(form)) {
    fail('TYPE_ERROR', `an access list is an object { mode, grants }; ${describeValue(form)} found`);
  }
  const grants = getProperty(form, 'grants');
  return {
    mode: modeOf(getProperty(form, 'mode')) ?? existing?.mode ?? 'shared',
    owner,
    grants: grants === undefined ? (existing?.grants ?? []) : granteesOf(grants, records),
  };
}
