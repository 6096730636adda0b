import type { Predicate } from '../expressions/compile.js';
import type { Pacer } from '../pacer.js';
import { mapBatches, type Source } from './source.js';

/** Keeps the rows for which the predicate is true. */
export function filterRows(input: Source, pacer: Pacer, predicate: Predicate): Source {
  return mapBatches(input, pacer, (batch) => batch.filter(predicate));
}
