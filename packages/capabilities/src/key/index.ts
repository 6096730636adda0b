import type { CapabilitySignature } from '@drops/ir';
import { declare } from '../declare.js';

/** What a key decides about itself. */
export const key: readonly CapabilitySignature[] = [
  declare({
    service: 'key',
    verb: 'require_signature',
    summary: 'From now on this key works only with signed requests',
    rest: { method: 'POST', path: '/key/require-signature', parameters: 'body' },
  }),
];
