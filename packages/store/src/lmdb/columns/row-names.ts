import { bytesOf, wider, type PartReader } from './parts.js';

/** Names of rows by their ordinals, as bytes in one array: the UTF-8 of a key, or the tx of an event. */
export class RowNames {
  private names: Buffer;
  /** Where the name of a row ends. */
  private ends: Uint32Array;

  private constructor(names: Buffer, ends: Uint32Array) {
    this.names = names;
    this.ends = ends;
  }

  static empty(capacity: number): RowNames {
    return new RowNames(Buffer.allocUnsafeSlow(capacity * 12), new Uint32Array(capacity));
  }

  /** Names that were written by `pack`, with room for as many rows. */
  static read(size: number, capacity: number, parts: PartReader): RowNames {
    const names = parts.bytes();
    return new RowNames(Buffer.from(names.buffer, 0, names.length), wider(parts.words(size), capacity));
  }

  /** Bytes in memory. */
  get bytes(): number {
    return this.names.length + this.ends.byteLength;
  }

  private startOf(ordinal: number): number {
    return ordinal === 0 ? 0 : (this.ends[ordinal - 1] ?? 0);
  }

  /** A name as a binary string. */
  at(ordinal: number): string {
    return this.names.toString('latin1', this.startOf(ordinal), this.ends[ordinal]);
  }

  /** Gives the next row its name: the characters of a binary string from a place on. */
  set(ordinal: number, row: string, from: number): void {
    const start = this.startOf(ordinal);
    const end = start + row.length - from;
    if (end > this.names.length) this.growBytes(end);
    for (let i = from; i < row.length; i += 1) this.names[start + i - from] = row.charCodeAt(i);
    this.ends[ordinal] = end;
  }

  /** Less than 0 when the name of a row comes before another, which begins at `from` in its string. */
  compare(ordinal: number, name: string, from = 0): number {
    const start = this.startOf(ordinal);
    const ownLength = (this.ends[ordinal] ?? 0) - start;
    const length = Math.min(ownLength, name.length - from);
    for (let i = 0; i < length; i += 1) {
      const difference = (this.names[start + i] ?? 0) - name.charCodeAt(from + i);
      if (difference !== 0) return difference;
    }
    return ownLength - (name.length - from);
  }

  /** Makes room for more rows. */
  grow(capacity: number): void {
    this.ends = wider(this.ends, capacity);
  }

  private growBytes(least: number): void {
    const names = Buffer.allocUnsafeSlow(Math.max(least, Math.ceil(this.names.length * 1.5)));
    this.names.copy(names);
    this.names = names;
  }

  /** What `read` makes the names of. */
  *pack(size: number): Iterable<Uint8Array> {
    yield this.names.subarray(0, this.startOf(size));
    yield bytesOf(this.ends.subarray(0, size));
  }
}
