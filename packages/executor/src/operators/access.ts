import { invariant } from '@drops/diagnostics';
import { accessKey, type AccessPath, type StoredDrop } from '@drops/ir';
import type { BatchSource, Snapshot } from '@drops/store';
import { unlimited, type QueryBudget } from '../budget.js';
import { dropRow, type Batch } from '../row.js';
import type { Source } from './source.js';

/** Rights of the reader: drops of other routes are left out before anything is counted. */
export type Visible = (route: string) => boolean;

/** The same test, asked once of each route. */
export function routeTest(visible: Visible): Visible {
  const known = new Map<string, boolean>();
  return (route) => {
    let answer = known.get(route);
    if (answer === undefined) {
      answer = visible(route);
      known.set(route, answer);
    }
    return answer;
  };
}

/** Reads drops along an access path of the store; `expected`: how many are likely to be wanted, `fields`: see `Access`. */
export function readAccess(
  snapshot: Snapshot,
  path: AccessPath,
  visible: Visible | undefined,
  expected?: number,
  budget: QueryBudget = unlimited,
  fields?: readonly string[],
): Source {
  const batches = snapshot.run(path, expected, fields);
  invariant(batches, `the store does not take the access path ${path.kind}`);
  return shownRows(batches, visible, budget);
}

/** Makes rows of drops, those left out that the reader may not see. */
function shower(visible: Visible | undefined, budget: QueryBudget): (drops: readonly StoredDrop[]) => Batch {
  const mayRead = visible && routeTest(visible);
  const shown = (drop: StoredDrop) => drop.key !== accessKey && (!mayRead || mayRead(drop.route));
  return (drops) => {
    budget.read(drops.length);
    const batch: Batch[number][] = [];
    for (const drop of drops) if (shown(drop)) batch.push(dropRow(drop));
    return batch;
  };
}

/** Drops as rows, those left out that the reader may not see. */
export const shownDrops = (
  drops: readonly StoredDrop[],
  visible: Visible | undefined,
  budget: QueryBudget,
): Batch => shower(visible, budget)(drops);

/** Drops of the store as rows, those left out that the reader may not see. */
export function shownRows(batches: BatchSource, visible: Visible | undefined, budget: QueryBudget): Source {
  const show = shower(visible, budget);
  const rows = (drops: readonly StoredDrop[] | null): Batch | null => drops && show(drops);
  return {
    next() {
      const pulled = batches.next();
      return pulled instanceof Promise ? pulled.then(rows) : rows(pulled);
    },
    close: () => batches.close(),
  };
}
