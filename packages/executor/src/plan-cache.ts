import type { Query } from '@drops/ir';
import type { PlanStatistics } from '@drops/planner';

/** A size of a route that a plan was chosen by. */
interface Sample {
  readonly route: string;
  readonly subtree: boolean;
  readonly rows: number;
}
/** The indexes that a plan was chosen from. */
interface IndexSample {
  readonly route: string;
  readonly ids: readonly number[];
}
interface Entry<Planned> {
  readonly planned: Planned;
  readonly settings: readonly unknown[];
  readonly samples: readonly Sample[];
  readonly indexes: readonly IndexSample[];
}

/** A route may double or halve before its plans are made anew. */
function stillHolds({ route, subtree, rows }: Sample, statistics: PlanStatistics): boolean {
  const now = statistics.rows(route, subtree) + 1;
  return now <= 2 * (rows + 1) && 2 * now >= rows + 1;
}

const idsOf = (statistics: PlanStatistics, route: string): readonly number[] =>
  statistics.indexes?.(route).map(({ id }) => id) ?? [];

function sameIndexes({ route, ids }: IndexSample, statistics: PlanStatistics): boolean {
  const now = idsOf(statistics, route);
  return now.length === ids.length && now.every((id, i) => id === ids[i]);
}

export type PlanCache<Planned> = (
  query: Query,
  settings: readonly unknown[],
  statistics: PlanStatistics,
  make: (statistics: PlanStatistics) => Planned,
) => Planned;

/**
 * Plans by the query they are of: a statement that is run again comes with the same object. A plan is used again
 * under the same settings, while the data has about the same size and the same indexes.
 */
export function createPlanCache<Planned>(): PlanCache<Planned> {
  const entries = new WeakMap<Query, Entry<Planned>>();
  return (query, settings, statistics, make) => {
    const known = entries.get(query);
    const usable =
      known?.settings.every((setting, i) => setting === settings[i]) &&
      known.samples.every((sample) => stillHolds(sample, statistics)) &&
      known.indexes.every((sample) => sameIndexes(sample, statistics));
    if (known && usable) return known.planned;
    const samples: Sample[] = [];
    const indexes = new Map<string, IndexSample>();
    const planned = make({
      ...statistics,
      indexes(route) {
        indexes.set(route, { route, ids: idsOf(statistics, route) });
        return statistics.indexes?.(route) ?? [];
      },
      rows(route, subtree) {
        const rows = statistics.rows(route, subtree);
        samples.push({ route, subtree, rows });
        return rows;
      },
    });
    entries.set(query, { planned, settings, samples, indexes: [...indexes.values()] });
    return planned;
  };
}
