import { u48, utf8 } from './bytes.js';
import { sha256 } from './commitment.js';
import { canonicalEnd, keyAt } from './log-record.js';

export const linkLength = 32;

/** Gathers the canonical headers of a group of records and makes their link. */
export interface LinkBuilder {
  /** Adds a header as it is in the log; the route goes in by its path, which means the same in every store. */
  add(tx: number, header: Buffer, route: string): void;
  /** SHA-256(previous link ‖ canonical headers). */
  link(): Buffer;
}

/** A link that follows `previous`, in a room that nobody else uses meanwhile and which grows with what is added. */
export function createLink(
  previous: Buffer,
  room: { bytes: Buffer } = { bytes: Buffer.allocUnsafe(1024) },
): LinkBuilder {
  let end = previous.copy(room.bytes, 0, 0, linkLength);

  const reserve = (length: number): void => {
    if (end + length <= room.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(room.bytes.length * 2, end + length));
    room.bytes.copy(larger, 0, 0, end);
    room.bytes = larger;
  };

  return {
    add(tx, header, route) {
      const path = utf8(route);
      const keyLength = header.length - keyAt;
      reserve(6 + canonicalEnd + 4 + path.length + keyLength);
      const { bytes } = room;
      end += bytes.write(u48(tx), end, 'latin1');
      end += header.copy(bytes, end, 0, canonicalEnd);
      end = bytes.writeUInt16BE(path.length, end);
      end += bytes.write(path, end, 'latin1');
      end = bytes.writeUInt16BE(keyLength, end);
      end += header.copy(bytes, end, keyAt, header.length);
    },
    link: () => sha256(room.bytes.subarray(0, end)),
  };
}

/** A record as its link covers it: tx, header without the route's id, path, key. */
export function canonicalRecord(tx: number, header: Buffer, route: string): Buffer {
  const path = Buffer.from(route, 'utf8');
  const key = header.subarray(keyAt);
  const lengths = Buffer.allocUnsafe(4);
  lengths.writeUInt16BE(path.length, 0);
  lengths.writeUInt16BE(key.length, 2);
  return Buffer.concat([
    Buffer.from(u48(tx), 'latin1'),
    header.subarray(0, canonicalEnd),
    lengths.subarray(0, 2),
    path,
    lengths.subarray(2),
    key,
  ]);
}
