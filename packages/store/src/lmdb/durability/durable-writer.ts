import { fail } from '@drops/diagnostics';
import type { ChangeRecorder } from './change-record.js';
import { SyncFailed, type CheckpointKeeper } from './checkpoint-keeper.js';
import type { DiskRoom } from './disk-room.js';
import type { LogFile } from './log-file.js';
import {
  decodePlace,
  encodePlace,
  firstPlace,
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
  readonly room: DiskRoom;
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
/** The part of the log after which a checkpoint is made; when that comes before the time, the log is made larger. */
const checkpointShare = 0.25;

const refuse = (): never =>
  fail('STORE_FULL', 'The disk failed to take what was written: nothing more is written.', {
    hint: 'look after the disk, then start again',
  });

/** The writer of a process. */
export function createDurableWriter(parts: DurableWriterParts): DurableWriter {
  const { places, recorder, log, keeper, waits, room: disk, transact } = parts;
  let isBroken = false;
  let isClosed = false;
  let underWay: Promise<void> | undefined;
  /** The newest checkpoint that this process made beside its writes, and the place in the log that belongs to it. */
  let made: { readonly transaction: number; readonly at: number } | undefined;
  let bytesSince = 0;
  let begunAt = 0;
  let isBusy = false;
  let timer: NodeJS.Timeout | undefined;
  let isSyncing = false;
  let size = log.size();

  const readPlace = (): LogPlace => {
    const bytes = places.get(placeKey);
    return bytes ? decodePlace(bytes) : firstPlace;
  };
  /** A log that is larger saves work; the last of a disk is for what is written. */
  const grow = (): boolean => disk.has(2 * size) && log.grow();
  /** Finds room for a record: as things are, else after a checkpoint, in a larger file where that can be. */
  const findRoom = (place: LogPlace, length: number) => {
    if (place.at > size) size = log.size();
    const at = place.isGap ? undefined : roomFor(place, length, size);
    if (at !== undefined) return { place, at };
    const isFull = !place.isGap;
    const empty = { ...place, from: place.at, checkpoint: keeper.make().transaction, isGap: false };
    let room = isFull ? undefined : roomInEmpty(empty.at, length, size);
    while (room === undefined && grow()) room = roomInEmpty(empty.at, length, (size = log.size()));
    room ??= roomInEmpty(empty.at, length, size);
    return { place: { ...empty, from: room ?? empty.at }, at: room };
  };

  /** Puts the changes of the running transaction into the log; gives where they stand, if there was room. */
  const logChanges = (): { readonly at: number; readonly before: LogPlace } | undefined => {
    let before = readPlace();
    if (made && made.transaction > before.checkpoint)
      before = { ...before, from: made.at, checkpoint: made.transaction };
    const record = recorder.record();
    if (record) disk.assure(record.length);
    const { place, at } = record ? findRoom(before, record.length) : { place: before, at: undefined };
    if (!record || at === undefined) {
      places.put(placeKey, encodePlace({ ...newPlace(), at: place.at, from: place.at }));
      return undefined;
    }
    const end = log.append(record, place, at);
    if (isBusy && grow()) size = log.size();
    isBusy = false;
    places.put(placeKey, encodePlace({ ...place, ...end }));
    bytesSince += record.length;
    return { at, before };
  };

  /** LMDB refused what is in the log already: it must not come back, unless somebody has written there meanwhile. */
  const takeBack = ({ at, before }: { readonly at: number; readonly before: LogPlace }): void => {
    try {
      transact(() => {
        if (readPlace().hash.equals(before.hash)) log.erase(at);
      });
    } catch {
      isBroken = true;
    }
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
    begunAt = performance.now();
    underWay = new Promise((resolve) => {
      sync((meta) => {
        underWay = undefined;
        // A checkpoint that found no room is tried again later; one that failed to sync would lie.
        if (!(meta instanceof Error)) made = { transaction: meta.transaction, at };
        else if (meta instanceof SyncFailed) isBroken = true;
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

  const inTransaction = (work: () => void): void => {
    try {
      transact(work);
    } catch (thrown) {
      if (!(thrown instanceof SyncFailed)) throw thrown;
      isBroken = true;
      refuse();
    }
  };
  const checkpoint = (): void => inTransaction(keeper.renew());

  return {
    write(work) {
      if (isBroken) refuse();
      disk.assure(0);
      const hold = keeper.prepare();
      let logged: ReturnType<typeof logChanges>;
      try {
        inTransaction(() => {
          hold();
          recorder.begin();
          work();
          if (recorder.isEmpty()) return;
          logged = logChanges();
          if (logged && waits) log.sync();
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
      if (bytesSince > size * checkpointShare && !underWay) {
        isBusy = performance.now() - begunAt < checkpointInterval;
        begin();
      }
      timer ??= setTimeout(tick, checkpointInterval).unref();
    },
    checkpoint,
    async close() {
      if (isClosed) return;
      isClosed = true;
      clearTimeout(timer);
      await underWay;
      try {
        if (keeper.isHolding() && !isBroken) checkpoint();
      } catch {
        // The log has what the data file has not.
      }
      keeper.close();
      log.close();
    },
  };
}
