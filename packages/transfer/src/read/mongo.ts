import type { Found } from '../import-row.js';
import { readElements } from './json.js';
import type { Chunks } from './lines.js';

/** Texts are passed over; outside of them only our own writer puts a name in brackets. */
const textOrGuard = /"(?:[^"\\]|\\.)*"|\["__proto__"\](?=:)/g;

/** The documents of `db.<collection>.insertMany([…])`, as our own writer writes them. */
export function readMongo(chunks: Chunks): AsyncGenerator<Found> {
  return readElements(chunks, (text) =>
    JSON.parse(text.replace(textOrGuard, (match) => (match.startsWith('[') ? '"__proto__"' : match))),
  );
}
