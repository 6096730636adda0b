import { assertNever } from '@drops/diagnostics';
import type { Expression } from '@drops/ir';
import type { ColumnPlan } from '@drops/planner';
import type { QueryBudget } from '../budget.js';
import { batchSize, type Row } from '../row.js';
import type { Run } from '../run.js';
import type { Pulled, Source } from '../operators/source.js';
import { openFrame, type Frame } from './frame.js';
import { createdAt, groupFrame, groupReads } from './group.js';
import { topOrdinals } from './top.js';

/** The first batch is small: some queries want no more. */
const firstRows = 64;

function readsOf(plan: ColumnPlan): readonly Expression[] {
  switch (plan.kind) {
    case 'ColumnScan':
      return [];
    case 'ColumnTop':
      return [...plan.keys.map((key) => key.expression), createdAt];
    case 'ColumnGroup':
      return groupReads(plan);
    default:
      return assertNever(plan);
  }
}

/** Rows by their place in a list that is known, fetched as they are wanted. */
function rowsAt(count: number, row: (place: number) => Row, release: () => void): Source {
  let at = 0;
  let most = firstRows;
  return {
    next() {
      if (at >= count) {
        release();
        return null;
      }
      const batch: Row[] = [];
      for (const end = Math.min(count, at + most); at < end; at += 1) batch.push(row(at));
      most = Math.min(batchSize, most * 4);
      if (at >= count) release();
      return batch;
    },
    close() {
      at = count;
      release();
    },
  };
}

/** The rows of a node out of its columns, which are given back as soon as nothing more is read of them. */
function readFrame(plan: ColumnPlan, frame: Frame, budget: QueryBudget): Source {
  if (plan.kind === 'ColumnGroup') {
    const rows = groupFrame(frame, plan, budget.holder('the grouping'));
    frame.release();
    return rowsAt(
      rows.length,
      (place) => rows[place] ?? emptyRow,
      () => undefined,
    );
  }
  const ordinals = plan.kind === 'ColumnTop' ? topOrdinals(frame, plan.keys, plan.count) : frame.select(true);
  return rowsAt(
    ordinals.length,
    (place) => frame.row(ordinals[place] ?? 0),
    () => frame.release(),
  );
}

const emptyRow: Row = { drop: null, columns: null, right: null, from: null };

/** Reads columns, or where the store has none at hand the rows that they stand for: `openRows` opens those. */
export function openColumns(plan: ColumnPlan, run: Run, openRows: () => Source): Source {
  let opened: Source | undefined;
  const open = (): Source => {
    const context = { snapshot: run.at(undefined), expressions: run.expressions, visible: run.visible };
    const frame = openFrame(plan.table, readsOf(plan), context);
    if (!frame) return openRows();
    try {
      run.budget.read(frame.size);
      return readFrame(plan, frame, run.budget);
    } catch (error) {
      frame.release();
      throw error;
    }
  };
  const next = (): Pulled => {
    const pause = run.pacer.tick();
    if (pause) return pause.then(next);
    opened ??= open();
    return opened.next();
  };
  return { next, close: () => opened?.close() };
}
