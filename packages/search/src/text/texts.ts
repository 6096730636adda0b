import { isArray, isObject, type Json } from '@drops/ir';

/** The key under which a drop may carry numbers to be compared: no text. */
const vectorField = 'vector';

/** Gives each text of a payload to `take`, however deep it lies, in the order of the payload. `vector` is passed over where it is a list. */
export function eachText(payload: Json, take: (text: string) => void): void {
  if (typeof payload === 'string') take(payload);
  else if (isArray(payload)) for (const item of payload) eachText(item, take);
  else if (isObject(payload)) {
    for (const name of Object.keys(payload)) {
      const value = payload[name];
      if (value === undefined || (name === vectorField && isArray(value))) continue;
      eachText(value, take);
    }
  }
}
