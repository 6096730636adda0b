import { readIndexDefinition, type IndexDefinition, type StoredDrop } from '@drops/ir';
import { entityRange, eventRange } from '../rows/binary-keys.js';
import type { Environment } from '../environment.js';
import type { Reader } from '../reader.js';
import { entriesOf, gatherEntries } from './index-entries.js';
import { indexEnd, indexPrefix } from './index-keys.js';
import {
  readRegistered,
  register,
  savePosition,
  unregister,
  type RegisteredIndex,
} from './index-registry.js';
import type { Routes } from '../rows/routes.js';

/** Rows that one write transaction builds, and entries that one drops: other writers wait no longer than that. */
const builtRows = 1000;
const droppedEntries = 5000;

/** The live records of the route of indexes. */
export type IndexRecords = (reader: Reader) => Iterable<StoredDrop>;

export interface IndexBuilder {
  /** True when the definitions ask for something that is not there, or something is half done. */
  isPending(): boolean;
  /** One step of the work, within the running write transaction. */
  step(): void;
}

interface Wanted extends IndexDefinition {
  readonly id: number;
}

/** Brings the indexes to what the definitions ask for, a step at a time: all that it knows is in the tables, so that a crash or another process goes on. */
export function createIndexBuilder(
  environment: Environment,
  reader: Reader,
  routes: Routes,
  records: IndexRecords,
): IndexBuilder {
  const wanted = (): ReadonlyMap<number, Wanted> => {
    const found = new Map<number, Wanted>();
    for (const { tx, payload } of records(reader)) {
      const definition = readIndexDefinition(payload);
      if (definition) found.set(tx, { ...definition, id: tx });
    }
    return found;
  };

  /** Definitions without an index, and indexes without a definition. */
  const differences = (registered: readonly RegisteredIndex[]) => {
    const definitions = wanted();
    const known = new Set(registered.map(({ id }) => id));
    return {
      missing: [...definitions.values()].filter(({ id }) => !known.has(id)),
      needless: registered.filter(({ id, state }) => state !== 'dropping' && !definitions.has(id)),
    };
  };

  const begin = (): void => {
    const { missing, needless } = differences(readRegistered(environment, reader));
    for (const index of missing) register(environment, reader, { ...index, state: 'building', position: '' });
    for (const index of needless)
      register(environment, reader, { ...index, state: 'dropping', position: '' });
  };

  /** The next rows of a route; none as long as nothing was written to it. */
  const nextRows = ({ route, position }: RegisteredIndex): readonly string[] => {
    const id = routes.find(reader, route)?.id;
    if (id === undefined) return [];
    const start = position === '' ? entityRange(id)[0] : `${position}\0`;
    return [...reader.keys(environment.current, { start, end: eventRange(id)[1], limit: builtRows })];
  };

  const build = (index: RegisteredIndex): void => {
    const rows = nextRows(index);
    const entries = gatherEntries(environment);
    for (const row of rows) entries.replace([], entriesOf(environment, reader, [index], row));
    entries.flush();
    const position = rows.at(-1);
    if (position === undefined || rows.length < builtRows) {
      register(environment, reader, { ...index, state: 'ready', position: '' });
    } else savePosition(environment, { ...index, position });
  };

  const drop = ({ id }: RegisteredIndex): void => {
    const range = { start: indexPrefix(id), end: indexEnd(id), limit: droppedEntries };
    const keys = [...reader.keys(environment.indexes, range)];
    for (const key of keys) environment.indexes.removeSync(key);
    if (keys.length < droppedEntries) unregister(environment, reader, id);
  };

  return {
    isPending() {
      const registered = readRegistered(environment, reader);
      if (registered.some(({ state }) => state !== 'ready')) return true;
      const { missing, needless } = differences(registered);
      return missing.length > 0 || needless.length > 0;
    },
    step() {
      begin();
      const open = readRegistered(environment, reader).find(({ state }) => state !== 'ready');
      if (open?.state === 'building') build(open);
      if (open?.state === 'dropping') drop(open);
    },
  };
}
