import { declare, optional, required, type Capability } from '../declare.js';
import { claim } from './claim.js';
import { claimed } from './claimed.js';
import { owner } from './owner.js';
import { release } from './release.js';
import { requireSignature } from './require-signature.js';
import { transfer } from './transfer.js';

/** What a key decides about itself, and who owns which key. */
export const key: readonly Capability[] = [
  declare({
    service: 'key',
    verb: 'require_signature',
    summary: 'From now on this key works only with signed requests',
    by: 'whole-key',
    rest: { method: 'POST', path: '/key/require-signature', parameters: 'body' },
    run: requireSignature,
  }),
  declare({
    service: 'key',
    verb: 'claim',
    summary: 'Claims another key: full use of its private data, which the key keeps too',
    by: 'whole-key',
    parameters: [
      required('key', 'text', 'the key that is claimed'),
      optional('label', 'text', 'what it is'),
      optional('type', 'text', 'device, agent, node …; default: device'),
      optional('proof', 'text', 'where keys are public: the signature of the claimed key'),
    ],
    rest: { method: 'POST', path: '/key/claim', parameters: 'body' },
    run: claim,
  }),
  declare({
    service: 'key',
    verb: 'claimed',
    summary: 'Lists the keys that the caller has claimed',
    by: 'whole-key',
    rest: { method: 'GET', path: '/key/claimed', parameters: 'query' },
    run: claimed,
  }),
  declare({
    service: 'key',
    verb: 'transfer',
    summary: 'Gives a claimed key to another owner',
    by: 'whole-key',
    parameters: [
      required('key', 'text', 'the claimed key, or its public id'),
      required('to', 'text', 'the new owner: a key, a public id or a @handle'),
    ],
    rest: { method: 'POST', path: '/key/transfer', parameters: 'body' },
    run: transfer,
  }),
  declare({
    service: 'key',
    verb: 'release',
    summary: 'Gives a claimed key up',
    by: 'whole-key',
    parameters: [required('key', 'text', 'the claimed key, or its public id')],
    rest: { method: 'DELETE', path: '/key/claim/{key}', parameters: 'path' },
    run: release,
  }),
  declare({
    service: 'key',
    verb: 'owner',
    summary: 'Tells who has claimed a key',
    by: 'anyone',
    parameters: [required('key', 'text', 'a key, a public id or a @handle')],
    rest: { method: 'GET', path: '/key/owner/{key}', parameters: 'path' },
    run: owner,
  }),
];
