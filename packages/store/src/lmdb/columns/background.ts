import { readerOf } from '../reader.js';
import { readHead } from '../head.js';
import type { View } from '../rows/read-drop.js';
import type { Route } from '../rows/routes.js';
import { firstRow, readRows } from './build.js';
import type { ColumnData } from './column-data.js';
import type { RouteRows } from './route-rows.js';

/** What a build in slices came to. */
export interface SlicedBuild {
  /** What was changed after this tx has to be read again. */
  readonly tx: number;
  /** The last tx that some row shows: earlier states cannot be made of it. */
  readonly readAt: number;
}

/**
 * Reads a route in slices of some ms between other work, each in a short transaction of its own: rows that change
 * meanwhile are read again by who uses it first. `done` is given undefined when `fits` forbade to go on or reading failed.
 * Returns the way to stop it.
 */
export function buildInSlices(
  view: View,
  route: Route,
  rows: RouteRows,
  columns: readonly ColumnData[],
  slice: number,
  fits: () => boolean,
  done: (built: SlicedBuild | undefined) => void,
): () => void {
  const { environment } = view;
  let start: string | undefined = firstRow(route);
  let first: number | undefined;
  let next: NodeJS.Immediate | undefined;

  const readSlice = (from: string): SlicedBuild => {
    const transaction = environment.root.useReadTransaction();
    try {
      const reader = readerOf(transaction);
      const { tx } = readHead(environment, reader);
      const deadline = performance.now() + slice;
      const goOn = (): boolean => performance.now() < deadline;
      start = readRows({ ...view, reader, tx }, route, rows, columns, from, goOn);
      first ??= tx;
      return { tx: first, readAt: tx };
    } finally {
      transaction.done();
    }
  };

  const step = (): void => {
    if (start === undefined) return;
    let built: SlicedBuild | undefined;
    try {
      built = readSlice(start);
    } catch {
      // Who reads the rows themselves is told what is wrong with them.
      return done(undefined);
    }
    if (!fits()) done(undefined);
    else if (start === undefined) done(built);
    else next = setImmediate(step);
  };

  next = setImmediate(step);
  return () => clearImmediate(next);
}
