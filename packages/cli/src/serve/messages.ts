/** What a worker says to the process above it. */
export type FromWorker =
  | { readonly kind: 'ready' }
  /** It has a connection, and reads it from now on. */
  | { readonly kind: 'taken'; readonly id: number }
  /** It leaves a connection to the others. */
  | { readonly kind: 'refused'; readonly id: number }
  /** It takes no more connections. */
  | { readonly kind: 'leaving' }
  /** It has committed: the others are told. */
  | { readonly kind: 'committed' };

/** What a worker is told. */
export type ToWorker =
  /** A connection comes with it. */
  | { readonly kind: 'connection'; readonly id: number }
  /** Another worker has committed. */
  | { readonly kind: 'committed' };

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
