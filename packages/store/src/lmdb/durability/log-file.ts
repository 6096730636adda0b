import {
  closeSync,
  constants,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { sha256 } from '../../log/commitment.js';
import { hashLength, recordHead, recordLimit } from './change-record.js';

/** Where the next record goes in the file, and the hash of the one before it. */
export interface LogEnd {
  readonly at: number;
  readonly hash: Buffer;
}

/**
 * A file of records that is used round and round, made of zeros before it is used: a sync then writes the record and
 * nothing else. Each record begins with the SHA-256 of the hash before it and itself, so that what is left of older
 * rounds, or was torn, is never taken for the next one. The next one stands behind the last or, when there was no room,
 * at the beginning of the file.
 */
export interface LogFile {
  size(): number;
  /** Makes the file larger, if the disk has the room; true when it is. */
  grow(): boolean;
  /** Writes a record (see `ChangeRecorder.record`) behind `end`; gives the end after it. Not synced. */
  append(record: Buffer, end: LogEnd, at: number): LogEnd;
  /** Makes sure that no record is found at a place; synced. */
  erase(at: number): void;
  sync(): void;
  /** The same beside other work; told of an error. */
  syncLater(done: (error: unknown) => void): void;
  /** The record that follows an end, and the end after it. */
  next(end: LogEnd): { readonly record: Buffer; readonly end: LogEnd } | undefined;
  close(): void;
}

const firstSize = 1 << 20;
const largestSize = 64 << 20;
const growth = 4;

/** Opens the file, making it when missing. */
export function openLogFile(path: string): LogFile {
  // Without O_TRUNC: another process may be using it.
  const fd = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o644);
  const zeros = Buffer.alloc(1 << 20);

  const writeAll = (bytes: Buffer, place: number): void => {
    for (let done = 0; done < bytes.length;) {
      done += writeSync(fd, bytes, done, bytes.length - done, place + done);
    }
  };
  const size = (): number => fstatSync(fd).size;
  const extend = (to: number): boolean => {
    try {
      for (let from = size(); from < to; from += zeros.length) {
        writeAll(zeros.subarray(0, Math.min(zeros.length, to - from)), from);
      }
      fdatasyncSync(fd);
      return true;
    } catch {
      // A full disk: the file stays as it is, and is gone round more often.
      return false;
    }
  };
  const readAt = (place: number, previous: Buffer): Buffer | undefined => {
    const head = Buffer.alloc(recordHead);
    if (readSync(fd, head, 0, recordHead, place) < recordHead) return undefined;
    const length = head.readUInt32LE(hashLength);
    if (length <= recordHead || length > recordLimit) return undefined;
    const record = Buffer.allocUnsafe(length);
    if (readSync(fd, record, 0, length, place) < length) return undefined;
    const hash = Buffer.from(record.subarray(0, hashLength));
    previous.copy(record);
    return sha256(record).equals(hash) ? record : undefined;
  };

  return {
    size,
    grow() {
      const now = size();
      return now < largestSize && extend(now === 0 ? firstSize : Math.min(largestSize, now * growth));
    },
    append(record, end, at) {
      end.hash.copy(record);
      const hash = sha256(record);
      hash.copy(record);
      writeAll(record, at);
      // A record of a process that died before its transaction ended may stand where this one would have begun.
      const isCovered = at === end.at || end.at < at + record.length;
      if (!isCovered && end.at + recordHead <= size()) writeAll(zeros.subarray(0, recordHead), end.at);
      return { at: at + record.length, hash };
    },
    erase(at) {
      writeAll(zeros.subarray(0, recordHead), at);
      fdatasyncSync(fd);
    },
    sync: () => fdatasyncSync(fd),
    syncLater: (done) => fdatasync(fd, done),
    next(end) {
      for (const place of [end.at, 0]) {
        const record = readAt(place, end.hash);
        if (record) return { record, end: { at: place + record.length, hash: sha256(record) } };
      }
      return undefined;
    },
    close: () => closeSync(fd),
  };
}
