import type { PlanStatistics } from '@drops/planner';
import type { Snapshot } from '@drops/store';

/** What a snapshot knows of its routes, as the planner asks for it. */
export function statisticsOf(snapshot: Snapshot): PlanStatistics {
  const rowsOf = (route: string) => {
    const { entities, events } = snapshot.statistics(route);
    return entities + events;
  };
  return {
    rows: (route, subtree) =>
      subtree ? snapshot.routes(route).reduce((sum, below) => sum + rowsOf(below), 0) : rowsOf(route),
    indexes: (route) => snapshot.indexes(route).filter(({ state }) => state === 'ready'),
    columns: snapshot.columns !== undefined,
    entries: (path, limit) => snapshot.countEntries(path, limit),
  };
}
