import type { Query } from '@drops/ir';
import type { PlanStatistics } from '@drops/planner';

/** A size of a route that a plan was chosen by. */
interface Sample {
  readonly route: string;
  readonly subtree: boolean;
  readonly rows: number;
}
interface Entry<Planned> {
  readonly planned: Planned;
  readonly settings: readonly unknown[];
  readonly samples: readonly Sample[];
}

/** A route may double or halve before its plans are made anew. */
function stillHolds({ route, subtree, rows }: Sample, statistics: PlanStatistics): boolean {
  const now = statistics.rows(route, subtree) + 1;
  return now <= 2 * (rows + 1) && 2 * now >= rows + 1;
}

export type PlanCache<Planned> = (
  query: Query,
  settings: readonly unknown[],
  statistics: PlanStatistics,
  make: (statistics: PlanStatistics) => Planned,
) => Planned;

/**
 * Plans by the query they are of: a statement that is run again comes with the same object. A plan is used again
 * under the same settings and while the data has about the same size.
 */
export function createPlanCache<Planned>(): PlanCache<Planned> {
  const entries = new WeakMap<Query, Entry<Planned>>();
  return (query, settings, statistics, make) => {
    const known = entries.get(query);
    const usable =
      known?.settings.every((setting, i) => setting === settings[i]) &&
      known.samples.every((sample) => stillHolds(sample, statistics));
    if (known && usable) return known.planned;
    const samples: Sample[] = [];
    const planned = make({
      rows(route, subtree) {
        const rows = statistics.rows(route, subtree);
        samples.push({ route, subtree, rows });
        return rows;
      },
    });
    entries.set(query, { planned, settings, samples });
    return planned;
  };
}
