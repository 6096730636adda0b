import { unheld, type Holder } from '../budget.js';
import type { SortEntry, SortOrder } from '../order.js';
import type { Pacer } from '../pacer.js';
import type { Row } from '../row.js';
import { drain, lateSource, type Source } from './source.js';

/** The first `count` rows of a sort. */
export function topRows(
  input: Source,
  pacer: Pacer,
  order: SortOrder,
  count: number,
  held: Holder = unheld,
): Source {
  return lateSource(input, () => {
    const best = bestOf(order, count, held);
    const done = drain(input, pacer, (batch) => batch.forEach(best.offer));
    return done instanceof Promise ? done.then(best.rows) : best.rows();
  });
}

/**
 * Keeps the best rows seen. They gather in a buffer that is sorted and cut when it is full, so a row costs
 * one comparison with the worst kept one, and little more; never more than twice the count is held.
 */
function bestOf(order: SortOrder, count: number, held: Holder) {
  const room = Math.max(2 * count, count + 256);
  let entries: SortEntry[] = [];
  let seen = 0;
  let worst: SortEntry | undefined;
  const cut = () => {
    const before = entries.length;
    entries = entries.sort(order.compare).slice(0, count);
    if (before > 0) held.keep(entries.length / before);
    if (entries.length === count) worst = entries[count - 1];
  };
  return {
    offer(row: Row) {
      const entry = order.entry(row, seen);
      seen += 1;
      if (worst && order.compare(entry, worst) > 0) return;
      held.addRows([row]);
      entries.push(entry);
      if (entries.length >= room) cut();
    },
    rows(): readonly Row[] {
      cut();
      return entries.map((entry) => entry.row);
    },
  };
}
