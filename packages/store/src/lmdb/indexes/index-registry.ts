import { invariant } from '@drops/diagnostics';
import { indexRecord, isObject, readIndexDefinition, type IndexDefinition, type Json } from '@drops/ir';
import { readU48, u48 } from '../rows/binary-keys.js';
import type { Environment } from '../environment.js';
import type { Reader } from '../reader.js';
import { createIndexUses, forgetUse, type IndexUses } from './index-uses.js';

/** `building`: writers keep it and the builder is on its way. `dropping`: nobody keeps it, its entries go. */
export type IndexState = 'building' | 'ready' | 'dropping';

/** An index that has entries: what the definitions ask for and the store has begun. */
export interface RegisteredIndex extends IndexDefinition {
  /** The tx of its definition: another definition is another index. */
  readonly id: number;
  readonly state: IndexState;
  /** The row of `current` up to which it is built. */
  readonly position: string;
}

const generationKey = 'indexes';

/** Rises with every change of the registered indexes. */
function readGeneration(environment: Environment, reader: Reader): number {
  return reader.get(environment.meta, generationKey)?.readUIntBE(0, 6) ?? 0;
}

function decode(key: string, value: Buffer): RegisteredIndex {
  const record: Json = JSON.parse(value.toString('utf8'));
  const definition = readIndexDefinition(record);
  invariant(definition && isObject(record), 'a registered index has a definition');
  const { state, position } = record;
  return {
    ...definition,
    id: readU48(key, 0),
    state: state === 'ready' || state === 'dropping' ? state : 'building',
    position: typeof position === 'string' ? position : '',
  };
}

/** All registered indexes as a reader sees them. */
export function readRegistered(environment: Environment, reader: Reader): readonly RegisteredIndex[] {
  const rows = reader.range(environment.indexStates, { start: '', end: '\xff' });
  return [...rows].map(({ key, value }) => decode(key, value));
}

/** Makes everyone read the registered indexes again. */
export function noteIndexChange(environment: Environment, reader: Reader): void {
  const bytes = Buffer.allocUnsafe(6);
  bytes.writeUIntBE(readGeneration(environment, reader) + 1, 0, 6);
  environment.meta.putSync(generationKey, bytes);
}

function write(environment: Environment, index: RegisteredIndex): void {
  const { id, state, position } = index;
  const record = { ...indexRecord(index), state, ...(position !== '' && { position }) };
  environment.indexStates.putSync(u48(id), Buffer.from(JSON.stringify(record)));
}

/** Notes an index, or its new state. */
export function register(environment: Environment, reader: Reader, index: RegisteredIndex): void {
  write(environment, index);
  noteIndexChange(environment, reader);
}

/** Notes how far an index is built: nobody but its builder needs to know. */
export function savePosition(environment: Environment, index: RegisteredIndex): void {
  write(environment, index);
}

/** Forgets an index without entries. */
export function unregister(environment: Environment, reader: Reader, id: number): void {
  environment.indexStates.removeSync(u48(id));
  forgetUse(environment, id);
  noteIndexChange(environment, reader);
}

/** The registered indexes, read again when they have changed, by whichever process. */
export interface IndexRegistry {
  /** Those that writers keep, by route: the same map as long as nothing changes. To be asked once a transaction. */
  kept(reader: Reader): ReadonlyMap<string, readonly RegisteredIndex[]>;
  readonly uses: IndexUses;
}

/** The registry of an environment. */
export function createIndexRegistry(
  environment: Environment,
  newest: Reader,
  clock: () => number,
): IndexRegistry {
  let generation = -1;
  let held: ReadonlyMap<string, readonly RegisteredIndex[]> = new Map();
  // Every statement asks several times, mostly in one read transaction, which sees no change.
  let last: Reader | undefined;
  let seen = held;

  const read = (reader: Reader): ReadonlyMap<string, readonly RegisteredIndex[]> => {
    const byRoute = new Map<string, RegisteredIndex[]>();
    for (const index of readRegistered(environment, reader)) {
      if (index.state === 'dropping') continue;
      const known = byRoute.get(index.route);
      if (known) known.push(index);
      else byRoute.set(index.route, [index]);
    }
    return byRoute;
  };

  return {
    kept(reader) {
      if (reader.fixed && reader === last) return seen;
      const found = readGeneration(environment, reader);
      if (found !== generation) {
        held = read(reader);
        generation = found;
      }
      last = reader;
      seen = held;
      return held;
    },
    uses: createIndexUses(
      environment,
      newest,
      () => readRegistered(environment, newest).map(({ id }) => id),
      clock,
    ),
  };
}
