import type { Permission } from '@drops/ir';
import { publicIdOf } from '@drops/store/public-id';

/** What a sub-key may do at most: its owner's rights, within these. */
export interface KeyLimits {
  /** The id of the sub-key, which is no secret. */
  readonly id: string;
  readonly permissions: ReadonlySet<Permission>;
  /** These routes and what lies below them; missing: wherever its owner may. */
  readonly routes?: readonly string[];
}

/**
 * Who asks. The embedding program itself and the bearer of the admin token are the administrator; a caller over HTTP is a
 * key or nobody. A sub-key is the key of its owner with limits.
 */
export type Identity =
  | { readonly kind: 'administrator' }
  | { readonly kind: 'anonymous' }
  | {
      readonly kind: 'key';
      /** The key as text: what the bearer holds. Only its public id is ever stored or shown. */
      readonly key: string;
      /** One of the admin keys of the settings: it may do all, and is known as the writer. */
      readonly admin?: true;
      readonly limits?: KeyLimits;
    };

export type KeyIdentity = Extract<Identity, { readonly kind: 'key' }>;

export const administrator: Identity = { kind: 'administrator' };
export const anonymous: Identity = { kind: 'anonymous' };

/** True for who may do everything: the administrator, and admin keys that have no limits. */
export function isAdministrator(identity: Identity): boolean {
  if (identity.kind === 'administrator') return true;
  return identity.kind === 'key' && identity.admin === true && identity.limits === undefined;
}

/** The key that is recorded (as its public id) as the writer of a drop. */
export function writerOf(identity: Identity): string | null {
  return identity.kind === 'key' ? identity.key : null;
}

/** By which name access lists know a caller; null: they know only keys. */
export function callerId(identity: Identity): string | null {
  return identity.kind === 'key' ? publicIdOf(identity.key) : null;
}
