import { conjuncts, type CombinedScanPath, type Expression, type IndexPath } from '@drops/ir';
import { costs, fetchCost } from '../costs.js';
import type { PlanStatistics } from '../estimate.js';
import {
  cheapest,
  countOf,
  entryCost,
  residualShare,
  scanOptions,
  type IndexOption,
  type ScanOption,
} from './index-options.js';
import type { Leaf } from './leaf.js';

/** Branches of an "or" that are looked up one by one. */
const mostBranches = 8;

/**
 * Gathering the entries of some scans and putting their rows in the order of the route: of an intersection those of the first are
 * held, and those found; of a union all are.
 */
function gatherCost(kind: CombinedScanPath['kind'], entries: readonly number[], found: number): number {
  const read = entries.reduce((sum, count) => sum + count, 0);
  const held = kind === 'IndexUnion' ? read : (entries[0] ?? 0) + found;
  return read * costs.entry + held * costs.heldEntry + found * costs.orderedEntry;
}

/** How many rows several scans of a route find, given what each of them finds. */
function combinedRows(kind: CombinedScanPath['kind'], entries: readonly number[], rows: number): number {
  return kind === 'IndexUnion'
    ? Math.min(
        rows,
        entries.reduce((sum, count) => sum + count, 0),
      )
    : Math.ceil(entries.reduce((found, count) => found * (count / Math.max(1, rows)), rows));
}

/** What reading all rows of a path through indexes costs, in rows of a scan. */
export function indexCost(path: IndexPath, rows: number, statistics: PlanStatistics): number {
  if (path.kind === 'IndexScan') {
    const entries = countOf(path, rows, statistics);
    return entryCost(path, entries) + fetchCost(entries, rows);
  }
  const entries = path.scans.map((scan) => countOf(scan, rows, statistics));
  const found = combinedRows(path.kind, entries, rows);
  return gatherCost(path.kind, entries, found) + fetchCost(found, rows);
}

interface Combining {
  readonly leaf: Leaf;
  readonly wanted: number | undefined;
  readonly statistics: PlanStatistics;
}

function combine(
  kind: CombinedScanPath['kind'],
  options: readonly ScanOption[],
  used: readonly Expression[],
  { leaf, wanted, statistics }: Combining,
): IndexOption | undefined {
  const [first] = options;
  if (!first) return undefined;
  const { route, rows } = first.path;
  const counts = options.map((option) => option.entries);
  const all = statistics.rows(route, false);
  const entries = combinedRows(kind, counts, all);
  const fetched = Math.min(entries, (wanted ?? entries) / residualShare(leaf, used, statistics));
  return {
    path: { kind, route, scans: options.map(({ path }) => path), rows },
    entries,
    cost: gatherCost(kind, counts, entries) + fetchCost(fetched, all),
  };
}

/** The rows that two indexes have in common, which answer different terms. */
function intersections(
  options: readonly ScanOption[],
  combining: Combining,
): readonly (IndexOption | undefined)[] {
  return options.flatMap((one, i) =>
    options.slice(i + 1).map((other) => {
      if (one.used.some((term) => other.used.includes(term))) return undefined;
      const pair = one.entries <= other.entries ? [one, other] : [other, one];
      return combine('IndexIntersection', pair, [...one.used, ...other.used], combining);
    }),
  );
}

/** The rows of the branches of an "or", each of which an index answers. */
function unions(combining: Combining): readonly (IndexOption | undefined)[] {
  const { leaf, statistics } = combining;
  return (leaf.predicate ? conjuncts(leaf.predicate) : []).map((term) => {
    if (term.kind !== 'Or' || term.terms.length > mostBranches) return undefined;
    const branches = term.terms.map((branch) =>
      cheapest(scanOptions({ ...leaf, predicate: branch }, undefined, statistics)),
    );
    const known = branches.flatMap((branch) => branch ?? []);
    return known.length === branches.length ? combine('IndexUnion', known, [term], combining) : undefined;
  });
}

/**
 * The cheapest way through indexes for a filter whose rows are wanted in the order of the route, perhaps only the first of
 * them: one index, what two have in common, or one for each branch of an "or".
 */
export function filterOption(
  leaf: Leaf,
  wanted: number | undefined,
  statistics: PlanStatistics,
): IndexOption | undefined {
  const combining = { leaf, wanted, statistics };
  const options = scanOptions(leaf, wanted, statistics);
  return cheapest<IndexOption>(
    [...options, ...intersections(options, combining), ...unions(combining)].flatMap((o) => o ?? []),
  );
}
