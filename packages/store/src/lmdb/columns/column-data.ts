import type { Json } from '@drops/ir';
import { cellKind, type Column, type ColumnName } from '../../columns.js';
import { isoTime } from '../../log/stored-drop.js';
import { bytesOf, packCodes, packTexts, wider, type PartReader } from './parts.js';
import { sizeOfText, TextDictionary, type Dictionary } from './text-dictionary.js';

/** Sums of whole numbers up to here are exact in any order. */
const exactSum = 2 ** 53;

/** Texts that are new whenever they come: keys. */
class PlainDictionary implements Dictionary {
  readonly texts: string[];
  characters: number;

  constructor(texts: string[] = [], characters = 0) {
    this.texts = texts;
    this.characters = characters;
  }

  get bytes(): number {
    return this.characters;
  }

  add(text: string): number {
    this.characters += sizeOfText(text.length, false);
    return this.texts.push(text) - 1;
  }
}

/** Times as drops show them; rows that were written together share one. */
class TimeDictionary implements Dictionary {
  readonly texts: string[];
  private readonly codes = new Map<number, number>();

  constructor(texts: string[] = []) {
    this.texts = texts;
  }

  get characters(): number {
    return this.texts.length * sizeOfText(24, true);
  }

  get bytes(): number {
    // A place in the map takes about as much as its text.
    return 2 * this.characters;
  }

  code(time: number): number {
    // Those that came out of a file are looked at when another one is.
    for (let code = this.codes.size; code < this.texts.length; code += 1) {
      this.codes.set(Date.parse(this.texts[code] ?? ''), code);
    }
    const known = this.codes.get(time);
    if (known !== undefined) return known;
    const code = this.texts.push(isoTime(time)) - 1;
    this.codes.set(time, code);
    return code;
  }
}

/** What a file says of a column beside its arrays. */
export interface PackedColumn {
  readonly counts: readonly number[];
  readonly fractions: number;
  readonly magnitude: number;
  readonly lost: boolean;
  /** There are arrays of them. */
  readonly numbers: boolean;
  readonly codes: boolean;
  readonly texts: number;
  readonly characters: number;
}

/** One column as it is kept: room for more rows, and counts that tell what all rows share. A class: every cell goes through it. */
export class ColumnData {
  readonly name: ColumnName;
  texts = new TextDictionary();
  keys = new PlainDictionary();
  times = new TimeDictionary();
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

  /** A column of so many rows that was written by `pack`. */
  static read(name: ColumnName, size: number, about: PackedColumn, parts: PartReader): ColumnData {
    const column = new ColumnData(name, 0);
    column.size = size;
    column.counts.set(about.counts);
    const { uniform } = column;
    column.kinds = uniform < 0 ? parts.bytes() : new Uint8Array(size).fill(uniform);
    if (about.numbers) column.numbers = parts.numbers(size);
    if (about.codes) column.codes = parts.codes(size, about.texts);
    column.fractions = about.fractions;
    column.magnitude = about.magnitude;
    column.lost = about.lost;
    const texts = parts.texts(about.texts);
    if ('path' in name) column.texts = new TextDictionary(texts, about.characters);
    else if (name.system === 'key') column.keys = new PlainDictionary(texts, about.characters);
    else column.times = new TimeDictionary(texts);
    return column;
  }

  /** What `read` makes the column of: what it is told, and arrays of bytes. They are good until a cell changes. */
  pack(): { readonly about: PackedColumn; readonly parts: () => Iterable<Uint8Array> } {
    const { size, uniform, kinds, numbers, codes, fractions, magnitude, lost } = this;
    const { texts, characters } = this.dictionary;
    return {
      about: {
        counts: [...this.counts],
        fractions,
        magnitude,
        lost,
        numbers: numbers !== undefined,
        codes: codes !== undefined,
        texts: texts.length,
        characters,
      },
      *parts() {
        if (uniform < 0) yield kinds.subarray(0, size);
        if (numbers) yield bytesOf(numbers.subarray(0, size));
        if (codes) yield packCodes(codes.subarray(0, size), texts.length);
        yield* packTexts(texts);
      },
    };
  }

  /** The kind that all rows have; -1: they have not one. */
  private get uniform(): number {
    return this.counts.indexOf(this.size);
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
    this.kinds = wider(this.kinds, capacity);
    this.numbers &&= wider(this.numbers, capacity);
    this.codes &&= wider(this.codes, capacity);
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
    const { size, counts, uniform } = this;
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
