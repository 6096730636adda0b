import { payloadValue, type Json, type Path } from '@drops/ir';
import { fieldStatistics, type FieldStatistics, type PlanStatistics } from '@drops/planner';
import type { Snapshot, Store } from '@drops/store';

/** Rows of a sample: some milliseconds, mostly for reading at random. */
const sampleSize = 500;
/** Routes whose samples are kept. */
const maxRoutes = 32;
/** Fields of a route whose statistics are kept. */
const maxFields = 64;
/** Writes to the store after which a sample is old, beside a change of the size of its route. */
const oldAfter = 50_000;

interface Sample {
  readonly rows: number;
  readonly tx: number;
  readonly payloads: readonly Json[];
  readonly fields: Map<string, FieldStatistics>;
}

/** Samples by route, of the store of this process. */
const samplesOf = new WeakMap<Store, Map<string, Sample>>();

function isOld(sample: Sample, rows: number, tx: number): boolean {
  const grown = rows > 2 * sample.rows || 2 * rows < sample.rows;
  return grown || tx - sample.tx > Math.max(oldAfter, 2 * rows);
}

/** The sample of a route, made anew when the route has become another. */
function sampleOf(store: Store, snapshot: Snapshot, route: string, rows: number): Sample {
  const samples = samplesOf.get(store) ?? new Map<string, Sample>();
  samplesOf.set(store, samples);
  const known = samples.get(route);
  if (known && !isOld(known, rows, snapshot.tx)) return known;
  const payloads = snapshot.sample(route, sampleSize);
  const sample: Sample = { rows, tx: snapshot.tx, payloads, fields: new Map() };
  // The oldest goes first: a map keeps its entries in the order they came.
  samples.delete(route);
  for (const oldest of samples.keys()) {
    if (samples.size < maxRoutes) break;
    samples.delete(oldest);
  }
  samples.set(route, sample);
  return sample;
}

/** What a sample of its route tells of a field; undefined when there was nothing to sample. */
function fieldOf(sample: Sample, path: Path): FieldStatistics | undefined {
  if (sample.payloads.length === 0) return undefined;
  const name = JSON.stringify(path);
  const known = sample.fields.get(name);
  if (known) return known;
  const values = sample.payloads.map((payload) => payloadValue(payload, path));
  const made = fieldStatistics(values, sample.rows);
  if (sample.fields.size >= maxFields) sample.fields.clear();
  sample.fields.set(name, made);
  return made;
}

/** What a store knows of the routes of a snapshot, as the planner asks for it. */
export function statisticsOf({
  store,
  snapshot,
}: {
  readonly store: Store;
  readonly snapshot: Snapshot;
}): PlanStatistics {
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
    field: (route, path) => fieldOf(sampleOf(store, snapshot, route, rowsOf(route)), path),
  };
}
