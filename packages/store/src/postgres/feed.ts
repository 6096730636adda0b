import { saltLength } from '../log/commitment.js';
import { isBodyless, readHeader } from '../log/log-record.js';
import { parseBody } from '../log/payload.js';
import type { LogRecord } from '../store.js';
import type { Connection } from './connection.js';
import { shownText } from './stored-text.js';

/** Records of the log after a tx, oldest first. */
export async function readLog(
  connection: Connection,
  fromTx: number,
  limit: number,
): Promise<readonly LogRecord[]> {
  const rows = await connection.read({
    name: 'log',
    text: `select l.tx, l.header, p.content, l.path from (
        select g.tx, g.header, r.path from log g
        join routes r on r.id = ('x' || encode(substring(g.header from 77 for 4), 'hex'))::bit(32)::int
        where g.tx > $1 order by g.tx limit $2) l
      left join payloads p on p.tx = l.tx order by l.tx`,
    values: [Math.max(0, fromTx), limit],
  });
  return rows.map(([tx, header, content, path]): LogRecord => {
    const bytes = Buffer.isBuffer(header) ? header : Buffer.alloc(0);
    const { kind, lastTx, key, version, time, writer, target, expiresAt } = readHeader(bytes);
    const body = !isBodyless(bytes) && Buffer.isBuffer(content) ? content : undefined;
    const payload = body ? parseBody(body, saltLength, body.length, false) : null;
    return {
      tx: Number(tx),
      lastTx,
      kind,
      route: shownText(String(path)),
      key,
      version,
      time,
      source: writer,
      payload,
      ...(target !== 0 && { target }),
      ...(expiresAt !== 0 && { expiresAt }),
    };
  });
}

const pollInterval = 50;
/** Ms until a lost listening connection is asked for again. */
const listenAgain = 500;

export interface HeadWatch {
  listen(listener: (headTx: number) => void): () => void;
  /** Looks at the head and tells the listeners when it moved. */
  check(): void;
  /** This process has committed. */
  tell(headTx: number): void;
  stop(): Promise<void>;
}

/**
 * Tells listeners of new heads. Notifications say when to look; they may be lost, so the head is also looked at every
 * 50 ms in which nothing was heard. `known`: the head as this process saw it last.
 */
export function watchHead(connection: Connection, channel: string, known: () => number): HeadWatch {
  const listeners = new Set<(headTx: number) => void>();
  let seen = 0;
  let heard = false;
  let looking = false;
  let again = false;
  let stopped = false;
  let timers: NodeJS.Timeout[] = [];
  let unlisten: (() => Promise<void>) | undefined;

  const tell = (tx: number): void => {
    if (tx <= seen) return;
    seen = tx;
    for (const listener of [...listeners]) listener(tx);
  };
  const look = async (): Promise<void> => {
    if (looking) return void (again = true);
    looking = true;
    try {
      do {
        again = false;
        const [row] = await connection.read({ name: 'head', text: 'select tx from head' });
        if (!stopped && row) tell(Number(row[0]));
      } while (again && !stopped);
    } catch {
      // The database is away: the next look may find it.
    } finally {
      looking = false;
    }
  };
  const subscribe = (): void => {
    if (stopped || listeners.size === 0) return;
    const retry = (): void => {
      unlisten = undefined;
      if (!stopped && listeners.size > 0) timers.push(setTimeout(subscribe, listenAgain).unref());
    };
    const hear = (text: string): void => {
      heard = true;
      tell(Number(text));
    };
    connection.listen(channel, hear, retry).then((stop) => {
      if (stopped || listeners.size === 0) void stop();
      else unlisten = stop;
    }, retry);
  };
  const start = (): void => {
    seen = known();
    subscribe();
    void look();
    timers.push(
      setInterval(() => {
        if (!heard) void look();
        heard = false;
      }, pollInterval).unref(),
    );
  };
  const end = async (): Promise<void> => {
    for (const timer of timers) clearInterval(timer);
    timers = [];
    const stop = unlisten;
    unlisten = undefined;
    await stop?.();
  };

  return {
    listen(listener) {
      listeners.add(listener);
      if (listeners.size === 1) start();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) void end();
      };
    },
    check: () => {
      if (listeners.size > 0) void look();
    },
    tell: (tx) => {
      if (listeners.size > 0) tell(tx);
    },
    async stop() {
      stopped = true;
      listeners.clear();
      await end();
    },
  };
}
