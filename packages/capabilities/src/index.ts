import type { CapabilitySignature } from '@drops/ir';
import { auth } from './auth/index.js';
import { calendar } from './calendar/index.js';
import type { Capability } from './declare.js';
import type { Handler } from './handler.js';
import { key } from './key/index.js';
import { mail } from './mail/index.js';
import { push } from './push/index.js';
import { subkey } from './subkey/index.js';
import { value } from './value/index.js';

export { declare, optional, required, type Capability, type CapabilityDeclaration } from './declare.js';
export type { Call, Handler, Surroundings } from './handler.js';
export { generateKeypair, type Keypair } from './key/keypair.js';
export { isSignedBy, requiresSignature } from './key/possession.js';
export { holderOfHandle, principalOf } from './key/principal.js';
export { createMailer, type Mailer, type MailSettings } from './mail/mailer.js';
export { digestOf } from './records.js';
export { recogniser, sameSecret } from './same-secret.js';
export { statementCapabilityOf, type StatementCapability } from './statements.js';
export { isSubkey } from './subkey/credential.js';
export { identifySubkey } from './subkey/identify.js';
export { createVault, secretInFolder, type Vault } from './vault.js';

/** Every service, a folder each. */
const declared: readonly Capability[] = [...mail, ...push, ...value, ...calendar, ...subkey, ...key, ...auth];

/** Every capability as plain data, in the order of its service. */
export const capabilities: readonly CapabilitySignature[] = declared.map(
  ({ run: _run, ...signature }) => signature,
);

const nameOf = ({ service, verb }: CapabilitySignature): string => `${service}.${verb}`;
const signatures = new Map(capabilities.map((one) => [nameOf(one), one]));
const handlers = new Map(declared.flatMap((one) => (one.run ? [[nameOf(one), one.run] as const] : [])));

/** The declaration of `service.verb`, or undefined. */
export function capabilityOf(service: string, verb: string): CapabilitySignature | undefined {
  return signatures.get(`${service}.${verb}`);
}

/** What runs `service.verb`; undefined while nothing does. */
export function handlerOf(service: string, verb: string): Handler | undefined {
  return handlers.get(`${service}.${verb}`);
}
