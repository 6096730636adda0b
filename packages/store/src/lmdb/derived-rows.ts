import type { DerivedChange, DerivedRows } from '../derived-rows.js';
import type { Environment } from './environment.js';
import type { Reader } from './reader.js';

const isSame = (found: Uint8Array | undefined, wanted: Uint8Array | undefined): boolean =>
  found === undefined || wanted === undefined ? found === wanted : Buffer.compare(found, wanted) === 0;

/** Rows of one upper layer, in the one table of all: what begins with their name. */
export function createDerivedRows(environment: Environment, reader: Reader, name: string): DerivedRows {
  const table = environment.derived;
  const prefix = `${name}\0`;

  const write = ({ removed, puts }: DerivedChange): void => {
    for (const { start, end } of removed) {
      const keys = [...reader.keys(table, { start: prefix + start, end: prefix + end })];
      for (const key of keys) table.removeSync(key);
    }
    for (const { key, value } of puts) {
      table.putSync(prefix + key, Buffer.from(value.buffer, value.byteOffset, value.byteLength));
    }
  };

  return {
    get(key) {
      const value = reader.get(table, prefix + key);
      // lmdb uses the buffer of small values again.
      return value && Buffer.from(value);
    },
    *range({ start, end, reverse, limit }) {
      const query = {
        start: prefix + start,
        end: prefix + end,
        ...(reverse !== undefined && { reverse }),
        ...(limit !== undefined && { limit }),
      };
      for (const { key, value } of reader.range(table, query)) yield { key: key.slice(prefix.length), value };
    },
    apply(change) {
      let done = false;
      environment.write(() => {
        const { key, value } = change.guard;
        done = isSame(reader.get(table, prefix + key), value);
        if (done) write(change);
      });
      return done;
    },
  };
}
