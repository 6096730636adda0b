import type { Json } from '@drops/ir';
import type { Found } from '../import-row.js';
import { elementsOf } from './elements.js';
import type { Chunks } from './lines.js';
import { notJson } from './ndjson.js';

/** The elements of the arrays of a text, each parsed by `parse`. A text without any, and one that ends too early, say so. */
export async function* readElements(chunks: Chunks, parse: (text: string) => Json): AsyncGenerator<Found> {
  for await (const { line, text, cut } of elementsOf(chunks)) {
    if (cut) {
      yield { line, reason: 'the file ends inside of the array that begins before' };
      continue;
    }
    try {
      yield { line, value: parse(text) };
    } catch (error) {
      yield { line, reason: notJson(error) };
    }
  }
}

/** A JSON array, or the reply of a find: `{"results": […]}`. */
export function readJson(chunks: Chunks): AsyncGenerator<Found> {
  return readElements(chunks, (text) => JSON.parse(text));
}
