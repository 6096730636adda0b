import { checkRoute } from '@drops/diagnostics';
import { createReadStream } from 'node:fs';
import { exportFormats, formatOf, readImport, type ExportFormat } from '@drops/transfer';
import type { Command } from '../command.js';
import { CommandFailure, UsageError } from '../failures.js';
import { oneOf, soleWord, type Arguments } from '../flags.js';
import type { Io } from '../io.js';
import { withSession } from '../session/open-session.js';
import { writeRows, writeRowsTogether, type WriteListener } from '../session/write-rows.js';
import { placeFlags } from '../settings.js';

/** A file (`-`: standard input) as chunks of text. Bytes that are not UTF-8 end the command. */
async function* textOf(file: string, io: Io): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (bytes: Uint8Array | undefined): string => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch {
      throw new CommandFailure(`${file} is not UTF-8`);
    }
  };
  for await (const chunk of file === '-' ? io.stdin : createReadStream(file))
    yield decode(Buffer.from(chunk));
  yield decode(undefined);
}

/** The format by flag, name or beginning, and all of the text. */
async function openFile(file: string, named: ExportFormat | undefined, io: Io) {
  const chunks = textOf(file, io);
  const first = await chunks.next();
  const beginning = first.done ? '' : first.value;
  async function* all(): AsyncGenerator<string> {
    yield beginning;
    yield* chunks;
  }
  return { format: named ?? formatOf(file, beginning), chunks: all() };
}

function routeOf(args: Arguments): string {
  const route = args.text('route');
  if (route === undefined) throw new UsageError('--route is missing: the route to write to');
  const fault = checkRoute(route);
  if (fault) throw new UsageError(fault.message);
  return route;
}

/** Counts, names what is rejected, and shows on a terminal how far it is. */
function counter(file: string, io: Io) {
  const counts = { written: 0, rejected: 0 };
  const clear = io.color.err ? '\r\u001b[K' : '';
  const listener: WriteListener = {
    written(rows) {
      counts.written += rows;
      if (clear !== '') io.err(`${clear}${counts.written} rows`);
    },
    rejected(line, reason) {
      counts.rejected += 1;
      io.err(`${clear}${file}:${line}: ${reason}\n`);
    },
  };
  return { counts, listener, done: () => io.err(clear) };
}

/** Writes the rows of a file to a route. */
export const importFile: Command = {
  usage: 'import FILE|- --route ROUTE',
  about:
    'Writes the rows of a file (NDJSON, JSON, CSV, or any export of ours) to a route. Rows that cannot be written are named by line and left out; the exit code is 1 then.',
  flags: {
    ...placeFlags,
    route: { value: 'ROUTE', about: 'the route to write to' },
    'key-field': { value: 'FIELD', about: 'the field that holds the key; exports of ours need none' },
    'key-encode': { about: 'encode what cannot be a key instead of rejecting its row' },
    atomic: { about: 'write all rows in one commit, or none if any is rejected' },
    format: { value: 'FORMAT', about: `${exportFormats.join('|')} (default: by name, then by content)` },
  },
  async run(args, io) {
    const file = soleWord(args.words, 'file');
    const route = routeOf(args);
    const format = args.has('format') ? oneOf('--format', args.text('format'), exportFormats) : undefined;
    const keyField = args.text('key-field');
    const opened = await openFile(file, format, io);
    const rows = readImport(opened.format, opened.chunks, {
      ...(keyField !== undefined && { keyField }),
      encodeKeys: args.has('key-encode'),
    });
    const { counts, listener, done } = counter(file, io);
    const write = args.has('atomic') ? writeRowsTogether : writeRows;
    try {
      await withSession(args, io, (session) => write(session, route, rows, listener));
    } catch (error) {
      if (counts.written > 0) io.err(`${counts.written} rows were written before this:\n`);
      throw error;
    } finally {
      done();
    }
    const { written, rejected } = counts;
    if (rejected > 0 && args.has('atomic')) {
      io.err(`nothing was written: ${rejected} rejected\n`);
      return 1;
    }
    io.out(`${written} rows in ${route}${rejected > 0 ? `, ${rejected} rejected` : ''}\n`);
    return rejected > 0 ? 1 : 0;
  },
};
