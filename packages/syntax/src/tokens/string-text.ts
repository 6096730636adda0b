export interface StringText {
  readonly value: string;
  /** Offsets of escapes that mean nothing, relative to the token. */
  readonly unknownEscapes: readonly number[];
}

const simpleEscapes: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['\\', '\\'],
  ['"', '"'],
  ["'", "'"],
  ['/', '/'],
]);

/** What one escape stands for, and how long it is. Unknown ones keep both their characters. */
function readEscape(
  image: string,
  at: number,
): { readonly text: string; readonly length: number; readonly known: boolean } {
  const letter = image.charAt(at + 1);
  const simple = simpleEscapes.get(letter);
  if (simple !== undefined) return { text: simple, length: 2, known: true };
  if (letter === 'u') {
    const digits = image.slice(at + 2, at + 6);
    if (/^[0-9a-fA-F]{4}$/.test(digits))
      return { text: String.fromCharCode(parseInt(digits, 16)), length: 6, known: true };
  }
  return { text: image.slice(at, at + 2), length: 2, known: false };
}

/** Long strings are worth an attempt at the native reader. */
const quickFrom = 1000;

/** A string whose escapes JSON knows too; undefined for any other. */
function readAsJson(image: string): string | undefined {
  if (!image.startsWith('"') || /\\[^ntr\\"/u]|[\u0000-\u001f]/.test(image)) return undefined;
  try {
    return String(JSON.parse(image));
  } catch {
    return undefined;
  }
}

/** The text of a string token, quotes included in `image`. */
export function readString(image: string): StringText {
  let at = image.indexOf('\\');
  if (at === -1) return { value: image.slice(1, -1), unknownEscapes: [] };
  const quick = image.length > quickFrom ? readAsJson(image) : undefined;
  if (quick !== undefined) return { value: quick, unknownEscapes: [] };
  const parts: string[] = [];
  const unknownEscapes: number[] = [];
  let from = 1;
  while (at !== -1) {
    const escape = readEscape(image, at);
    parts.push(image.slice(from, at), escape.text);
    if (!escape.known) unknownEscapes.push(at);
    from = at + escape.length;
    at = image.indexOf('\\', from);
  }
  parts.push(image.slice(from, -1));
  return { value: parts.join(''), unknownEscapes };
}

/**
 * For a string whose text is itself a program: from an offset in that text to the offset in the outer source.
 * `start` is where the token's opening quote stands.
 */
export function innerOffsets(image: string, start: number): (offset: number) => number {
  if (!image.includes('\\')) return (offset) => start + 1 + offset;
  const places: number[] = [];
  let at = 1;
  while (at < image.length - 1) {
    if (image.charCodeAt(at) !== 0x5c) {
      places.push(start + at);
      at += 1;
      continue;
    }
    const escape = readEscape(image, at);
    for (let i = 0; i < escape.text.length; i += 1) places.push(start + at + (escape.known ? 0 : i));
    at += escape.length;
  }
  places.push(start + at);
  return (offset) => places[offset] ?? start + at;
}

const mustEscape = /[\u0000-\u0009\u000b-\u001f\u007f\\]/g;
const shortEscapes: ReadonlyMap<string, string> = new Map([
  ['\t', '\\t'],
  ['\r', '\\r'],
  ['\\', '\\\\'],
]);

function escapeCharacter(character: string): string {
  return shortEscapes.get(character) ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** A string as the printer writes it: double quotes, unless it holds double quotes and no single ones. */
export function quote(value: string): string {
  const text = value.replace(mustEscape, escapeCharacter);
  if (!text.includes('"')) return `"${text}"`;
  return text.includes("'") ? `"${text.replaceAll('"', '\\"')}"` : `'${text}'`;
}
