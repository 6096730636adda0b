import { declare, optional, required, type Capability } from '../declare.js';
import { create } from './create.js';
import { list } from './list.js';
import { revoke } from './revoke.js';

/** Keys with fewer rights than the key that makes them. */
export const subkey: readonly Capability[] = [
  declare({
    service: 'subkey',
    verb: 'create',
    summary: 'Makes a key with fewer rights',
    parameters: [
      optional('label', 'text', 'what it is for'),
      optional('permissions', 'texts', 'what it may do; default: nothing'),
      optional('routes', 'texts', 'where it may do so; default: everywhere its maker may'),
      optional('expires_at', 'text', 'when it stops working, ISO 8601'),
    ],
    rest: { method: 'POST', path: '/subkey', parameters: 'body' },
    run: create,
  }),
  declare({
    service: 'subkey',
    verb: 'list',
    summary: 'Lists the sub-keys of the caller, never their secrets',
    rest: { method: 'GET', path: '/subkey', parameters: 'query' },
    run: list,
  }),
  declare({
    service: 'subkey',
    verb: 'revoke',
    summary: 'Ends a sub-key at once',
    parameters: [required('id', 'text', 'the id of the sub-key')],
    rest: { method: 'DELETE', path: '/subkey/{id}', parameters: 'path' },
    run: revoke,
  }),
];
