import { isObject, type Json, type JsonObject, type MutableObject } from '@drops/ir';

/** What the JSON of an object with these fields is made of, apart from its values. */
interface Shape {
  readonly names: readonly string[];
  /** What stands before each value: `{"name":`, `,"age":` … */
  readonly marks: readonly string[];
}

/** Rows of a route come in few shapes; what comes in more is not worth the search. */
const shapeLimit = 4;
/** What a row in no known shape costs, in rows that a known shape makes cheaper. */
const missCost = 8;
const creditLimit = 64;
/** Rows read without shapes before they are tried again. */
const pause = 1000;

const quote = 34;
const minus = 45;
const zero = 48;
const nine = 57;
const closing = 125;

function shapeOf(names: readonly string[]): Shape {
  const marks = names.map((name, i) => `${i === 0 ? '{' : ','}${JSON.stringify(name)}:`);
  return { names, marks };
}

/** Where a number that begins at `start` ends. */
function endOfNumber(text: string, start: number): number {
  let at = start + 1;
  for (;;) {
    const code = text.charCodeAt(at);
    // Digits . + - E e
    if ((code >= zero && code <= nine) || code === 46 || code === 43 || code === minus) at += 1;
    else if (code === 101 || code === 69) at += 1;
    else return at;
  }
}

/** Short whole numbers digit by digit, others by `Number`. */
function numberIn(text: string, start: number, end: number): number {
  if (end - start > 9) return Number(text.substring(start, end));
  let value = 0;
  for (let at = start; at < end; at += 1) {
    const digit = text.charCodeAt(at) - zero;
    if (digit < 0 || digit > 9) return Number(text.substring(start, end));
    value = value * 10 + digit;
  }
  return value;
}

/** The object in a text of this shape without lists, objects and escaped characters; undefined for every other text. */
function readShape(text: string, { names, marks }: Shape): Json | undefined {
  const object: MutableObject = {};
  let at = 0;
  for (let i = 0; i < names.length; i += 1) {
    const name = names[i] ?? '';
    const mark = marks[i] ?? '';
    if (!text.startsWith(mark, at)) return undefined;
    at += mark.length;
    const code = text.charCodeAt(at);
    if (code === quote) {
      const end = text.indexOf('"', at + 1);
      object[name] = text.substring(at + 1, end);
      at = end + 1;
    } else if ((code >= zero && code <= nine) || code === minus) {
      const end = endOfNumber(text, at);
      object[name] = numberIn(text, at, end);
      at = end;
    } else if (text.startsWith('null', at)) {
      object[name] = null;
      at += 4;
    } else if (text.startsWith('true', at)) {
      object[name] = true;
      at += 4;
    } else if (text.startsWith('false', at)) {
      object[name] = false;
      at += 5;
    } else return undefined;
  }
  return at === text.length - 1 && text.charCodeAt(at) === closing ? object : undefined;
}

/** Only these are read by sight. */
function isFlat(value: Json): value is JsonObject {
  if (!isObject(value) || Object.hasOwn(value, '__proto__')) return false;
  return Object.values(value).every((item) => typeof item !== 'object' || item === null);
}

/** Reads JSON as `JSON.stringify` writes it. */
export type RowParser = (text: string) => Json;

/**
 * A reader of many rows that look alike, twice as fast as JSON.parse: it knows the names that come next and looks at the
 * values alone. What it does not know by sight goes to JSON.parse.
 */
export function createRowParser(): RowParser {
  let shapes: Shape[] = [];
  let credit = creditLimit;
  let paused = 0;

  const find = (text: string): Json | undefined => {
    for (const shape of shapes) {
      const found = readShape(text, shape);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const learn = (value: Json): void => {
    credit -= missCost;
    if (credit < 0) {
      shapes = [];
      credit = creditLimit;
      paused = pause;
      return;
    }
    if (!isFlat(value)) return;
    const names = Object.keys(value);
    if (names.length > 0) shapes = [shapeOf(names), ...shapes].slice(0, shapeLimit);
  };

  return (text) => {
    const known = paused === 0 && !text.includes('\\');
    const found = known ? find(text) : undefined;
    if (found !== undefined) {
      if (credit < creditLimit) credit += 1;
      return found;
    }
    const value: Json = JSON.parse(text);
    if (paused > 0) paused -= 1;
    else if (known) learn(value);
    return value;
  };
}
