const blank = 0x20;
const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

/** The place of the quote that ends a text whose first character is at `at`; `end` when there is none. */
function endOfText(bytes: Uint8Array, at: number, end: number): number {
  for (let i = at; i < end; i += 1) {
    const byte = bytes[i];
    if (byte === quote) return i;
    if (byte === backslash) i += 1;
  }
  return end;
}

function endOfNested(bytes: Uint8Array, at: number, end: number): number {
  let depth = 0;
  for (let i = at; i < end; i += 1) {
    const byte = bytes[i];
    if (byte === quote) i = endOfText(bytes, i + 1, end);
    else if (byte === openBrace || byte === openBracket) depth += 1;
    else if (byte === closeBrace || byte === closeBracket) {
      depth -= 1;
      if (depth === 0) return i + 1;
    }
  }
  return end;
}

/** The place after the value that begins at `at`. */
function endOfValue(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at];
  if (first === quote) return endOfText(bytes, at + 1, end) + 1;
  if (first === openBrace || first === openBracket) return endOfNested(bytes, at, end);
  for (let i = at; i < end; i += 1) {
    const byte = bytes[i];
    if (byte === comma || byte === closeBrace) return i;
  }
  return end;
}

function isAt(bytes: Uint8Array, at: number, name: Uint8Array): boolean {
  for (let i = 0; i < name.length; i += 1) if (bytes[at + i] !== name[i]) return false;
  return true;
}

function isEscaped(bytes: Uint8Array, at: number, after: number): boolean {
  for (let i = at; i < after; i += 1) if (bytes[i] === backslash) return true;
  return false;
}

/** Where the members of an object are, found in its bytes without parsing the rest of it. */
export interface MemberScanner {
  /** Place of the value of each wanted member; -1 when the object has none. */
  readonly starts: Int32Array;
  /** The places after them. */
  readonly ends: Int32Array;
  /**
   * Looks at the JSON in [start, end); false when it is no object as JSON.stringify writes it: no blanks, no name
   * twice. It looks no further than the last wanted member.
   */
  scan(bytes: Buffer, start: number, end: number): boolean;
}

/** A scanner for some names, each given once. */
export function createMemberScanner(names: readonly string[]): MemberScanner {
  const wanted = names.map((name) => Buffer.from(JSON.stringify(name)));
  const starts = new Int32Array(names.length);
  const ends = new Int32Array(names.length);

  /** Which of the names stands in [at, after), quotes included. */
  const match = (bytes: Buffer, at: number, after: number): number => {
    for (let i = 0; i < wanted.length; i += 1) {
      const name = wanted[i];
      if (name?.length === after - at && isAt(bytes, at, name)) return i;
    }
    // Any other way to escape the same name.
    if (!isEscaped(bytes, at, after)) return -1;
    const name: unknown = JSON.parse(bytes.toString('utf8', at, after));
    return typeof name === 'string' ? names.indexOf(name) : -1;
  };

  return {
    starts,
    ends,
    scan(bytes, start, end) {
      // Faster than `fill` for the few that there are.
      for (let i = 0; i < starts.length; i += 1) starts[i] = -1;
      let left = names.length;
      if (bytes[start] !== openBrace || bytes[end - 1] !== closeBrace) return false;
      let at = start + 1;
      if (at === end - 1) return true;
      while (at < end && left > 0) {
        if (bytes[at] !== quote) return false;
        const afterName = endOfText(bytes, at + 1, end) + 1;
        if (bytes[afterName] !== colon) return false;
        const value = afterName + 1;
        if ((bytes[value] ?? blank) <= blank) return false;
        const after = endOfValue(bytes, value, end);
        const found = match(bytes, at, afterName);
        if (found >= 0) {
          if (starts[found] === -1) left -= 1;
          starts[found] = value;
          ends[found] = after;
        }
        const next = bytes[after];
        if (next === closeBrace) return after === end - 1;
        if (next !== comma) return false;
        at = after + 1;
      }
      return left === 0;
    },
  };
}
