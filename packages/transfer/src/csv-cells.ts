import type { Json } from '@drops/ir';

const number = /^-?\d/;

/** The JSON array or object that a text is, or undefined. */
export function jsonOf(text: string): Json | undefined {
  if (!/^[[{]/.test(text)) return undefined;
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

export function readsAsJson(text: string): boolean {
  return jsonOf(text) !== undefined;
}

/** True for a text that is read as itself when it is not quoted. */
export function readsAsText(text: string): boolean {
  return typeof plainValue(text) === 'string';
}

/** What an unquoted cell holds; undefined: nothing. Only numbers in their shortest form are numbers, so 007 stays a text. */
export function plainValue(text: string): Json | undefined {
  if (text === '') return undefined;
  if (text === 'true') return true;
  if (text === 'false') return false;
  if (text === 'null') return null;
  if (number.test(text) && String(Number(text)) === text) return Number(text);
  return jsonOf(text) ?? text;
}
