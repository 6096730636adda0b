import type { IndexScanPath, ParameterValues } from '@drops/ir';
import { bindPath, type FieldStatistics, type PlanStatistics, type UsableIndex } from '@drops/planner';
import type { RouteSample } from '@drops/store';
import type { StoreStatistics } from './statistics.js';

/** A size of a route that a plan was chosen by. */
interface Size {
  readonly route: string;
  readonly subtree: boolean;
  readonly rows: number;
}
/** A count of entries that a plan was chosen by. */
interface Count {
  readonly path: IndexScanPath;
  readonly limit: number;
  readonly entries: number;
}

/** What a plan was chosen by. */
export interface RecordedStatistics {
  /** The routes hold about as many drops. */
  aboutSameSizes(statistics: PlanStatistics): boolean;
  sameIndexes(statistics: PlanStatistics): boolean;
  /** What a plan takes for empty still is: else it would give other rows. */
  sameNone(statistics: PlanStatistics): boolean;
  /** The fields are known by the same samples: there was none, or no new one has been made. */
  sameSamples(statistics: StoreStatistics): boolean;
  /** With these values of its parameters an index would find about as many entries. */
  sameClass(statistics: PlanStatistics, values: ParameterValues): boolean;
  /** The same answers again, in the same order; what was not noted is asked of the statistics of now. */
  replay(statistics: PlanStatistics): PlanStatistics;
}

/** A route may double or halve before its plans are made anew. */
function isNear({ route, subtree, rows }: Size, statistics: PlanStatistics): boolean {
  const now = statistics.rows(route, subtree) + 1;
  return now <= 2 * (rows + 1) && 2 * now >= rows + 1;
}

/** The indexes of a route that a plan was chosen out of. */
interface Indexes {
  readonly ids: string;
  /** The list that they were last found in: mostly the store has the same one again. */
  list: readonly UsableIndex[];
}

const idsOf = (list: readonly UsableIndex[]): string => list.map(({ id }) => id).join();

function areSame(known: Indexes, route: string, statistics: PlanStatistics): boolean {
  const list = statistics.indexes?.(route) ?? [];
  if (list === known.list) return true;
  if (idsOf(list) !== known.ids) return false;
  known.list = list;
  return true;
}

/** Like `every` of a list, without making one. */
function all<K, V>(map: ReadonlyMap<K, V>, test: (key: K, value: V) => boolean): boolean {
  for (const [key, value] of map) if (!test(key, value)) return false;
  return true;
}

/** Values with fewer entries are all one class: for them any plan is cheap, and counting is too. */
const few = 32;
/** Frequent values are few, so what they count is kept. */
const mostCounts = 500;

/** Classes are powers of four. */
const classOf = (entries: number): number => (entries < few ? 0 : Math.floor(Math.log2(entries) / 2));

/** Counts of the entries that frequent values have. */
function createClasses(counts: readonly Count[]) {
  const known = new Map<string, number>();
  const entriesOf = ({ path, limit }: Count, statistics: PlanStatistics): number => {
    const quick = statistics.entries?.(path, few) ?? 0;
    if (quick < few) return quick;
    const name = JSON.stringify([path.index, path.equal, path.next]);
    let entries = known.get(name);
    if (entries === undefined) {
      entries = statistics.entries?.(path, limit) ?? 0;
      if (known.size >= mostCounts) known.clear();
      known.set(name, entries);
    }
    return entries;
  };
  return (statistics: PlanStatistics, values: ParameterValues): boolean =>
    counts.every((count) => {
      const path = bindPath(count.path, values);
      return classOf(entriesOf({ ...count, path }, statistics)) === classOf(count.entries);
    });
}

/** Statistics that note what they are asked. */
export function recordStatistics(statistics: StoreStatistics) {
  const sizes: Size[] = [];
  const counts: Count[] = [];
  const indexes = new Map<string, Indexes>();
  const fields = new Map<string, FieldStatistics | undefined>();
  const samples = new Map<string, RouteSample | undefined>();
  const none: IndexScanPath[] = [];

  const recorded = (): RecordedStatistics => {
    const varying = counts.filter(
      ({ path }, i) => path.slots && !counts.slice(0, i).some((c) => sameEntries(c.path, path)),
    );
    const sameClass = createClasses(varying);
    return {
      aboutSameSizes: (now) => sizes.every((size) => isNear(size, now)),
      sameIndexes: (now) => all(indexes, (route, known) => areSame(known, route, now)),
      sameNone: (now) => none.every((path) => now.isNone?.(path) === true),
      sameSamples: (now) => all(samples, (route, sample) => now.sample(route) === sample),
      sameClass,
      replay: (now) => replayOf(now, sizes, counts, fields),
    };
  };

  return {
    recorded,
    statistics: {
      ...statistics,
      rows(route, subtree) {
        const rows = statistics.rows(route, subtree);
        if (!sizes.some((s) => s.route === route && s.subtree === subtree))
          sizes.push({ route, subtree, rows });
        return rows;
      },
      indexes(route) {
        const list = statistics.indexes?.(route) ?? [];
        indexes.set(route, { ids: idsOf(list), list });
        return list;
      },
      isNone(path) {
        const isNone = statistics.isNone?.(path) === true;
        if (isNone) none.push(path);
        return isNone;
      },
      field(route, path) {
        const found = statistics.field?.(route, path);
        samples.set(route, statistics.sample(route));
        fields.set(JSON.stringify([route, path]), found);
        return found;
      },
      entries(path, limit) {
        const entries = statistics.entries?.(path, limit) ?? 0;
        counts.push({ path, limit, entries });
        return entries;
      },
    } satisfies PlanStatistics,
  };
}

/** Two scans of the same entries, in whatever order. */
function sameEntries(a: IndexScanPath, b: IndexScanPath): boolean {
  return (
    a.index === b.index &&
    JSON.stringify([a.slots, a.equal, a.next]) === JSON.stringify([b.slots, b.equal, b.next])
  );
}

function replayOf(
  statistics: PlanStatistics,
  sizes: readonly Size[],
  counts: readonly Count[],
  fields: ReadonlyMap<string, FieldStatistics | undefined>,
): PlanStatistics {
  let at = 0;
  return {
    ...statistics,
    rows: (route, subtree) => sizes.find((s) => s.route === route && s.subtree === subtree)?.rows ?? 0,
    field: (route, path) => fields.get(JSON.stringify([route, path])),
    entries() {
      at += 1;
      return counts[at - 1]?.entries ?? 0;
    },
  };
}
