import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isArray, isObject, type Json } from '@drops/ir';
import { openCacheFile, saveCacheFile } from '../../cache-file.js';
import type { ColumnName } from '../../columns.js';
import type { CachedRoute } from './budget.js';
import { ColumnData, type PackedColumn } from './column-data.js';
import { createPartReader } from './parts.js';
import { RouteRows, type PackedRows } from './route-rows.js';

/** The columns of a route as a file holds them. */
export interface SavedColumns {
  /** See `CachedRoute`. */
  readonly tx: number;
  readonly readAt: number;
  readonly rows: RouteRows;
  readonly columns: readonly ColumnData[];
}

/** Another one is read by no other version, which makes the columns anew. */
const format = 1;

const nameToJson = (name: ColumnName): Json =>
  'system' in name ? { system: name.system } : { path: [...name.path] };

function nameOf(json: Json): ColumnName | undefined {
  if (!isObject(json)) return undefined;
  const { system, path } = json;
  if (system === 'key' || system === 'created_at') return { system };
  if (!isArray(path)) return undefined;
  const steps = path.flatMap((step) => (typeof step === 'string' || typeof step === 'number' ? [step] : []));
  return steps.length === path.length ? { path: steps } : undefined;
}

const numbersOf = (json: Json | undefined): readonly number[] =>
  isArray(json) ? json.flatMap((item) => (typeof item === 'number' ? [item] : [])) : [];

function rowsOf(json: Json | undefined): PackedRows | undefined {
  if (!isObject(json)) return undefined;
  const { size, sorted, present, events, expires } = json;
  if (typeof size !== 'number' || typeof sorted !== 'number' || typeof expires !== 'boolean')
    return undefined;
  if (typeof present !== 'number' || typeof events !== 'number') return undefined;
  return { size, sorted, present, events, expires };
}

function columnOf(json: Json | undefined): PackedColumn | undefined {
  if (!isObject(json)) return undefined;
  const { fractions, magnitude, lost, numbers, codes, texts, characters } = json;
  if (typeof fractions !== 'number' || typeof magnitude !== 'number' || typeof lost !== 'boolean')
    return undefined;
  if (typeof numbers !== 'boolean' || typeof codes !== 'boolean') return undefined;
  if (typeof texts !== 'number' || typeof characters !== 'number') return undefined;
  return { counts: numbersOf(json['counts']), fractions, magnitude, lost, numbers, codes, texts, characters };
}

/** Arrays are written in pieces, so that others get their turn. */
const pieceLength = 2 ** 20;

/**
 * Writes the columns of a route into a file, with the link of the chain at their tx (hex), in pieces between other work; nothing is kept where they change meanwhile.
 * What the disk refuses is thrown.
 */
export function saveColumns(file: string, path: string, cached: CachedRoute, link: string): Promise<void> {
  const { tx, readAt, changes, rows, columns } = cached;
  const packed = [rows.pack(), ...[...columns.values()].map(({ data }) => data.pack())];
  const names = [...columns.values()].map(({ data }) => data.name);
  const lengths: number[] = [];
  function* pieces(): Iterable<Uint8Array> {
    for (const { parts } of packed) {
      for (const part of parts()) {
        if (cached.changes !== changes) return;
        lengths.push(part.length);
        // A writer holds on to a piece while others run: it has to be a copy.
        for (let at = 0; at < part.length; at += pieceLength) yield part.slice(at, at + pieceLength);
      }
    }
  }
  return saveCacheFile('drops-cols', file, async (aside) => {
    await pipeline(Readable.from(pieces()), createWriteStream(aside));
    if (cached.changes !== changes) return undefined;
    const about: Json[] = packed.map((one) => ({ ...one.about }));
    return { format, path, tx, readAt, link, names: names.map(nameToJson), about, lengths };
  });
}

/** What a file is judged by. */
export interface SavedState {
  readonly tx: number;
  readonly link: string;
  readonly rows: number;
}

/**
 * The columns in a file that is whole, of this route, and which `fits` takes. What it answers `later` of is left alone;
 * a file of something else is deleted.
 */
export function readColumnFile(
  file: string,
  path: string,
  fits: (state: SavedState) => boolean | 'later',
): SavedColumns | undefined {
  const found = openCacheFile('drops-cols', file, ({ note, body }): SavedColumns | 'later' | undefined => {
    const { tx, readAt, link, names, about } = note;
    if (note['format'] !== format || note['path'] !== path) return undefined;
    if (typeof tx !== 'number' || typeof readAt !== 'number' || typeof link !== 'string') return undefined;
    if (!isArray(names) || !isArray(about)) return undefined;
    const packedRows = rowsOf(about[0]);
    const answer = packedRows && fits({ tx, link, rows: packedRows.size });
    if (!packedRows || answer !== true) return answer === 'later' ? answer : undefined;
    const parts = createPartReader(body, numbersOf(note['lengths']));
    const rows = RouteRows.read(packedRows, parts);
    const columns = names.flatMap((json, i) => {
      const name = nameOf(json);
      const packed = columnOf(about[i + 1]);
      return name && packed ? [ColumnData.read(name, rows.size, packed, parts)] : [];
    });
    return { tx, readAt, rows, columns };
  });
  return found === 'later' ? undefined : found;
}
