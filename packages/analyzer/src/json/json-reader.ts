import { didYouMean, fail } from '@drops/diagnostics';
import { describeValue, isArray, isObject, type Json, type JsonObject } from '@drops/ir';

/** Where in the JSON a value stands, as messages show it: `filter.age.$gt`. */
export type JsonPlace = string;

/** A place one step further in. */
export function below(place: JsonPlace, step: string | number): JsonPlace {
  if (typeof step === 'number') return `${place}[${step}]`;
  return place === '' ? step : `${place}.${step}`;
}

/** TYPE_ERROR for a value of the wrong kind. */
export function failValue(place: JsonPlace, value: Json, wanted: string, hint?: string): never {
  fail('TYPE_ERROR', `${place} is ${describeValue(value)}; ${wanted} was expected`, { hint });
}

/** TYPE_ERROR for a name that nothing knows, with the nearest one that is known. */
export function failName(place: JsonPlace, name: string, known: readonly string[], what: string): never {
  fail('TYPE_ERROR', `${place}: there is no ${what} '${name}'; there are ${known.join(', ')}`, {
    hint: didYouMean(name, known),
  });
}

export function readObject(value: Json, place: JsonPlace): JsonObject {
  if (!isObject(value)) failValue(place, value, 'an object');
  return value;
}

export function readArray(value: Json, place: JsonPlace): readonly Json[] {
  if (!isArray(value)) failValue(place, value, 'a list');
  return value;
}

export function readText(value: Json, place: JsonPlace): string {
  if (typeof value !== 'string') failValue(place, value, 'a text');
  return value;
}

export function readBoolean(value: Json, place: JsonPlace): boolean {
  if (typeof value !== 'boolean') failValue(place, value, 'true or false');
  return value;
}

/** Own members only: names come from callers. */
export function member(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** TYPE_ERROR for a member that is not among the known ones. */
export function checkMembers(
  object: JsonObject,
  known: readonly string[],
  place: JsonPlace,
  what: string,
): void {
  for (const name of Object.keys(object)) {
    if (!known.includes(name)) failName(place, name, known, what);
  }
}
