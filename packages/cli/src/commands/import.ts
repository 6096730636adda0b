import { statSync } from 'node:fs';
import { checkRoute } from '@drops/diagnostics';
import { exportFormats } from '@drops/transfer';
import type { Command } from '../command.js';
import { UsageError } from '../failures.js';
import { oneOf, soleWord, type Arguments } from '../flags.js';
import type { ImportPart } from '../import/import-part.js';
import { openSource } from '../import/open-source.js';
import { createProgress, type Progress } from '../import/progress.js';
import type { Io } from '../io.js';
import { withSession } from '../session/open-session.js';
import { writeRows, writeRowsTogether, type WriteListener } from '../session/write-rows.js';
import { placeFlags } from '../settings.js';

function routeOf(args: Arguments): string {
  const route = args.text('route');
  if (route === undefined) throw new UsageError('--route is missing: the route to write to');
  const fault = checkRoute(route);
  if (fault) throw new UsageError(fault.message);
  return route;
}

interface Counts {
  written: number;
  rejected: number;
  expired: number;
}

/** Counts for each part, and names what is rejected. */
function counter(io: Io, progress: Progress) {
  const counts = new Map<ImportPart, Counts>();
  const of = (part: ImportPart): Counts => {
    const known = counts.get(part) ?? { written: 0, rejected: 0, expired: 0 };
    counts.set(part, known);
    return known;
  };
  const listener: WriteListener = {
    written(part, rows) {
      of(part).written += rows;
      progress.rows(rows);
    },
    rejected(part, line, reason) {
      of(part).rejected += 1;
      progress.clear();
      io.err(`${part.name}:${line}: ${reason}\n`);
    },
    expired(part) {
      of(part).expired += 1;
    },
  };
  const total = (name: keyof Counts): number => [...counts.values()].reduce((sum, one) => sum + one[name], 0);
  return { of, total, listener };
}

function summary(route: string, { written, rejected, expired }: Counts): string {
  const more = [
    ...(expired > 0 ? [`${expired} expired`] : []),
    ...(rejected > 0 ? [`${rejected} rejected`] : []),
  ];
  return `${[`${written} rows in ${route}`, ...more].join(', ')}\n`;
}

/** Bytes of the file; undefined where it has no end yet. */
function sizeOf(file: string): number | undefined {
  return file === '-' ? undefined : statSync(file).size;
}

/** Writes the rows of a file to a route. */
export const importFile: Command = {
  usage: 'import FILE|- --route ROUTE',
  about: [
    'Writes the rows of a file to a route: NDJSON, JSON, CSV, any export of ours, the tables of an SQLite file, the collections of a PocketBase backup (each to ROUTE/its name).',
    'Rows that cannot be written are named by line and left out; the exit code is 1 then. What has expired is left out.',
  ].join('\n'),
  flags: {
    ...placeFlags,
    route: { value: 'ROUTE', about: 'the route to write to' },
    table: { value: 'NAME', about: 'of an SQLite file or a backup this table alone, to ROUTE itself' },
    'key-field': { value: 'FIELD', about: 'the field that holds the key; exports of ours need none' },
    'key-encode': { about: 'encode what cannot be a key instead of rejecting its row' },
    atomic: { about: 'write all rows in one commit, or none if any is rejected' },
    format: { value: 'FORMAT', about: `${exportFormats.join('|')} (default: by name, then by content)` },
  },
  async run(args, io) {
    const file = soleWord(args.words, 'file');
    const route = routeOf(args);
    const format = args.has('format') ? oneOf('--format', args.text('format'), exportFormats) : undefined;
    const progress = createProgress(io, sizeOf(file));
    const options = {
      route,
      table: args.text('table'),
      keyField: args.text('key-field'),
      encodeKeys: args.has('key-encode'),
      now: Date.now(),
    };
    const source = await openSource(file, format, options, io, progress.bytes);
    const { of, total, listener } = counter(io, progress);
    const write = args.has('atomic') ? writeRowsTogether : writeRows;
    try {
      await withSession(args, io, (session) => write(session, source.parts, listener));
    } catch (error) {
      progress.clear();
      if (total('written') > 0) io.err(`${total('written')} rows were written before this:\n`);
      throw error;
    } finally {
      progress.clear();
      source.close();
    }
    const rejected = total('rejected');
    if (rejected > 0 && args.has('atomic')) {
      io.err(`nothing was written: ${rejected} rejected\n`);
      return 1;
    }
    for (const part of source.parts) io.out(summary(part.route, of(part)));
    return rejected > 0 ? 1 : 0;
  },
};
