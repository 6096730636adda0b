import { asBytes, asUint32, createByteWriter } from './byte-writer.js';

/** Different texts in the order of their UTF-8 bytes, which is that of code points; numbered from 0. */
export interface PackedStrings {
  readonly size: number;
  /** The number of a text; -1 when it is none of them. */
  indexOf(text: string): number;
  at(index: number): string;
  /** The numbers of the texts that begin so. */
  beginningWith(prefix: string): NumberRange;
  /** Those of a range that may be one edit away from a text; the others are not. Seen by their bytes, without decoding them. */
  near(range: NumberRange, text: string): readonly number[];
}

/** Numbers [from, to). */
export interface NumberRange {
  readonly from: number;
  readonly to: number;
}

/** Texts of the one order, added one after the other. */
export interface StringPacker {
  add(text: string): void;
  readonly size: () => number;
  take(): Uint8Array;
}

const headLength = 4;

const isPlain = (text: string): boolean => !/[^\0-\x7f]/.test(text);

/** The UTF-8 bytes of a text, a character each. */
const bytesOf = (text: string): string =>
  isPlain(text) ? text : Buffer.from(text, 'utf8').toString('latin1');

export function createStringPacker(): StringPacker {
  const ends: number[] = [];
  const writer = createByteWriter(4096);
  return {
    add(text) {
      writer.bytes(Buffer.from(text, 'utf8'));
      ends.push(writer.length());
    },
    size: () => ends.length,
    take() {
      const packed = createByteWriter(headLength * (ends.length + 1) + writer.length());
      packed.bytes(asBytes(Uint32Array.of(ends.length)));
      packed.bytes(asBytes(Uint32Array.from(ends)));
      packed.bytes(writer.take());
      return packed.take();
    },
  };
}

/** Reads what a packer made. */
export function openPackedStrings(bytes: Uint8Array): PackedStrings {
  const size = asUint32(bytes.subarray(0, headLength))[0] ?? 0;
  const textsAt = headLength * (size + 1);
  const ends = asUint32(bytes.subarray(headLength, textsAt));
  const texts = Buffer.from(bytes.buffer, bytes.byteOffset + textsAt, bytes.byteLength - textsAt);
  const startOf = (index: number): number => (index === 0 ? 0 : (ends[index - 1] ?? 0));

  /** The order of the text of a number to other bytes. */
  const compare = (index: number, wanted: string): number => {
    const start = startOf(index);
    const length = (ends[index] ?? 0) - start;
    const shared = Math.min(length, wanted.length);
    for (let i = 0; i < shared; i += 1) {
      const difference = (texts[start + i] ?? 0) - wanted.charCodeAt(i);
      if (difference !== 0) return difference;
    }
    return length - wanted.length;
  };
  /** Whether a text is behind all that begin with other bytes. */
  const isPast = (index: number, prefix: string): boolean => {
    const start = startOf(index);
    const length = (ends[index] ?? 0) - start;
    for (let i = 0; i < prefix.length; i += 1) {
      if (i === length) return false;
      const difference = (texts[start + i] ?? 0) - prefix.charCodeAt(i);
      if (difference !== 0) return difference > 0;
    }
    return false;
  };
  const firstWhere = (low: number, holds: (index: number) => boolean): number => {
    let from = low;
    let to = size;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (holds(middle)) to = middle;
      else from = middle + 1;
    }
    return from;
  };
  const boundOf = (wanted: string): number => firstWhere(0, (index) => compare(index, wanted) >= 0);
  const hasLongCharacter = (start: number, end: number): boolean => {
    for (let i = start; i < end; i += 1) if ((texts[i] ?? 0) > 127) return true;
    return false;
  };
  /** Between a text and one of ASCII that is one edit away two bytes at most differ, unless a longer character is in it. */
  const isNearAscii = (index: number, wanted: string): boolean => {
    const start = startOf(index);
    const length = (ends[index] ?? 0) - start;
    const difference = length - wanted.length;
    if (difference < -1 || difference > 4) return false;
    if (difference > 1) return hasLongCharacter(start, start + length);
    const shorter = Math.min(length, wanted.length);
    let head = 0;
    while (head < shorter && texts[start + head] === wanted.charCodeAt(head)) head += 1;
    let tail = 0;
    while (
      tail < shorter - head &&
      texts[start + length - 1 - tail] === wanted.charCodeAt(wanted.length - 1 - tail)
    ) {
      tail += 1;
    }
    return shorter - head - tail <= 2;
  };
  return {
    size,
    indexOf(text) {
      const wanted = bytesOf(text);
      const index = boundOf(wanted);
      return index < size && compare(index, wanted) === 0 ? index : -1;
    },
    at: (index) => texts.toString('utf8', startOf(index), ends[index] ?? 0),
    beginningWith(prefix) {
      const wanted = bytesOf(prefix);
      const from = boundOf(wanted);
      return { from, to: firstWhere(from, (index) => isPast(index, wanted)) };
    },
    near({ from, to }, text) {
      const isAscii = isPlain(text);
      const found: number[] = [];
      for (let i = from; i < to; i += 1) if (!isAscii || isNearAscii(i, text)) found.push(i);
      return found;
    },
  };
}
