import { invariant } from '@drops/diagnostics';
import { payloadValue, valueAt, type Json, type Path } from '@drops/ir';
import { parseBody } from '../../log/payload.js';
import { pathOfKey, withCounters, type Counters } from '../../writing/counter-values.js';
import { cellKind } from '../../columns.js';
import { u48 } from '../rows/binary-keys.js';
import { saltLength } from '../../log/commitment.js';
import { readCounters } from '../counters/counters.js';
import { bodyStart, hasCounters, readTimeOfRow, readTxOfRow } from '../rows/current-row.js';
import type { View } from '../rows/read-drop.js';
import type { Route } from '../rows/routes.js';
import type { ColumnData } from './column-data.js';
import { createMemberScanner } from './json-members.js';
import { readNumber } from './json-number.js';
import type { RouteRows } from './route-rows.js';

/** Writes the cells of rows into some columns. */
export interface CellWriter {
  /** `bytes`: a row of `current`, good until the next read. */
  write(ordinal: number, bytes: Buffer): void;
}

/** A column of the payload, and the member that it is in, by its place among those that are looked for. */
interface PathColumn {
  readonly column: ColumnData;
  readonly path: Path;
  readonly member: number;
}

const openBrace = 0x7b;

function setToken(column: ColumnData, ordinal: number, bytes: Buffer, start: number, end: number): void {
  switch (bytes[start]) {
    case 0x22:
      return column.setText(ordinal, column.texts.code(bytes, start + 1, end - 1));
    case 0x74:
      return column.setKind(ordinal, cellKind.true);
    case 0x66:
      return column.setKind(ordinal, cellKind.false);
    case 0x6e:
      return column.setKind(ordinal, cellKind.null);
    case openBrace:
    case 0x5b:
      return column.setKind(ordinal, cellKind.other);
    default:
      return column.setNumber(ordinal, readNumber(bytes, start, end));
  }
}

const parsed = (bytes: Buffer, start: number, end: number): Json => parseBody(bytes, start, end, false);

function pathColumns(columns: readonly ColumnData[]): {
  readonly columns: readonly PathColumn[];
  readonly members: readonly string[];
} {
  const members: string[] = [];
  const found: PathColumn[] = [];
  for (const column of columns) {
    if (!('path' in column.name)) continue;
    const { path } = column.name;
    const [first] = path;
    let member = -1;
    if (typeof first === 'string') {
      member = members.indexOf(first);
      if (member < 0) member = members.push(first) - 1;
    }
    found.push({ column, path, member });
  }
  return { columns: found, members };
}

/** A writer for some columns of a route. */
export function createCellWriter(
  view: View,
  route: Route,
  rows: RouteRows,
  columns: readonly ColumnData[],
): CellWriter {
  const keys = columns.filter(({ name }) => 'system' in name && name.system === 'key');
  const times = columns.filter(({ name }) => 'system' in name && name.system === 'created_at');
  const { columns: fields, members } = pathColumns(columns);
  const scanner = createMemberScanner(members);

  const setKey = (ordinal: number): void => {
    for (const column of keys) {
      if (column.kindAt(ordinal) !== cellKind.missing) continue;
      if (rows.isEvent(ordinal)) column.setKind(ordinal, cellKind.null);
      else column.setText(ordinal, column.keys.add(rows.keyOf(ordinal)));
    }
  };

  /** The columns of a payload as it was written, whose JSON is in [start, end). */
  const setFields = (ordinal: number, bytes: Buffer, start: number, end: number): void => {
    if (bytes[start] !== openBrace || !scanner.scan(bytes, start, end)) {
      const payload = parsed(bytes, start, end);
      for (const { column, path } of fields) column.setValue(ordinal, payloadValue(payload, path));
      return;
    }
    for (const { column, path, member } of fields) {
      const at = scanner.starts[member] ?? -1;
      const after = scanner.ends[member] ?? 0;
      if (at < 0) column.setKind(ordinal, cellKind.missing);
      else if (path.length === 1) setToken(column, ordinal, bytes, at, after);
      else column.setValue(ordinal, valueAt(parsed(bytes, at, after), path.slice(1)));
    }
  };

  /** The columns that counters have changed. */
  const setCounted = (ordinal: number, body: Buffer, counters: Counters): void => {
    const names = [...counters].map(([key, value]) => ({ path: pathOfKey(key), value }));
    const isRecord = body[0] === openBrace;
    let counted: Json | undefined;
    for (const { column, path } of fields) {
      const within = isRecord ? names.filter((counter) => counter.path[0] === path[0]) : names;
      const [only, ...others] = within;
      if (!only) continue;
      if (isRecord && others.length === 0 && path.length === 1 && only.path.length === 1) {
        column.setNumber(ordinal, only.value);
        continue;
      }
      counted ??= withCounters(parsed(body, 0, body.length), counters);
      column.setValue(ordinal, payloadValue(counted, path));
    }
  };

  const setBody = (ordinal: number, bytes: Buffer, start: number, end: number, hasCounted: boolean): void => {
    if (!hasCounted) return setFields(ordinal, bytes, start, end);
    // Reading the counters ends the life of the bytes.
    const body = Buffer.from(bytes.subarray(start, end));
    const counters = readCounters(view.environment, view.reader, route.id, rows.keyOf(ordinal));
    setFields(ordinal, body, 0, body.length);
    setCounted(ordinal, body, counters);
  };

  const writeFields = (ordinal: number, bytes: Buffer): void => {
    const hasCounted = hasCounters(bytes);
    const start = bodyStart(bytes);
    if (start !== undefined) return setBody(ordinal, bytes, start, bytes.length, hasCounted);
    const tx = readTxOfRow(bytes);
    const payload = view.reader.get(view.environment.payloads, u48(tx));
    invariant(payload, `tx ${tx} has no payload`);
    setBody(ordinal, payload, saltLength, payload.length, hasCounted);
  };

  return {
    write(ordinal, bytes) {
      if (keys.length > 0) setKey(ordinal);
      const time = times.length > 0 ? readTimeOfRow(bytes) : 0;
      for (const column of times) column.setText(ordinal, column.times.code(time));
      if (fields.length > 0) writeFields(ordinal, bytes);
    },
  };
}
