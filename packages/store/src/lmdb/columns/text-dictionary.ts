const backslash = 0x5c;

/** Distinct texts, each with a number: its place. */
export interface Dictionary {
  readonly texts: readonly string[];
  /** What the texts take in memory, about. */
  readonly characters: number;
  /** What it takes in memory, about. */
  readonly bytes: number;
}

/** What a text takes beside its characters: its head, its place in a list, half a word of padding. */
const textOverhead = 28;

/** What a text takes in memory, about. */
export const sizeOfText = (length: number, oneByte: boolean): number =>
  textOverhead + (oneByte ? length : 2 * length);

// FNV-1a, whose low bits are weaker than the high ones.
// As a signed number, which is what the hashes are kept as: the empty text has this one.
const seed = 0x811c9dc5 | 0;
const prime = 0x01000193;
const firstSlot = (hash: number, mask: number): number => (hash ^ (hash >>> 15)) & mask;

function hashOf(bytes: Buffer): number {
  let hash = seed;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, prime);
  return hash;
}

function sameCharacters(text: string, bytes: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}

/**
 * Numbers texts by the bytes that they have in JSON, so that only distinct ones become strings: a table of hashes with
 * open places. A class because each cell of a column goes through it.
 */
export class TextDictionary implements Dictionary {
  readonly texts: string[];
  characters: number;
  private hashes = new Int32Array(64);
  /** Place + 1 of a text by its hash; 0 is free. Never more than half full. */
  private slots = new Int32Array(128);
  /** Texts that came out of a file get their hashes when another one is looked for. */
  private hashed = 0;

  constructor(texts: string[] = [], characters = 0) {
    this.texts = texts;
    this.characters = characters;
  }

  get bytes(): number {
    return this.characters + this.hashes.byteLength + this.slots.byteLength;
  }

  /** The number of the JSON text in [start, end), the quotes left out. */
  code(bytes: Buffer, start: number, end: number): number {
    let hash = seed;
    let all = 0;
    for (let i = start; i < end; i += 1) {
      const byte = bytes[i] ?? 0;
      if (byte === backslash) return this.codeOf(JSON.parse(bytes.toString('utf8', start - 1, end + 1)));
      hash = Math.imul(hash ^ byte, prime);
      all |= byte;
    }
    return this.place(bytes, start, end, hash, all < 128 ? undefined : bytes.toString('utf8', start, end));
  }

  /** The number of a text. */
  codeOf(text: string): number {
    const bytes = Buffer.from(text, 'utf8');
    const hash = hashOf(bytes);
    return this.place(bytes, 0, bytes.length, hash, bytes.length === text.length ? undefined : text);
  }

  /** `decoded`: the text itself, where its bytes are not its characters. */
  private place(
    bytes: Buffer,
    start: number,
    end: number,
    hash: number,
    decoded: string | undefined,
  ): number {
    if (this.hashed < this.texts.length) this.hashAll();
    const mask = this.slots.length - 1;
    for (let at = firstSlot(hash, mask); ; at = (at + 1) & mask) {
      const place = (this.slots[at] ?? 0) - 1;
      if (place < 0) break;
      if (this.hashes[place] !== hash) continue;
      const text = this.texts[place] ?? '';
      if (decoded === undefined ? sameCharacters(text, bytes, start, end) : text === decoded) return place;
    }
    this.characters += sizeOfText(decoded?.length ?? end - start, decoded === undefined);
    return this.add(decoded ?? bytes.toString('latin1', start, end), hash);
  }

  private add(text: string, hash: number): number {
    const place = this.texts.push(text) - 1;
    this.note(place, hash);
    return place;
  }

  /** Puts a text where its hash leads. */
  private note(place: number, hash: number): void {
    if (place === this.hashes.length) this.grow();
    this.hashes[place] = hash;
    this.slots[this.freeSlot(hash)] = place + 1;
    this.hashed = place + 1;
  }

  private hashAll(): void {
    for (let place = this.hashed; place < this.texts.length; place += 1) {
      this.note(place, hashOf(Buffer.from(this.texts[place] ?? '', 'utf8')));
    }
  }

  private freeSlot(hash: number): number {
    const mask = this.slots.length - 1;
    let at = firstSlot(hash, mask);
    while (this.slots[at] !== 0) at = (at + 1) & mask;
    return at;
  }

  private grow(): void {
    const hashes = new Int32Array(this.hashes.length * 2);
    hashes.set(this.hashes);
    this.hashes = hashes;
    this.slots = new Int32Array(hashes.length * 2);
    for (let place = 0; place < this.hashed; place += 1) {
      this.slots[this.freeSlot(hashes[place] ?? 0)] = place + 1;
    }
  }
}
