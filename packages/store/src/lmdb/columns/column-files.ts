import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { clearLeftovers } from '../../cache-file.js';
import type { Environment } from '../environment.js';
import type { Reader } from '../reader.js';
import { u48 } from '../rows/binary-keys.js';
import type { View } from '../rows/read-drop.js';
import type { Route } from '../rows/routes.js';
import type { CachedRoute } from './budget.js';
import { readColumnFile, saveColumns, type SavedColumns } from './column-file.js';

/** The files in which processes leave columns for those that come after them. */
export interface ColumnFiles {
  /** What was left of a route, at a state that `isNear` takes and that the view's has come from. */
  read(view: View, route: Route, isNear: (tx: number, rows: number) => boolean): SavedColumns | undefined;
  /** Columns came out of their file, and are as it has them. */
  isSaved(cached: CachedRoute): void;
  /** Columns were used: what a file does not have of them is saved a little later. */
  note(route: Route, cached: CachedRoute): void;
  /** Removes all files: what they were made of is made anew. */
  forget(): void;
  /** Saves the rest, and ends. */
  close(): Promise<void>;
}

/** Of fewer rows columns are made about as fast as they are read. */
const leastSavedRows = 10_000;
/** The part of the rows that may change before columns are saved again. */
const savedShare = 1 / 8;
/** Ms. */
const delay = 1000;

/** What the file of a route has. */
interface Saved {
  readonly tx: number;
  readonly names: ReadonlySet<string>;
}

/** Files in a folder, which is made when there is something to save. `leastRows`: routes with fewer rows have none. */
export function createColumnFiles(
  environment: Environment,
  reader: Reader,
  folder: string,
  leastRows = leastSavedRows,
): ColumnFiles {
  const saved = new WeakMap<CachedRoute, Saved>();
  const pending = new Map<CachedRoute, Route>();
  let timer: NodeJS.Timeout | undefined;
  let saving: Promise<void> = Promise.resolve();
  let isCleared = false;
  let isClosed = false;

  const fileOf = ({ id }: Route): string => join(folder, `${id}.columns`);
  const linkAt = (from: Reader, tx: number): string | undefined =>
    from.get(environment.chain, u48(tx))?.toString('hex');
  const isSaved = (cached: CachedRoute): void => {
    saved.set(cached, { tx: cached.tx, names: new Set(cached.columns.keys()) });
  };

  const isDue = (cached: CachedRoute): boolean => {
    if (cached.rows.size < leastRows) return false;
    const last = saved.get(cached);
    if (!last || cached.tx - last.tx > cached.rows.size * savedShare) return true;
    for (const name of cached.columns.keys()) if (!last.names.has(name)) return true;
    return false;
  };

  /** What the disk refuses now it may take when more has changed. */
  const save = async (route: Route, cached: CachedRoute): Promise<void> => {
    const { changes } = cached;
    const link = linkAt(reader, cached.tx);
    if (link === undefined) return;
    isSaved(cached);
    await saveColumns(fileOf(route), route.path, cached, link).catch(() => undefined);
    if (cached.changes !== changes) saved.delete(cached);
  };

  const clear = (): void => {
    if (isCleared) return;
    isCleared = true;
    try {
      clearLeftovers(folder);
    } catch {
      // They take room, and nothing else.
    }
  };

  const saveAll = async (): Promise<void> => {
    clear();
    const all = [...pending];
    pending.clear();
    for (const [cached, route] of all) await save(route, cached);
  };
  const saveNow = (): Promise<void> => {
    timer = undefined;
    return (saving = saving.then(saveAll));
  };

  return {
    read(view, route, isNear) {
      return readColumnFile(fileOf(route), route.path, ({ tx, link, rows }) => {
        // A file of another process may be newer than what this reader sees.
        if (tx > view.tx) return 'later';
        return linkAt(view.reader, tx) === link && isNear(tx, rows);
      });
    },
    isSaved,
    note(route, cached) {
      if (isClosed || pending.has(cached) || !isDue(cached)) return;
      pending.set(cached, route);
      timer ??= setTimeout(() => void saveNow(), delay).unref();
    },
    forget() {
      pending.clear();
      rmSync(folder, { recursive: true, force: true });
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      return saveNow();
    },
  };
}
