import type { CountedRequests } from '@drops/server';

/** What a worker says to the process above it. */
export type FromWorker =
  | { readonly kind: 'ready' }
  /** It has a connection, and reads it from now on. */
  | { readonly kind: 'taken'; readonly id: number }
  /** It leaves a connection to the others. */
  | { readonly kind: 'refused'; readonly id: number }
  /** It takes no more connections. */
  | { readonly kind: 'leaving' }
  | ForOthers;

/** What a worker is told. */
export type ToWorker =
  /** A connection comes with it. */
  { readonly kind: 'connection'; readonly id: number } | ForOthers;

/** What a worker tells all others; the process above passes it on as it is. */
export type ForOthers =
  /** It has committed. */
  | { readonly kind: 'committed' }
  /** It has counted requests for the limits that all have in common. */
  | { readonly kind: 'counted'; readonly requests: CountedRequests }
  /** It has made a key for an address. */
  | { readonly kind: 'keyMade'; readonly address: string };

/** A message for the other workers; undefined when it is none. */
export function forOthers(message: unknown): ForOthers | undefined {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return undefined;
  if (message.kind === 'committed') return { kind: 'committed' };
  if (message.kind === 'keyMade' && 'address' in message && typeof message.address === 'string')
    return { kind: 'keyMade', address: message.address };
  if (message.kind === 'counted' && 'requests' in message && isCounted(message.requests))
    return { kind: 'counted', requests: message.requests };
  return undefined;
}

function isCounted(value: unknown): value is CountedRequests {
  if (typeof value !== 'object' || value === null || !('end' in value) || !('counts' in value)) return false;
  return typeof value.end === 'number' && Array.isArray(value.counts) && value.counts.every(isCount);
}

const isCount = (value: unknown): boolean =>
  Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'number';

/** Where a worker finds its number, from 1 on; who takes the place of another gets the number of that. */
export const numberVariable = 'DROPS_WORKER';
/** Where a worker finds the address that the server is reached at. */
export const addressVariable = 'DROPS_WORKER_ADDRESS';

/** What came over the channel: the kind of the message, and the connection that it is about, else 0. */
export interface Received {
  readonly kind: string;
  readonly id: number;
}

/** Reads what came over the channel. */
export function readMessage(message: unknown): Received {
  if (typeof message !== 'object' || message === null) return { kind: '', id: 0 };
  const kind = 'kind' in message && typeof message.kind === 'string' ? message.kind : '';
  const id = 'id' in message && typeof message.id === 'number' ? message.id : 0;
  return { kind, id };
}
