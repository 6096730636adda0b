import { parseBody } from '../log/payload.js';
import type { LogRecord } from '../store.js';
import { u48 } from './rows/binary-keys.js';
import { saltLength } from '../log/commitment.js';
import type { Environment } from './environment.js';
import type { Reader } from './reader.js';
import { readHead } from './head.js';
import { isBodyless, readHeader } from '../log/log-record.js';
import { pathOf, type Routes } from './rows/routes.js';

/** Records of the log after a tx, oldest first, see `Store.log`. */
export function readLog(
  environment: Environment,
  routes: Routes,
  reader: Reader,
  fromTx: number,
  limit: number,
  counters = true,
): readonly LogRecord[] {
  const records: LogRecord[] = [];
  const range = { start: u48(Math.max(0, fromTx) + 1), end: '\xff', limit };
  let tx = Math.max(0, fromTx);
  for (const { value } of reader.range(environment.log, range)) {
    tx += 1;
    const { kind, lastTx, routeId, key, target, version, time, expiresAt, writer } = readHeader(value);
    const isWanted = !isBodyless(value) && (counters || kind !== 'counter');
    const body = isWanted ? reader.get(environment.payloads, u48(tx)) : undefined;
    const payload = body ? parseBody(body, saltLength, body.length, false) : null;
    const route = pathOf(routes, reader, routeId);
    records.push({
      tx,
      lastTx,
      kind,
      route,
      key,
      ...(target !== 0 && { target }),
      version,
      time,
      ...(expiresAt !== 0 && { expiresAt }),
      source: writer,
      payload,
    });
  }
  return records;
}

const pollInterval = 50;

export interface HeadWatch {
  listen(listener: (headTx: number) => void): () => void;
  /** Looks at the head and tells the listeners when it moved. */
  check(): void;
  /** The same for who knows the head: this process has just written it. */
  note(tx: number): void;
  stop(): void;
}

/** Tells listeners of new heads: of commits of this process and of those it is told of at once, of others within 50 ms. */
export function watchHead(environment: Environment, reader: Reader): HeadWatch {
  const listeners = new Set<(headTx: number) => void>();
  let seen = 0;
  let timer: NodeJS.Timeout | undefined;

  const note = (tx: number): void => {
    if (tx === seen || listeners.size === 0) return;
    seen = tx;
    for (const listener of [...listeners]) listener(tx);
  };
  const check = (): void => {
    if (listeners.size === 0) return;
    // What was read in this millisecond may be older than what another process says that it has written.
    environment.root.resetReadTxn();
    note(readHead(environment, reader).tx);
  };
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
  };
  return {
    listen(listener) {
      if (listeners.size === 0) seen = readHead(environment, reader).tx;
      listeners.add(listener);
      timer ??= setInterval(check, pollInterval).unref();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stop();
      };
    },
    check,
    note,
    stop,
  };
}
