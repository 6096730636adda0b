import type { JournalRecord } from './journal.js';

/** A disk writes a sector as a whole or not at all. */
export const sectorSize = 512;

/** The part of a write that falls into one sector. */
export interface Piece {
  /** Id of the write. */
  readonly write: number;
  /** Offset in the file. */
  readonly at: number;
  readonly bytes: Buffer;
}

/** How many of the pieces that wait for a sector, oldest first, have reached the disk. */
export type Fate = (sector: number, waiting: readonly Piece[]) => number;

/**
 * A file as a disk may hold it. Until a sync, a sector holds its state after any of the writes that wait for it,
 * whatever the other sectors hold: a cache writes back in its own order.
 */
export interface Disk {
  apply(record: JournalRecord): void;
  /** The file that is found after power is lost now; undefined: its name was not on disk yet. */
  image(fate: Fate, keepsName: boolean): Buffer | undefined;
  /** The file as its process sees it. */
  seen(): Buffer;
}

/** Bytes that can grow, zero where nothing was written. */
function growing(initial: Buffer) {
  let bytes = Buffer.from(initial);
  let size = initial.length;
  return {
    put(at: number, part: Buffer) {
      const end = at + part.length;
      if (end > bytes.length) bytes = Buffer.concat([bytes, Buffer.alloc(2 * end - bytes.length)]);
      part.copy(bytes, at);
      size = Math.max(size, end);
    },
    extend(to: number) {
      if (to > bytes.length) bytes = Buffer.concat([bytes, Buffer.alloc(2 * to - bytes.length)]);
      size = Math.max(size, to);
    },
    size: () => size,
    copy: () => Buffer.from(bytes.subarray(0, size)),
  };
}

function* piecesOf(write: number, offset: number, bytes: Buffer): Generator<readonly [number, Piece]> {
  for (let done = 0; done < bytes.length;) {
    const at = offset + done;
    const sector = Math.floor(at / sectorSize);
    const length = Math.min((sector + 1) * sectorSize - at, bytes.length - done);
    yield [sector, { write, at, bytes: bytes.subarray(done, done + length) }];
    done += length;
  }
}

/** A disk that holds one file, `initial`; undefined: it is not there. `heedsSyncs` false: one that lies about them. */
export function createDisk(initial: Buffer | undefined, heedsSyncs = true, file = 0): Disk {
  const durable = growing(initial ?? Buffer.alloc(0));
  const cached = growing(initial ?? Buffer.alloc(0));
  const waiting = new Map<number, Piece[]>();
  /** Writes under way, and ended ones that no sync has covered. */
  const begun = new Map<number, Extract<JournalRecord, { kind: 'write' }>>();
  const ended = new Set<number>();
  const syncs = new Map<number, { readonly of: 'file' | 'folder'; readonly covers: readonly number[] }>();
  let exists = initial !== undefined;
  let named = exists;

  /** What is durable of a sector has the writes before it in it. */
  const settle = (sector: number, covered: ReadonlySet<number>): void => {
    const pieces = waiting.get(sector) ?? [];
    const count = pieces.findLastIndex(({ write }) => covered.has(write)) + 1;
    for (const { at, bytes } of pieces.splice(0, count)) durable.put(at, bytes);
    if (pieces.length === 0) waiting.delete(sector);
  };
  const makeDurable = (writes: readonly number[], size: number): void => {
    if (!heedsSyncs) return;
    const covered = new Set(writes);
    for (const sector of [...waiting.keys()]) settle(sector, covered);
    for (const id of writes) ended.delete(id);
    durable.extend(size);
  };
  const end = (id: number, result: number): void => {
    const sync = syncs.get(id);
    const write = begun.get(id);
    if (sync) {
      syncs.delete(id);
      if (result !== 0) return;
      if (sync.of === 'folder') named ||= exists;
      else makeDurable(sync.covers, cached.size());
    } else if (write) {
      begun.delete(id);
      if (result !== write.bytes.length) throw new Error('a write that was cut short is not modelled');
      ended.add(id);
      if (write.synced) makeDurable([id], write.offset + write.bytes.length);
    }
  };

  return {
    apply(record) {
      if ('file' in record && record.file !== file) return;
      switch (record.kind) {
        case 'open':
          exists = true;
          return;
        case 'write':
          begun.set(record.id, record);
          cached.put(record.offset, record.bytes);
          for (const [sector, piece] of piecesOf(record.id, record.offset, record.bytes)) {
            const pieces = waiting.get(sector);
            if (pieces) pieces.push(piece);
            else waiting.set(sector, [piece]);
          }
          return;
        case 'sync':
          // Writes that are still under way when a sync begins need not be in it.
          syncs.set(record.id, { of: record.of, covers: [...ended] });
          return;
        case 'end':
          return end(record.id, record.result);
        case 'note':
          return;
        case 'unknown':
          throw new Error(`the process used ${record.name}, which is not modelled`);
      }
    },
    image(fate, keepsName) {
      if (!exists || (!named && !keepsName)) return undefined;
      const image = growing(durable.copy());
      for (const [sector, pieces] of waiting) {
        for (const { at, bytes } of pieces.slice(0, fate(sector, pieces))) image.put(at, bytes);
      }
      return image.copy();
    },
    seen: () => cached.copy(),
  };
}
