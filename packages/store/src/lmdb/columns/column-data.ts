import type { Json } from '@drops/ir';
import { cellKind, type Column, type ColumnName } from '../../columns.js';
import { isoTime } from '../../log/stored-drop.js';
import { sizeOfText, TextDictionary, type Dictionary } from './text-dictionary.js';

/** Sums of whole numbers up to here are exact in any order. */
const exactSum = 2 ** 53;

/** Texts that are new whenever they come: keys. */
class PlainDictionary implements Dictionary {
  readonly texts: string[] = [];
  bytes = 0;

  add(text: string): number {
    this.bytes += sizeOfText(text.length, false);
    return this.texts.push(text) - 1;
  }
}

/** Times as drops show them; rows that were written together share one. */
class TimeDictionary implements Dictionary {
  readonly texts: string[] = [];
  private readonly codes = new Map<number, number>();

  get bytes(): number {
    // A place in the map takes about as much as its text.
    return this.texts.length * 2 * sizeOfText(24, true);
  }

  code(time: number): number {
    const known = this.codes.get(time);
    if (known !== undefined) return known;
    const code = this.texts.push(isoTime(time)) - 1;
    this.codes.set(time, code);
    return code;
  }
}

/** A larger copy of an array, or itself when it is large enough. */
function grown<T extends Uint8Array | Uint32Array | Float64Array>(
  array: T,
  capacity: number,
  make: (length: number) => T,
): T {
  if (array.length >= capacity) return array;
  const copy = make(capacity);
  copy.set(array);
  return copy;
}

/** One column as it is kept: room for more rows, and counts that tell what all rows share. A class: every cell goes through it. */
export class ColumnData {
  readonly name: ColumnName;
  readonly texts = new TextDictionary();
  readonly keys = new PlainDictionary();
  readonly times = new TimeDictionary();
  private size = 0;
  private kinds: Uint8Array;
  private numbers: Float64Array | undefined;
  private codes: Uint32Array | undefined;
  /** Rows of each kind. */
  private readonly counts = new Int32Array(Object.keys(cellKind).length);
  private fractions = 0;
  /** Sum of all whole numbers without their signs. */
  private magnitude = 0;
  /** That sum was out of range once, so that it is known no more. */
  private lost = false;
  private shown: Column | undefined;

  constructor(name: ColumnName, capacity: number) {
    this.name = name;
    this.kinds = new Uint8Array(capacity);
  }

  private get dictionary(): Dictionary {
    if ('path' in this.name) return this.texts;
    return this.name.system === 'key' ? this.keys : this.times;
  }

  /** Bytes in memory, about. */
  get bytes(): number {
    const numbers = this.numbers?.byteLength ?? 0;
    const codes = this.codes?.byteLength ?? 0;
    return this.kinds.byteLength + numbers + codes + this.dictionary.bytes;
  }

  /** Most of the dictionary is of texts that no row has any more. */
  get isStale(): boolean {
    return this.dictionary.texts.length > 2 * this.size + 1024;
  }

  /** Says how many rows there are and makes room for more: new ones are missing. */
  resize(size: number, capacity: number): void {
    if (size === this.size && capacity <= this.kinds.length) return;
    this.shown = undefined;
    this.counts[cellKind.missing] = (this.counts[cellKind.missing] ?? 0) + size - this.size;
    this.size = size;
    this.kinds = grown(this.kinds, capacity, (length) => new Uint8Array(length));
    this.numbers &&= grown(this.numbers, capacity, (length) => new Float64Array(length));
    this.codes &&= grown(this.codes, capacity, (length) => new Uint32Array(length));
  }

  kindAt(ordinal: number): number {
    return this.kinds[ordinal] ?? cellKind.missing;
  }

  setKind(ordinal: number, kind: number): void {
    this.shown = undefined;
    const before = this.kindAt(ordinal);
    if (before === cellKind.number) this.forgetNumber(this.numbers?.[ordinal] ?? 0);
    this.kinds[ordinal] = kind;
    this.counts[before] = (this.counts[before] ?? 0) - 1;
    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
  }

  setNumber(ordinal: number, value: number): void {
    this.setKind(ordinal, cellKind.number);
    this.numbers ??= new Float64Array(this.kinds.length);
    this.numbers[ordinal] = value;
    if (!Number.isInteger(value)) this.fractions += 1;
    else this.magnitude += Math.abs(value);
    if (this.magnitude > exactSum) this.lost = true;
  }

  private forgetNumber(value: number): void {
    if (!Number.isInteger(value)) this.fractions -= 1;
    else this.magnitude -= Math.abs(value);
  }

  /** `code`: of a text in the dictionary of this column. */
  setText(ordinal: number, code: number): void {
    this.setKind(ordinal, cellKind.text);
    this.codes ??= new Uint32Array(this.kinds.length);
    this.codes[ordinal] = code;
  }

  setValue(ordinal: number, value: Json | undefined): void {
    if (typeof value === 'number') this.setNumber(ordinal, value);
    else if (typeof value === 'string') this.setText(ordinal, this.texts.codeOf(value));
    else if (value === undefined) this.setKind(ordinal, cellKind.missing);
    else if (value === null) this.setKind(ordinal, cellKind.null);
    else if (value === true) this.setKind(ordinal, cellKind.true);
    else this.setKind(ordinal, value === false ? cellKind.false : cellKind.other);
  }

  /** The column as readers see it; good until the next change. */
  show(): Column {
    const { size, counts } = this;
    const uniform = counts.indexOf(size);
    this.shown ??= {
      kinds: this.kinds.subarray(0, size),
      uniform: size > 0 && uniform >= 0 ? uniform : undefined,
      numbers: counts[cellKind.number] ? this.numbers?.subarray(0, size) : undefined,
      whole: this.fractions === 0 && !this.lost,
      codes: counts[cellKind.text] ? this.codes?.subarray(0, size) : undefined,
      dictionary: this.dictionary.texts,
    };
    return this.shown;
  }
}
