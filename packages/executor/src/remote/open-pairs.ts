import type { SortKey } from '@drops/ir';
import type { FilterRows, PhysicalPlan, RemoteRows, TopRows } from '@drops/planner';
import { compilePredicate } from '../expressions/compile.js';
import { pairOf } from '../operators/hash-join.js';
import { sliceRows } from '../operators/slice.js';
import { sortRows } from '../operators/sort.js';
import type { Source } from '../operators/source.js';
import { naturalOrder, sortOrder } from '../order.js';
import { dropRow, type Batch, type Row } from '../row.js';
import type { Run } from '../run.js';
import { askedFor } from './asked-for.js';
import { mostFirst, remotePart, type RemotePart } from './remote-part.js';
import { ifSortedAlike } from './sorted-alike.js';
import { noneIfUnsupported } from './unless-unsupported.js';

/*
 * Pairs of rows as a store chooses them. Which of them meet a condition nobody knows beforehand: where many do, the first are found quickest by looking
 * up the right rows of some left ones; where few do, all left rows would have to be fetched for them.
 */

/** Pairs that the store has chosen; undefined where one is sorted by what the database orders otherwise. */
async function chosenPairs(
  { sql, path, select }: RemotePart,
  keys: readonly SortKey[],
  run: Run,
): Promise<readonly Row[] | undefined> {
  const pairs = await sql.pairs(path, select);
  run.budget.read(pairs.reduce((sum, { right }) => sum + (right ? 2 : 1), 0));
  const rows = pairs.map(({ left, right }) =>
    right ? pairOf(dropRow(left), dropRow(right)) : dropRow(left),
  );
  return ifSortedAlike(rows, keys, run);
}

/** The first pairs by some keys. */
export function openFirstPairs(part: RemotePart, { keys }: TopRows, instead: () => Source, run: Run): Source {
  const rows = askedFor(() => chosenPairs(part, keys, run), instead, run);
  return sortRows(rows, run.pacer, sortOrder(keys, run.expressions), run.budget.holder('the sort'));
}

/** How pairs are found here. */
interface Here {
  readonly open: (plan: PhysicalPlan, wanted?: number) => Source;
  /** Pairs that are likely to be wanted. */
  readonly expected: number | undefined;
}

/** The first pairs in their order as the store chooses them, and whether they are all there are. */
async function firstOfAll(
  plan: RemoteRows,
  count: number,
  run: Run,
): Promise<{ readonly rows: readonly Row[]; readonly isAll: boolean } | undefined> {
  const part = remotePart(plan, run.at(undefined), count);
  const rows = part && (await chosenPairs(part, [], run).catch(noneIfUnsupported));
  if (!rows) return undefined;
  const held = run.budget.holder('the join');
  held.addRows(rows);
  const entries = rows.map((row, i) => naturalOrder.entry(row, i)).sort(naturalOrder.compare);
  return { rows: entries.map(({ row }) => row), isAll: rows.length < count };
}

/** As many pairs as a store is asked for. */
const wantedOf = ({ expected }: Here): number => Math.min(mostFirst, expected ?? mostFirst);

/** Pairs that no look-up finds: here all rows of both sides would be fetched, so the store is asked first. */
function askedFirst(plan: RemoteRows, here: Here, run: Run): Source {
  let current: Source | undefined;
  let asked = false;
  let given = 0;
  const next = async (): Promise<Batch | null> => {
    if (current) return current.next();
    if (!asked) {
      asked = true;
      const found = await firstOfAll(plan, wantedOf(here), run);
      if (found?.isAll) current = { next: () => null, close: () => undefined };
      given = found?.rows.length ?? 0;
      if (found && given > 0) return found.rows;
    }
    current ??= sliceRows(here.open(plan.rows, here.expected), given, undefined);
    return current.next();
  };
  return { next, close: () => current?.close() };
}

/** Pairs looked at here before it is decided who finds the others. */
const patience = 1000;

/** Whether it is quicker to ask the store: where few pairs meet the conditions, and a large part of the left rows would still have to be fetched. */
function isSlowHere(seen: number, given: number, lacking: number, leftRows: number): boolean {
  if (seen < patience || given * 10 > seen) return false;
  const toCome = given === 0 ? Infinity : (lacking * seen) / given;
  return Math.min(leftRows - seen, toCome) > leftRows / 3;
}

/** Pairs that meet conditions, looked up here as long as enough of them do; the rest as the store chooses them. */
function lookedUp(
  plan: RemoteRows,
  { input, predicate }: FilterRows,
  route: string,
  here: Here,
  run: Run,
): Source {
  const pairs = here.open(input, here.expected);
  const { entities, events } = run.at(undefined).statistics(route);
  const keeps = compilePredicate(predicate, run.expressions);
  let seen = 0;
  /** Pairs that were given, and those of them that are still to come here once more. */
  let given = 0;
  let again = 0;
  let mayAsk = true;
  let isOver = false;

  const kept = async (): Promise<Batch | null> => {
    const batch = await pairs.next();
    if (batch === null) return null;
    seen += batch.length;
    const rows = batch.filter(keeps);
    const fresh = rows.slice(again);
    again -= rows.length - fresh.length;
    given += fresh.length;
    return fresh;
  };
  const askStore = async (): Promise<Batch> => {
    mayAsk = false;
    const found = await firstOfAll(plan, wantedOf(here), run);
    const fresh = found?.rows.slice(given) ?? [];
    again = fresh.length;
    given += fresh.length;
    isOver = found?.isAll === true;
    return fresh;
  };
  const next = async (): Promise<Batch | null> => {
    for (;;) {
      if (isOver) return null;
      const lacking = wantedOf(here) - given;
      const isSlow = mayAsk && isSlowHere(seen, given, lacking, entities + events);
      const batch = isSlow ? await askStore() : await kept();
      if (batch === null || batch.length > 0) return batch;
    }
  };
  return { next, close: () => pairs.close() };
}

/** Pairs in their order, all of them or those that meet conditions. */
export function openPairs(plan: RemoteRows, { path }: RemotePart, here: Here, run: Run): Source {
  const { rows } = plan;
  return rows.kind === 'FilterRows' && rows.input.kind === 'LookupJoin'
    ? lookedUp(plan, rows, path.route, here, run)
    : askedFirst(plan, here, run);
}
