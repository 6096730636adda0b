/** Bytes as binary strings, one character a byte. Numbers are big-endian; text is UTF-8, whose order is that of code points. */

declare global {
  interface Buffer {
    /** What `toString` calls once it has found out the encoding: a third of the time on short texts. */
    latin1Slice(start: number, end: number): string;
    utf8Slice(start: number, end: number): string;
  }
}

/** Text in some bytes, UTF-8 unless all of it is one-byte characters: such text is read faster. */
export function textOf(bytes: Buffer, start: number, end: number, oneByte: boolean): string {
  return oneByte ? bytes.latin1Slice(start, end) : bytes.utf8Slice(start, end);
}

/** Four bytes. */
export function u32(value: number): string {
  return String.fromCharCode(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
}

/** Six bytes: txs and times in ms; enough for 281 trillion. */
export function u48(value: number): string {
  const high = Math.floor(value / 0x1000000);
  const low = value - high * 0x1000000;
  return String.fromCharCode(
    high >>> 16,
    (high >>> 8) & 255,
    high & 255,
    low >>> 16,
    (low >>> 8) & 255,
    low & 255,
  );
}

/** The six-byte number at a place of a binary string. */
export function readU48(key: string, at: number): number {
  const high = (key.charCodeAt(at) << 16) | (key.charCodeAt(at + 1) << 8) | key.charCodeAt(at + 2);
  const low = (key.charCodeAt(at + 3) << 16) | (key.charCodeAt(at + 4) << 8) | key.charCodeAt(at + 5);
  return high * 0x1000000 + low;
}

/** The four-byte number at a place of a binary string. */
export function readU32(key: string, at: number): number {
  const bytes = (key.charCodeAt(at) << 24) | (key.charCodeAt(at + 1) << 16) | (key.charCodeAt(at + 2) << 8);
  return (bytes | key.charCodeAt(at + 3)) >>> 0;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) > 127) return false;
  return true;
}

/** Text as the bytes of its UTF-8. */
export function utf8(text: string): string {
  return isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/** The text of UTF-8 bytes. */
export function fromUtf8(bytes: string): string {
  return isAscii(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString('utf8');
}
