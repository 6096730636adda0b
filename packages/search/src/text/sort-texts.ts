import { compareStrings } from '@drops/ir';

const surrogate = /[\ud800-\udfff]/;

/** Sorts texts by code point, in place. Where none has a surrogate that is the order of `<`, which is several times as fast. */
export function sortTexts(texts: string[]): string[] {
  if (texts.some((text) => surrogate.test(text))) return texts.sort(compareStrings);
  return texts.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
