import { invariant } from '@drops/diagnostics';
import type { RouteSample } from '../../store.js';
import type { Environment } from '../environment.js';
import { readerOf } from '../reader.js';
import { readHead } from '../head.js';
import type { IndexRegistry } from '../indexes/index-registry.js';
import type { View } from '../rows/read-drop.js';
import type { Routes } from '../rows/routes.js';
import { sampleRoute } from './sample.js';

/** Samples of routes, made beside other work when a plan has asked for one. */
export interface RouteSamples {
  /** The last sample of a route. */
  of(route: string): RouteSample | undefined;
  /** The route holds so many rows at a tx: its sample is made, or made anew, unless there is one that still fits. */
  ask(route: string, rows: number, tx: number): void;
  /** Answers when nothing that was asked for is still to be made. */
  settled(): Promise<void>;
  stop(): void;
}

/** Rows of a sample. */
const sampleSize = 500;
/** Routes whose samples are kept, and that may wait for one. */
const maxRoutes = 32;
/** Writes to the store after which a sample is old, beside a change of the size of its route. */
const oldAfter = 50_000;
/** How long others wait for a slice of the work, in ms; each has a short transaction of its own. */
const slice = 3;

function isOld(sample: RouteSample, rows: number, tx: number): boolean {
  const grown = rows > 2 * sample.rows || 2 * rows < sample.rows;
  return grown || tx - sample.tx > Math.max(oldAfter, 2 * rows);
}

/** Samples one route at a time. A process that has nothing else to do does not stay for it. */
export function createRouteSamples(
  environment: Environment,
  routes: Routes,
  indexes: IndexRegistry,
  clock: () => number,
): RouteSamples {
  const samples = new Map<string, RouteSample>();
  const wanted = new Set<string>();
  let work: { readonly route: string; readonly steps: Iterator<void, RouteSample> } | undefined;
  let view: View | undefined;
  let timer: NodeJS.Timeout | undefined;
  let waiting: (() => void)[] = [];

  const keep = (route: string, sample: RouteSample): void => {
    wanted.delete(route);
    work = undefined;
    samples.delete(route);
    // The oldest goes first: a map keeps its entries in the order they came.
    for (const oldest of samples.keys()) {
      if (samples.size < maxRoutes) break;
      samples.delete(oldest);
    }
    samples.set(route, sample);
  };

  const viewNow = (): View => {
    invariant(view, 'a sample is read within its slice');
    return view;
  };

  /** Goes on with a route until it is done or the slice is over. */
  const workOn = (route: string): void => {
    const transaction = environment.root.useReadTransaction();
    const reader = readerOf(transaction);
    const { tx } = readHead(environment, reader);
    view = { environment, routes, indexes, reader, tx, now: clock(), past: false, parsers: undefined };
    try {
      work ??= { route, steps: sampleRoute(viewNow, route, sampleSize) };
      for (const deadline = performance.now() + slice; performance.now() < deadline;) {
        const step = work.steps.next();
        if (step.done) return keep(route, step.value);
      }
    } catch {
      // Who reads the rows is told what is wrong with them; they are not tried again at once.
      keep(route, { rows: 0, tx, payloads: [] });
    } finally {
      view = undefined;
      transaction.done();
    }
  };

  const rest = (): void => {
    for (const resolve of waiting) resolve();
    waiting = [];
  };
  const run = (): void => {
    timer = undefined;
    const [route] = wanted;
    if (route !== undefined) workOn(route);
    if (wanted.size > 0) schedule();
    else rest();
  };
  const schedule = (): void => {
    timer ??= setTimeout(run, 1).unref();
  };

  return {
    of: (route) => samples.get(route),
    ask(route, rows, tx) {
      const known = samples.get(route);
      if ((known && !isOld(known, rows, tx)) || wanted.size >= maxRoutes) return;
      wanted.add(route);
      schedule();
    },
    settled: () => (timer ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve()),
    stop() {
      clearTimeout(timer);
      timer = undefined;
      wanted.clear();
      rest();
    },
  };
}
