import { randomBytes } from 'node:crypto';

/** A sub-key as its bearer sends it: `sub_<public id of its owner>_<id>_<secret>`. Only the last part is secret. */
export interface Credential {
  /** The public id of its owner. */
  readonly owner: string;
  readonly id: string;
}

const beginning = 'sub_';
const form = /^sub_([0-9a-f]{12})_([0-9a-f]{16})_[A-Za-z0-9_-]{43}$/;

/** True for what is meant as a sub-key, well-formed or not. */
export function isSubkey(credential: string): boolean {
  return credential.startsWith(beginning) && credential.length !== 43;
}

/** The parts of a sub-key that are no secret; undefined when it is malformed. */
export function readCredential(credential: string): Credential | undefined {
  const [, owner, id] = form.exec(credential) ?? [];
  return owner === undefined || id === undefined ? undefined : { owner, id };
}

/** A new sub-key of an owner, of 32 random bytes. */
export function makeCredential(owner: string): Credential & { readonly text: string } {
  const id = randomBytes(8).toString('hex');
  return { owner, id, text: `${beginning}${owner}_${id}_${randomBytes(32).toString('base64url')}` };
}
