/** Bytes written one after the other. */
export interface ByteWriter {
  readonly length: () => number;
  byte(value: number): void;
  /** Seven bits a byte, lowest first. */
  varint(value: number): void;
  bytes(source: Uint8Array): void;
  /** What was written, in bytes of its own. */
  take(): Uint8Array;
}

/** An empty writer. */
export function createByteWriter(room = 1024): ByteWriter {
  let buffer = new Uint8Array(room);
  let at = 0;
  const makeRoom = (more: number): void => {
    if (at + more <= buffer.length) return;
    const larger = new Uint8Array(Math.max(buffer.length * 2, at + more));
    larger.set(buffer);
    buffer = larger;
  };
  return {
    length: () => at,
    byte(value) {
      makeRoom(1);
      buffer[at] = value;
      at += 1;
    },
    varint(value) {
      makeRoom(8);
      let left = value;
      while (left > 127) {
        buffer[at] = (left & 127) | 128;
        at += 1;
        left = Math.floor(left / 128);
      }
      buffer[at] = left;
      at += 1;
    },
    bytes(source) {
      makeRoom(source.length);
      buffer.set(source, at);
      at += source.length;
    },
    take: () => buffer.slice(0, at),
  };
}

/** A place in bytes that moves on as they are read. */
export interface Cursor {
  at: number;
}

/** The number that `varint` wrote; values of up to 2^48. */
export function readVarint(bytes: Uint8Array, cursor: Cursor): number {
  let byte = bytes[cursor.at] ?? 0;
  cursor.at += 1;
  if (byte < 128) return byte;
  let value = byte & 127;
  let unit = 128;
  do {
    byte = bytes[cursor.at] ?? 0;
    cursor.at += 1;
    value += (byte & 127) * unit;
    unit *= 128;
  } while (byte > 127);
  return value;
}

/** Bytes as the numbers they hold, in the byte order of this machine, as all of the store is. */
export function asUint32(bytes: Uint8Array): Uint32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength >> 2);
}

/** Numbers as bytes. */
export const asBytes = (numbers: Uint32Array): Uint8Array =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
