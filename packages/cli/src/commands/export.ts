import { checkRoute } from '@drops/diagnostics';
import type { ExportRequest } from '@drops/engine';
import { exportDialects, exportFormats } from '@drops/transfer';
import type { Command } from '../command.js';
import { CommandFailure, UsageError } from '../failures.js';
import { oneOf, soleWord, type Arguments } from '../flags.js';
import { failureOf } from '../present/failure.js';
import { withSession } from '../session/open-session.js';
import { placeFlags } from '../settings.js';

function requestOf(args: Arguments): ExportRequest {
  const word = soleWord(args.words, 'route');
  const below = word.endsWith('/*');
  const route = below ? word.slice(0, -2) : word;
  const fault = checkRoute(route);
  if (fault) throw new UsageError(fault.message);
  const format = oneOf('--format', args.text('format') ?? 'ndjson', exportFormats);
  const dialect = args.text('dialect');
  if (dialect !== undefined && format !== 'sql') throw new UsageError('--dialect goes with --format sql');
  return {
    route,
    below,
    latest: true,
    format,
    ...(dialect !== undefined && { dialect: oneOf('--dialect', dialect, [...exportDialects.keys()]) }),
  };
}

/** Prints the current state of a route in a format of choice, as it is read. */
export const exportRoute: Command = {
  usage: 'export ROUTE',
  about:
    'Prints the drops of a route (ROUTE/*: also of those below it) in another format, for import or other programs.',
  flags: {
    ...placeFlags,
    format: { value: 'FORMAT', about: `${exportFormats.join('|')} (default: ndjson)` },
    dialect: { value: 'DIALECT', about: 'for sql: postgres (default), mysql or sqlite' },
  },
  run(args, io) {
    const request = requestOf(args);
    return withSession(args, io, async (session) => {
      const reply = await session.export(request);
      if ('status' in reply) throw new CommandFailure('', [failureOf(reply.body)]);
      for await (const chunk of reply) {
        io.out(chunk);
        await io.outReady();
      }
      return 0;
    });
  },
};
