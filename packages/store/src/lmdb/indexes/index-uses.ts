import { u48 } from '../rows/binary-keys.js';
import type { Environment } from '../environment.js';
import type { Reader } from '../reader.js';

/** How an index was used, by whichever process. */
export interface IndexUse {
  readonly count: number;
  /** Ms since the epoch. */
  readonly last: number;
}

/** The uses of indexes. Each process counts its own and adds them to what the store holds from time to time. */
export interface IndexUses {
  note(id: number): void;
  /** All uses as far as they are known here: those of other processes as of the last `share`. */
  of(id: number): IndexUse;
  /** True when this process has counted uses that the store does not hold yet. */
  isUnshared(): boolean;
  /** Adds the uses of this process to those in the store, and reads those of the others. */
  share(): void;
}

const useKey = (id: number): string => `use ${u48(id)}`;

function readUse(environment: Environment, reader: Reader, id: number): IndexUse | undefined {
  const bytes = reader.get(environment.meta, useKey(id));
  return bytes && { count: bytes.readUIntBE(0, 6), last: bytes.readUIntBE(6, 6) };
}

function writeUse(environment: Environment, id: number, { count, last }: IndexUse): void {
  const bytes = Buffer.allocUnsafe(12);
  bytes.writeUIntBE(count, 0, 6);
  bytes.writeUIntBE(last, 6, 6);
  environment.meta.putSync(useKey(id), bytes);
}

/** Forgets the uses of an index that goes. */
export function forgetUse(environment: Environment, id: number): void {
  environment.meta.removeSync(useKey(id));
}

const add = (a: IndexUse, b: IndexUse): IndexUse => ({
  count: a.count + b.count,
  last: Math.max(a.last, b.last),
});

/** The uses of an environment; `registered` gives the ids of its indexes. */
export function createIndexUses(
  environment: Environment,
  reader: Reader,
  registered: () => readonly number[],
  clock: () => number,
): IndexUses {
  let own = new Map<number, IndexUse>();
  let shared: ReadonlyMap<number, IndexUse> | undefined;

  const write = (): void => {
    for (const id of registered()) {
      const known = readUse(environment, reader, id);
      const more = own.get(id);
      if (known && !more) continue;
      // An index that nobody has used is idle from now on.
      writeUse(environment, id, add(known ?? { count: 0, last: clock() }, more ?? { count: 0, last: 0 }));
    }
  };
  const read = (): ReadonlyMap<number, IndexUse> => {
    const found = registered().map((id) => [id, readUse(environment, reader, id)] as const);
    return new Map(found.flatMap(([id, use]) => (use ? [[id, use]] : [])));
  };

  return {
    note(id) {
      own.set(id, { count: (own.get(id)?.count ?? 0) + 1, last: clock() });
    },
    of(id) {
      shared ??= read();
      const known = shared.get(id) ?? { count: 0, last: clock() };
      const more = own.get(id);
      return more ? add(known, more) : known;
    },
    isUnshared: () => own.size > 0,
    share() {
      environment.root.resetReadTxn();
      const known = read();
      shared = known;
      if (own.size === 0 && registered().every((id) => known.has(id))) return;
      environment.write(write);
      own = new Map();
      shared = read();
    },
  };
}
