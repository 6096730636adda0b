import { randomBytes } from 'node:crypto';
import { fail } from '@drops/diagnostics';
import type { ChangeRecorder } from './change-record.js';
import type { CheckpointKeeper } from './checkpoint-keeper.js';
import type { LogFile } from './log-file.js';
import {
  decodePlace,
  encodePlace,
  newPlace,
  placeKey,
  roomFor,
  roomInEmpty,
  type LogPlace,
} from './log-place.js';

/** The table that holds the place in the log, unrecorded. */
export interface PlaceTable {
  get(key: string): Buffer | undefined;
  put(key: string, value: Buffer): void;
}

export interface DurableWriterParts {
  readonly places: PlaceTable;
  readonly recorder: ChangeRecorder;
  readonly log: LogFile;
  readonly keeper: CheckpointKeeper;
  /** False: a commit is acknowledged before it is synced, and synced right after. */
  readonly waits: boolean;
  /** Runs work in a write transaction that is not synced. */
  readonly transact: (work: () => void) => void;
}

/**
 * Commits that are durable by one sync of a log: the changes of a transaction are appended and synced before it ends, which
 * it then does without syncing its pages. Those are synced beside the writes, all at once: a checkpoint, from which recovery
 * replays the log. Nobody sees a state whose record is not on disk.
 */
export interface DurableWriter {
  /** Runs `work` in one write transaction, durable when this returns; a throw leaves nothing. */
  write(work: () => void): void;
  /** Makes the newest state a checkpoint, at once. */
  checkpoint(): void;
  /** Makes a last checkpoint, and ends. */
  close(): Promise<void>;
}

/** After so many ms with commits a checkpoint is made; after as many without any the process holds none any more. */
const checkpointInterval = 500;
/** The part of the log after which a checkpoint is made. */
const checkpointShare = 0.25;

/** The writer of a process. */
export function createDurableWriter(parts: DurableWriterParts): DurableWriter {
  const { places, recorder, log, keeper, waits, transact } = parts;
  let isBroken = false;
  let underWay: Promise<void> | undefined;
  /** The newest checkpoint that this process made beside its writes, and the place in the log that belongs to it. */
  let made: { readonly transaction: number; readonly at: number } | undefined;
  let bytesSince = 0;
  let timer: NodeJS.Timeout | undefined;
  let isSyncing = false;
  let size = log.size();

  /** After a sync that failed nobody knows what is on disk, and the next one would not tell. */
  const orBroken = <T>(work: () => T): T => {
    try {
      return work();
    } catch (thrown) {
      isBroken = true;
      throw thrown;
    }
  };
  const readPlace = (): LogPlace => {
    const bytes = places.get(placeKey);
    return bytes ? decodePlace(bytes) : newPlace();
  };
  const make = (): number => orBroken(() => keeper.make().transaction);

  /** Finds room for a record: as things are, else after a checkpoint, in a larger file where that can be. */
  const findRoom = (place: LogPlace, length: number) => {
    if (place.at > size) size = log.size();
    const at = place.isGap ? undefined : roomFor(place, length, size);
    if (at !== undefined) return { place, at };
    const isFull = !place.isGap;
    const empty = { ...place, from: place.at, checkpoint: make(), isGap: false };
    let room = isFull ? undefined : roomInEmpty(empty.at, length, size);
    while (room === undefined && log.grow()) room = roomInEmpty(empty.at, length, (size = log.size()));
    room ??= roomInEmpty(empty.at, length, size);
    return { place: { ...empty, from: room ?? empty.at }, at: room };
  };

  /** Puts the changes of the running transaction into the log; gives where they stand, if there was room. */
  const logChanges = (): { readonly at: number; readonly before: LogPlace } | undefined => {
    let before = readPlace();
    if (made && made.transaction > before.checkpoint)
      before = { ...before, from: made.at, checkpoint: made.transaction };
    const record = recorder.record();
    const { place, at } = record ? findRoom(before, record.length) : { place: before, at: undefined };
    if (!record || at === undefined) {
      places.put(placeKey, encodePlace({ ...place, isGap: true, hash: randomBytes(32) }));
      return undefined;
    }
    const end = log.append(record, place, at);
    if (waits) log.sync();
    places.put(placeKey, encodePlace({ ...place, ...end }));
    bytesSince += record.length;
    return { at, before };
  };

  /** LMDB refused what is in the log already: it must not come back, unless somebody has written there meanwhile. */
  const takeBack = ({ at, before }: { readonly at: number; readonly before: LogPlace }): void => {
    orBroken(() => {
      transact(() => {
        if (readPlace().hash.equals(before.hash)) log.erase(at);
      });
    });
  };

  const syncSoon = (): void => {
    if (isSyncing) return;
    isSyncing = true;
    log.syncLater((error) => {
      isSyncing = false;
      if (error) isBroken = true;
    });
  };

  /** Makes a checkpoint beside the writes. */
  const begin = (): void => {
    if (underWay || isBroken) return;
    const { note, sync } = keeper.begin();
    let at = 0;
    transact(() => {
      note();
      ({ at } = readPlace());
    });
    bytesSince = 0;
    underWay = new Promise((resolve) => {
      sync((meta) => {
        underWay = undefined;
        if (meta) made = { transaction: meta.transaction, at };
        else isBroken = true;
        resolve();
      });
    });
  };

  const tick = (): void => {
    timer = undefined;
    if (isBroken) return;
    if (bytesSince > 0) begin();
    else if (!underWay) return keeper.letGo();
    timer = setTimeout(tick, checkpointInterval).unref();
  };

  const checkpoint = (): void => {
    transact(() => {
      make();
    });
  };

  return {
    write(work) {
      if (isBroken) {
        fail('STORE_FULL', 'The disk failed to take what was written: nothing more is written.', {
          hint: 'look after the disk, then start again',
        });
      }
      const hold = keeper.prepare();
      let logged: ReturnType<typeof logChanges>;
      try {
        transact(() => {
          orBroken(hold);
          recorder.begin();
          work();
          if (!recorder.isEmpty()) logged = logChanges();
        });
      } catch (thrown) {
        if (logged) takeBack(logged);
        throw thrown;
      } finally {
        recorder.end();
      }
      if (recorder.isEmpty()) return;
      if (!logged) checkpoint();
      if (!waits) syncSoon();
      if (bytesSince > size * checkpointShare) begin();
      timer ??= setTimeout(tick, checkpointInterval).unref();
    },
    checkpoint,
    async close() {
      clearTimeout(timer);
      await underWay;
      if (keeper.isHolding() && !isBroken) checkpoint();
      keeper.close();
      log.close();
    },
  };
}
