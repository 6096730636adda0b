import { systemFiles, type Files } from '../../backup/write-backup.js';
import { openEnvironment, type Environment, type EnvironmentOptions } from '../environment.js';
import type { Table } from '../table.js';

/** Makes one write call fail: the n-th from when it is armed. */
export interface Faults {
  arm(nth: number): void;
  /** Disarms, and says which call failed, if one did. */
  disarm(): string | undefined;
  /** Calls that failed, by name. */
  readonly failed: ReadonlyMap<string, number>;
  readonly openEnvironment: (options: EnvironmentOptions) => Environment;
  readonly files: Files;
}

/** The error of a disk without room, as lmdb (a number) and as Node's files (a name) give it. */
const noRoom = (code: number | string): Error =>
  Object.assign(new Error('No space left on device'), { code });

/** A layer under a store in which every call that writes can be made to fail. */
export function createFaults(): Faults {
  let left = 0;
  let fired: string | undefined;
  const failed = new Map<string, number>();

  const isDue = (name: string): boolean => {
    if (left === 0 || --left > 0) return false;
    fired = name;
    failed.set(name, (failed.get(name) ?? 0) + 1);
    return true;
  };
  const call = (name: string, code: number | string): void => {
    if (isDue(name)) throw noRoom(code);
  };
  const guarded = <F extends (...args: never[]) => unknown>(name: string, method: F): F =>
    new Proxy(method, {
      apply(target, self, args) {
        call(name, 28);
        return Reflect.apply(target, self, args);
      },
    });
  const guard = (table: Table): void => {
    table.putSync = guarded('put', table.putSync);
    table.removeSync = guarded('remove', table.removeSync);
    table.clearSync = guarded('clear', table.clearSync);
  };

  return {
    arm(nth) {
      left = nth;
      fired = undefined;
    },
    disarm() {
      left = 0;
      return fired;
    },
    failed,
    openEnvironment(options) {
      const environment = openEnvironment(options);
      for (const part of Object.values(environment)) {
        if (typeof part === 'object' && part !== environment.root) guard(part);
      }
      return {
        ...environment,
        // What LMDB writes and syncs at the end of a transaction: it fails as a whole.
        write: (work) =>
          environment.write(() => {
            work();
            call('commit', 28);
          }),
      };
    },
    files: {
      async create(path) {
        call('create', 'ENOSPC');
        const file = await systemFiles.create(path);
        return {
          async write(bytes, offset, length, position) {
            // A torn write: the first half gets to the disk, then there is no room.
            if (isDue('write')) {
              await file.write(bytes, offset, length >> 1, position);
              throw noRoom('ENOSPC');
            }
            return file.write(bytes, offset, length, position);
          },
          async sync() {
            call('sync', 'EIO');
            await file.sync();
          },
          close: () => file.close(),
        };
      },
      async rename(from, to) {
        call('rename', 'EIO');
        await systemFiles.rename(from, to);
      },
    },
  };
}
