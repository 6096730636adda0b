import type { CapabilitySignature } from '@drops/ir';
import { calendar } from './calendar/index.js';
import { key } from './key/index.js';
import { mail } from './mail/index.js';
import { push } from './push/index.js';
import { subkey } from './subkey/index.js';
import { value } from './value/index.js';

export { declare, optional, required, type CapabilityDeclaration } from './declare.js';
export { statementCapabilityOf, type StatementCapability } from './statements.js';

/** Every capability that a service statement can reach, in the order of its service. */
export const capabilities: readonly CapabilitySignature[] = [
  ...mail,
  ...push,
  ...value,
  ...calendar,
  ...subkey,
  ...key,
];

const byName: ReadonlyMap<string, CapabilitySignature> = new Map(
  capabilities.map((c) => [`${c.service}.${c.verb}`, c]),
);

/** The declaration of `service.verb`, or undefined. */
export function capabilityOf(service: string, verb: string): CapabilitySignature | undefined {
  return byName.get(`${service}.${verb}`);
}
