type Numbers = Uint8Array | Uint32Array | Float64Array;

/** A copy of an array with room for more, or itself when it has it. */
export function wider<T extends Numbers>(array: T, capacity: number): T;
export function wider(array: Numbers, capacity: number): Numbers {
  if (array.length >= capacity) return array;
  const copy =
    array instanceof Float64Array
      ? new Float64Array(capacity)
      : array instanceof Uint32Array
        ? new Uint32Array(capacity)
        : new Uint8Array(capacity);
  copy.set(array);
  return copy;
}

/** A typed array as bytes, without a copy. In the order of this machine's bytes: no other reads them. */
export const bytesOf = (array: Numbers): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** Takes arrays, one after the other, out of the bytes in which they were written with their lengths beside. Each is a copy. */
export interface PartReader {
  bytes(): Uint8Array;
  words(count: number): Uint32Array;
  numbers(count: number): Float64Array;
  /** Places in a dictionary of so many texts, written by `packCodes`. */
  codes(count: number, texts: number): Uint32Array;
  /** Texts that were written by `packTexts`. */
  texts(count: number): string[];
}

/** Texts in a part: a reader of thousands makes few pauses, and a writer of millions many. */
const textsOfPart = 10_000;

/** Texts as lists in JSON, which holds whatever a text may hold. */
export function* packTexts(texts: readonly string[]): Iterable<Uint8Array> {
  for (let from = 0; from < texts.length; from += textsOfPart) {
    yield Buffer.from(JSON.stringify(texts.slice(from, from + textsOfPart)));
  }
}

/** Places in a dictionary of so many texts: most have few, and a byte is enough. */
export const packCodes = (codes: Uint32Array, texts: number): Uint8Array =>
  texts <= 256 ? new Uint8Array(codes) : bytesOf(codes);

export function createPartReader(body: Buffer, lengths: readonly number[]): PartReader {
  let at = 0;
  let next = 0;
  const take = (): Buffer => {
    const end = at + (lengths[next] ?? 0);
    const part = body.subarray(at, end);
    at = end;
    next += 1;
    return part;
  };
  const into = <T extends Numbers>(array: T): T => {
    bytesOf(array).set(take());
    return array;
  };
  return {
    bytes: () => new Uint8Array(take()),
    words: (count) => into(new Uint32Array(count)),
    numbers: (count) => into(new Float64Array(count)),
    codes: (count, texts) => (texts <= 256 ? new Uint32Array(take()) : into(new Uint32Array(count))),
    texts(count) {
      const texts: string[] = [];
      while (texts.length < count) {
        const some: readonly string[] = JSON.parse(take().toString('utf8'));
        for (const text of some) texts.push(text);
      }
      return texts;
    },
  };
}
