import { payloadValue, type Path } from '@drops/ir';
import { fieldStatistics, type FieldStatistics, type PlanStatistics } from '@drops/planner';
import { remoteStoreOf } from './remote/remote-part.js';
import type { IndexInfo, RouteSample, Snapshot } from '@drops/store';

/** Fields of a sample whose statistics are kept. */
const maxFields = 64;

/** What the samples were found to tell. */
const fieldsOf = new WeakMap<RouteSample, Map<string, FieldStatistics>>();

/** What a sample of its route tells of a field; undefined when there was nothing to sample. */
function fieldOf(sample: RouteSample, path: Path): FieldStatistics | undefined {
  if (sample.payloads.length === 0) return undefined;
  const fields = fieldsOf.get(sample) ?? new Map<string, FieldStatistics>();
  fieldsOf.set(sample, fields);
  const name = JSON.stringify(path);
  const known = fields.get(name);
  if (known) return known;
  const values = sample.payloads.map((payload) => payloadValue(payload, path));
  const made = fieldStatistics(values, sample.rows);
  if (fields.size >= maxFields) fields.clear();
  fields.set(name, made);
  return made;
}

const readyLists = new WeakMap<readonly IndexInfo[], readonly IndexInfo[]>();

/** The indexes of a list that are ready: the same list as long as that is the same. */
function readyOf(indexes: readonly IndexInfo[]): readonly IndexInfo[] {
  const known = readyLists.get(indexes);
  if (known) return known;
  const ready = indexes.filter(({ state }) => state === 'ready');
  readyLists.set(indexes, ready);
  return ready;
}

/** What a store knows, with the samples that it knows it by. */
export interface StoreStatistics extends PlanStatistics {
  /** The sample that tells of the fields of a route: another one may tell something else. */
  sample(route: string): RouteSample | undefined;
}

/**
 * What a store knows of the routes of a snapshot, as the planner asks for it. A field whose route has no sample yet is
 * unknown: the sample is made beside other work, for later plans.
 */
export function statisticsOf({ snapshot }: { readonly snapshot: Snapshot }): StoreStatistics {
  const rowsOf = (route: string) => {
    const { entities, events } = snapshot.statistics(route);
    return entities + events;
  };
  let asked: Set<string> | undefined;
  return {
    rows: (route, subtree) =>
      subtree ? snapshot.routes(route).reduce((sum, below) => sum + rowsOf(below), 0) : rowsOf(route),
    indexes: (route) => readyOf(snapshot.indexes(route)),
    columns: snapshot.columns !== undefined,
    remote: remoteStoreOf(snapshot),
    entries: (path, limit) => snapshot.countEntries(path, limit),
    isNone: (path) => snapshot.countEntries(path, 1) === 0,
    sample: (route) => snapshot.sample(route),
    field(route, path) {
      if (!asked?.has(route)) snapshot.askSample(route);
      asked = (asked ?? new Set()).add(route);
      const sample = snapshot.sample(route);
      return sample && fieldOf(sample, path);
    },
  };
}
