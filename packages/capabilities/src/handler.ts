import type { Identity, KeyIdentity } from '@drops/access';
import { fail } from '@drops/diagnostics';
import type { Json } from '@drops/ir';
import type { Snapshot, Store } from '@drops/store';
import type { Mailer } from './mail/mailer.js';
import type { Vault } from './vault.js';

/** One call of a capability: its arguments have the types that its declaration names, with defaults filled in. */
export interface Call {
  readonly caller: Identity;
  readonly target: string | undefined;
  readonly key: string | undefined;
  readonly arguments: ReadonlyMap<string, Json>;
  /** The newest state when the call began. */
  readonly snapshot: Snapshot;
  /** Where the request came from; undefined in embedded use. */
  readonly address: string | undefined;
}

/** What a handler works with beside the call. */
export interface Surroundings {
  readonly store: Store;
  readonly vault: Vault;
  readonly mailer: Mailer;
  /** The base of links to this server, without a slash at its end. */
  readonly baseUrl: () => string;
  /** Where sign-in links may lead; undefined: to any address. */
  readonly callbacks: readonly string[] | undefined;
  /** Requests are signed, so that knowing a key proves nothing. */
  readonly signed: boolean;
  /** Forgets who is behind credentials: called by whoever changes that. */
  readonly identitiesChanged: () => void;
}

/** Runs a call that passed the gate and whose caller is one of those that the declaration names. */
export type Handler = (call: Call, around: Surroundings) => Json | Promise<Json>;

/** The caller of a verb that is declared for keys. */
export function keyOf({ caller }: Call): KeyIdentity {
  if (caller.kind === 'key') return caller;
  return fail('KEY_REQUIRED', 'this needs the key of a caller', { status: 401 });
}

/** A text among the arguments; undefined when it is left out or null. */
export function textArgument({ arguments: given }: Call, name: string): string | undefined {
  const value = given.get(name);
  return typeof value === 'string' ? value : undefined;
}

/** A text that the declaration requires. */
export function requiredText(call: Call, name: string): string {
  return textArgument(call, name) ?? fail('TYPE_ERROR', `'${name}' is missing`);
}

/** The texts of an argument of type `texts`; undefined when it is left out. */
export function textsArgument({ arguments: given }: Call, name: string): readonly string[] | undefined {
  const value = given.get(name);
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : undefined;
}
