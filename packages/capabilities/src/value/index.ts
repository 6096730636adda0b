import type { CapabilityParameter } from '@drops/ir';
import { declare, optional, required, type Capability } from '../declare.js';

const currency = required('currency', 'text', 'the id of the currency');
const amount = required('amount', 'number', 'how much, in its smallest unit', { minimum: 0 });

function moving(verb: string, summary: string, parameters: readonly CapabilityParameter[]): Capability {
  return declare({
    service: 'value',
    verb,
    summary,
    parameters: [currency, amount, ...parameters],
    effects: [{ action: 'act', route: '_values' }],
    rest: { method: 'POST', path: `/values/${verb}`, parameters: 'body' },
  });
}

function asking(verb: string, summary: string, parameters: readonly CapabilityParameter[]): Capability {
  return declare({
    service: 'value',
    verb,
    summary,
    parameters,
    rest: { method: 'GET', path: `/values/${verb}`, parameters: 'query' },
  });
}

/** Currencies that anyone can make, and their balances. */
export const value: readonly Capability[] = [
  declare({
    service: 'value',
    verb: 'create',
    summary: 'Makes a currency',
    parameters: [
      required('id', 'text', 'the id of the currency'),
      optional('name', 'text', 'its name'),
      optional('symbol', 'text', 'its unique symbol'),
      optional('max_supply', 'number', 'how much there can ever be', { minimum: 0 }),
      optional('decimals', 'number', 'digits after the point: 2 means 100 is 1.00', {
        minimum: 0,
        maximum: 18,
        default: 0,
      }),
      optional('scope', 'text', 'who can receive it', { options: ['public', 'private'], default: 'public' }),
    ],
    effects: [{ action: 'act', route: '_values' }],
    rest: { method: 'POST', path: '/values/create', parameters: 'body' },
  }),
  moving('mint', 'Makes new units; only its creator can', [optional('to', 'text', 'the key that gets them')]),
  moving('transfer', 'Moves units to another key', [required('to', 'text', 'the key that gets them')]),
  moving('burn', 'Destroys units of the own balance', []),
  asking('balance', 'Tells a balance', [currency, optional('holder', 'text', 'whose; default: the caller')]),
  asking('supply', 'Tells how much there is and can be', [currency]),
  asking('holders', 'Lists who holds how much', [currency]),
  declare({
    service: 'value',
    verb: 'ledger',
    summary: 'Lists what happened to a currency',
    parameters: [currency, optional('limit', 'number', 'how many entries at most', { minimum: 1 })],
    rest: { method: 'GET', path: '/values/ledger/{currency}', parameters: 'query' },
  }),
  asking('currencies', 'Lists currencies', [optional('creator', 'text', 'only those of this key')]),
];
