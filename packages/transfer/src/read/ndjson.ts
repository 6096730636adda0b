import type { Json } from '@drops/ir';
import type { Found } from '../import-row.js';
import { linesOf, type Chunks } from './lines.js';

/** The reason of a parser, shortened: it may repeat what it read. */
export function notJson(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `not JSON: ${reason.length > 120 ? `${reason.slice(0, 120)}…` : reason}`;
}

/** A value a line; empty lines are passed over. */
export async function* readNdjson(chunks: Chunks): AsyncGenerator<Found> {
  let line = 0;
  for await (const text of linesOf(chunks)) {
    line += 1;
    if (text.trim() === '') continue;
    try {
      const value: Json = JSON.parse(text);
      yield { line, value };
    } catch (error) {
      yield { line, reason: notJson(error) };
    }
  }
}
