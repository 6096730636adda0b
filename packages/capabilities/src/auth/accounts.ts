import { publicIdOf } from '@drops/access';
import type { Operation, Snapshot } from '@drops/store';
import { digestOf, systemRecord, textField } from '../records.js';
import type { Vault } from '../vault.js';

/** Accounts by e-mail, under names that only the server can work out, and by the SHA-256 of their key. */
const emailsRoute = '__auth/emails';
const keysRoute = '__auth/keys';

const emailName = (vault: Vault, email: string): string => vault.name(email, 'account');
const keyPurpose = (name: string): string => `key of account ${name}`;
const emailPurpose = (name: string): string => `email of key ${name}`;

/** The key of an e-mail address; undefined while nobody has signed in with it. */
export async function keyOfEmail(
  snapshot: Snapshot,
  vault: Vault,
  email: string,
): Promise<string | undefined> {
  const name = emailName(vault, email);
  const record = await systemRecord(snapshot, emailsRoute, name);
  const sealed = record && textField(record, 'key');
  return sealed === undefined ? undefined : vault.open(sealed, keyPurpose(name));
}

/** The public id of the account of an address, which needs nothing unsealed. */
export async function publicIdOfEmail(
  snapshot: Snapshot,
  vault: Vault,
  email: string,
): Promise<string | undefined> {
  const record = await systemRecord(snapshot, emailsRoute, emailName(vault, email));
  return record && textField(record, 'public_id');
}

/** The address that a key signed in with. */
export async function emailOfKey(snapshot: Snapshot, vault: Vault, key: string): Promise<string | undefined> {
  const name = digestOf(key);
  const record = await systemRecord(snapshot, keysRoute, name);
  const sealed = record && textField(record, 'email');
  return sealed === undefined ? undefined : vault.open(sealed, emailPurpose(name));
}

/** Ties a new key to an address that has none. The private half is not a part of it. */
export function openAccount(vault: Vault, email: string, key: string): readonly Operation[] {
  const [byEmail, byKey] = [emailName(vault, email), digestOf(key)];
  return [
    {
      kind: 'put',
      route: emailsRoute,
      key: byEmail,
      payload: { key: vault.seal(key, keyPurpose(byEmail)), public_id: publicIdOf(key) },
      precondition: { kind: 'absent' },
    },
    {
      kind: 'put',
      route: keysRoute,
      key: byKey,
      payload: { email: vault.seal(email, emailPurpose(byKey)) },
    },
  ];
}
