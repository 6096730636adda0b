import type { Transaction } from 'lmdb';
import type { Environment } from '../environment.js';
import { readerOf, type Reader } from '../reader.js';
import { readHead, type Head } from '../head.js';

/** A read transaction held for snapshots, and the head that it shows. */
export interface Pin {
  readonly reader: Reader;
  readonly head: Head;
  readonly transaction: Transaction;
  readonly since: number;
  /** Snapshots that use it. */
  holders: number;
  /** False when it was taken back: its transaction must not be used any more. */
  held: boolean;
}

/** The read transactions of this process. Snapshots of one turn of the event loop share one, strict ones those taken without waiting in between. */
export interface Pins {
  take(): Pin;
  give(pin: Pin): void;
  /** There was a commit: the next snapshot sees a new state. */
  renew(): void;
  /** Takes back every read transaction, and gives none any more: one that is held when its file is closed would be freed twice. */
  close(): void;
}

/** How long a snapshot may hold its read transaction: the pages that it sees cannot be used again. */
const pinLimit = 5000;

/**
 * Keeps the read transactions of an environment. `strict`: a snapshot shows whatever other processes have acknowledged
 * before it was asked for. That costs 4 µs a snapshot; without, their commits may be seen some milliseconds late.
 */
export function createPins(environment: Environment, strict: boolean): Pins {
  const pins = new Set<Pin>();
  let shared: Pin | undefined;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;

  const release = (pin: Pin): void => {
    if (!pin.held) return;
    pin.held = false;
    pins.delete(pin);
    if (shared === pin) shared = undefined;
    pin.transaction.done();
  };

  const releaseOld = (): void => {
    const limit = performance.now() - pinLimit;
    for (const pin of pins) if (pin.since <= limit) release(pin);
    if (pins.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };

  /** The next snapshot gets a pin of its own. */
  const renew = (): void => {
    const pin = shared;
    shared = undefined;
    if (pin?.holders === 0) release(pin);
  };

  const open = (): Pin => {
    // lmdb would go on with the transaction of up to a millisecond ago.
    if (strict) environment.root.resetReadTxn();
    const transaction = environment.root.useReadTransaction();
    const reader = readerOf(transaction);
    const head = readHead(environment, reader);
    const pin = { transaction, reader, head, since: performance.now(), holders: 0, held: true };
    pins.add(pin);
    timer ??= setInterval(releaseOld, 1000).unref();
    // Other processes commit too: who asks later, having heard of such a commit, must see it.
    const later = strict ? process.nextTick : setImmediate;
    later(() => shared === pin && renew());
    return pin;
  };

  return {
    take() {
      if (isClosed) throw new Error('the store is closed');
      shared ??= open();
      shared.holders += 1;
      return shared;
    },
    give(pin) {
      pin.holders -= 1;
      if (pin.holders === 0 && pin !== shared) release(pin);
    },
    renew,
    close() {
      isClosed = true;
      for (const pin of pins) release(pin);
      clearInterval(timer);
      timer = undefined;
    },
  };
}
