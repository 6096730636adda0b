import { compareStrings, isArray, isObject, type Json } from '@drops/ir';

/** A text that is the same for equal values and differs for others: names in order, missing as null. */
export function canonicalText(value: Json | undefined): string {
  if (isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value ?? null);
  const names = Object.keys(value).sort(compareStrings);
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonicalText(value[name])}`).join(',')}}`;
}
