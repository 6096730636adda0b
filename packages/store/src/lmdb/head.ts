import type { Environment } from './environment.js';
import type { Reader } from './reader.js';

/** The end of the log: read and advanced inside each write transaction. */
export interface Head {
  readonly tx: number;
  /** created_at of the last record: time never goes back. */
  readonly time: number;
  /** The last tx on a definition route: it rises with every change of a pattern, view or index. */
  readonly epoch: number;
  /** The last link of the chain. */
  readonly link: Buffer;
}

const headKey = 'head';
const emptyHead: Head = { tx: 0, time: 0, epoch: 0, link: Buffer.alloc(32) };

/** The head that a reader sees; all zero in a new store. */
export function readHead(environment: Environment, reader: Reader): Head {
  const bytes = reader.get(environment.meta, headKey);
  if (!bytes) return emptyHead;
  return {
    tx: bytes.readUIntBE(0, 6),
    time: bytes.readUIntBE(6, 6),
    epoch: bytes.readUIntBE(12, 6),
    link: Buffer.from(bytes.subarray(18, 50)),
  };
}

/** Replaces the head. */
export function writeHead(environment: Environment, head: Head): void {
  const bytes = Buffer.allocUnsafe(50);
  bytes.writeUIntBE(head.tx, 0, 6);
  bytes.writeUIntBE(head.time, 6, 6);
  bytes.writeUIntBE(head.epoch, 12, 6);
  head.link.copy(bytes, 18);
  environment.meta.putSync(headKey, bytes);
}
