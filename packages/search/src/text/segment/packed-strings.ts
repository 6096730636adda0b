import { asBytes, asUint32, createByteWriter } from './byte-writer.js';

/** Different texts in the order of their UTF-8 bytes, which is that of code points; numbered from 0. */
export interface PackedStrings {
  readonly size: number;
  /** The number of a text; -1 when it is none of them. */
  indexOf(text: string): number;
  /** The number of the first text that is not before this one. */
  lowerBound(text: string): number;
  at(index: number): string;
  /** Whether the text of a number begins so. */
  startsWith(index: number, prefix: string): boolean;
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
  const boundOf = (wanted: string): number => {
    let low = 0;
    let high = size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(middle, wanted) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    size,
    indexOf(text) {
      const wanted = bytesOf(text);
      const index = boundOf(wanted);
      return index < size && compare(index, wanted) === 0 ? index : -1;
    },
    lowerBound: (text) => boundOf(bytesOf(text)),
    at: (index) => texts.toString('utf8', startOf(index), ends[index] ?? 0),
    startsWith(index, prefix) {
      const wanted = bytesOf(prefix);
      const start = startOf(index);
      if ((ends[index] ?? 0) - start < wanted.length) return false;
      for (let i = 0; i < wanted.length; i += 1) if (texts[start + i] !== wanted.charCodeAt(i)) return false;
      return true;
    },
  };
}
