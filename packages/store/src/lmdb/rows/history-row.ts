import { invariant } from '@drops/diagnostics';
import type { Table } from '../table.js';
import { kindCodes, kindOfCode, type LogHeader, type RecordKind } from '../../log/log-record.js';

/** What `history` says of a record; its content is in the log. */
export interface HistoryRow {
  readonly kind: RecordKind;
  readonly version: number;
  /** The tx that hid an event; 0: it is visible. */
  readonly hiddenAt: number;
}

/** Writes a row; an event that was hidden names the tx that did it. */
export function writeHistory(table: Table, row: string, header: LogHeader, hiddenAt = 0): void {
  const bytes = Buffer.allocUnsafe(hiddenAt === 0 ? 5 : 11);
  bytes[0] = kindCodes[header.kind];
  bytes.writeUInt32BE(header.version, 1);
  if (hiddenAt !== 0) bytes.writeUIntBE(hiddenAt, 5, 6);
  table.putSync(row, bytes);
}

/** Reads a row. */
export function readHistory(bytes: Buffer): HistoryRow {
  const kind = kindOfCode(bytes[0] ?? 0);
  invariant(kind, 'a row of the history has an unknown kind');
  return { kind, version: bytes.readUInt32BE(1), hiddenAt: bytes.length > 5 ? bytes.readUIntBE(5, 6) : 0 };
}
