import { unheld, type Holder } from '../budget.js';
import type { SortEntry, SortOrder } from '../order.js';
import type { Pacer } from '../pacer.js';
import type { Row } from '../row.js';
import { drain, lateSource, type Source } from './source.js';

/** Of an entry beside its row. */
const bytesOfEntry = 96;

/** All rows in the order of the sort: they have to be held. */
export function sortRows(input: Source, pacer: Pacer, order: SortOrder, held: Holder = unheld): Source {
  return lateSource(input, () => {
    const entries: SortEntry[] = [];
    const sorted = (): readonly Row[] => entries.sort(order.compare).map((entry) => entry.row);
    const done = drain(input, pacer, (batch) => {
      held.addRows(batch);
      held.add(bytesOfEntry * batch.length);
      for (const row of batch) entries.push(order.entry(row, entries.length));
    });
    return done instanceof Promise ? done.then(sorted) : sorted();
  });
}
