import type { Position } from '@drops/planner';
import type { PageOrder } from '../order.js';
import type { Pacer } from '../pacer.js';
import { filterRows } from './filter.js';
import type { Source } from './source.js';

/** Only the rows strictly after a position. */
export function resumeRows(input: Source, pacer: Pacer, order: PageOrder, position: Position): Source {
  return filterRows(input, pacer, (row) => order.compare(order.positionOf(row), position) > 0);
}
