import { readFileSync } from 'node:fs';

/** One thing that a process did to its files, in the order in which it did it. `file`: place in the list of those watched. */
export type JournalRecord =
  /** A file was opened, and made when it was not there. */
  | { readonly kind: 'open'; readonly file: number }
  /** A write has begun; `synced`: on disk when it ends (O_DSYNC). */
  | {
      readonly kind: 'write';
      readonly file: number;
      readonly id: number;
      readonly offset: number;
      readonly bytes: Buffer;
      readonly synced: boolean;
    }
  /** fsync or fdatasync of a file has begun, or fsync of the folder. */
  | { readonly kind: 'sync'; readonly id: number; readonly of: 'file'; readonly file: number }
  | { readonly kind: 'sync'; readonly id: number; readonly of: 'folder' }
  /** A write or sync has ended: bytes written, 0 for a sync, −1 when it failed. */
  | { readonly kind: 'end'; readonly id: number; readonly result: number }
  /** What the process noted. */
  | { readonly kind: 'note'; readonly text: string }
  /** Something was done that the model does not know. */
  | { readonly kind: 'unknown'; readonly name: string };

const headLength = 18;

function recordOf(kind: string, flags: number, id: number, number: number, bytes: Buffer): JournalRecord {
  const file = flags >> 1;
  switch (kind) {
    case 'O':
      return { kind: 'open', file };
    case 'W':
      return { kind: 'write', file, id, offset: number, bytes, synced: (flags & 1) === 1 };
    case 'F':
      return { kind: 'sync', id, of: 'file', file };
    case 'D':
      return { kind: 'sync', id, of: 'folder' };
    case 'E':
      return { kind: 'end', id, result: number };
    case 'N':
      return { kind: 'note', text: bytes.toString() };
    case 'X':
      return { kind: 'unknown', name: bytes.toString() };
    default:
      throw new Error(`a journal does not hold records of kind ${kind}`);
  }
}

/** The journal of the interposer: numbers in the byte order of little-endian machines. */
export function readJournal(file: string): readonly JournalRecord[] {
  const bytes = readFileSync(file);
  const records: JournalRecord[] = [];
  let at = 0;
  // The last record may be cut short when the process was killed.
  while (at + headLength <= bytes.length) {
    const end = at + headLength + bytes.readUInt32LE(at + 14);
    if (end > bytes.length) break;
    const number = Number(bytes.readBigInt64LE(at + 6));
    const payload = bytes.subarray(at + headLength, end);
    records.push(
      recordOf(
        String.fromCharCode(bytes[at] ?? 0),
        bytes[at + 1] ?? 0,
        bytes.readUInt32LE(at + 2),
        number,
        payload,
      ),
    );
    at = end;
  }
  return records;
}
