import { join } from 'node:path';
import { filesBeside, shownAddress } from '@drops/engine';
import { callerFlags } from '../caller-settings.js';
import type { Command } from '../command.js';
import { noWords } from '../flags.js';
import { serveAlone } from '../serve/serve-alone.js';
import { serveWithWorkers } from '../serve/serve-with-workers.js';
import { serveAsWorker, workerNumber } from '../serve/worker.js';
import { dataFlag, serverSettings, workerCount, type ServerSettings } from '../settings.js';

function hello(url: string, data: string): string {
  return `
Drops keeps its data in ${data}. A first command to try:

  curl ${url}/exec -d 'save hello @world greeting: "Hi"; get hello @world'

A shop of 2,000 orders to ask about: node examples/shop/ask.mjs --url ${url}

Ctrl-C stops the server.
`;
}

const relaxedWarning =
  'warning: --durability relaxed: a commit is acknowledged before it is on disk; a crash of this process loses nothing, ' +
  'a power failure or a crash of the system may lose the commits of the last milliseconds, and damages nothing\n';

const outboxNote = ({ files, data }: ServerSettings): string =>
  `mail is kept as files in ${join(files ?? filesBeside(data), 'outbox')}; DROPS_SMTP_URL names a server that sends it\n`;

/** Serves a folder over HTTP until it is told to stop. */
export const serve: Command = {
  usage: 'serve',
  about: 'Serves the data over HTTP until SIGTERM or Ctrl-C, then finishes what runs and ends.',
  flags: {
    ...dataFlag,
    port: { value: 'PORT', about: 'the port, 0 for a free one (default: PORT, else 7700)' },
    host: { value: 'HOST', about: 'the address to listen on (default: HOST, else 127.0.0.1)' },
    ...callerFlags,
    durability: {
      value: 'MODE',
      about:
        'full: acknowledged is on disk; relaxed: faster, a power failure may lose the last milliseconds (default: full)',
    },
    'query-memory': {
      value: 'MB',
      about: 'memory that one statement may hold, 0 for no limit (default: DROPS_QUERY_MEMORY, else 256)',
    },
    'query-time': {
      value: 'SECONDS',
      about:
        'time that one statement may take, 0 for no limit; streams have none (default: DROPS_QUERY_TIME, else 30)',
    },
    'query-rows': {
      value: 'N',
      about: 'rows that one statement may read, 0 for no limit (default: DROPS_QUERY_ROWS, else 0)',
    },
    workers: {
      value: 'N',
      about:
        'serve from N processes on one store, and start another when one ends (default: this process alone)',
    },
    hello: { about: 'say more than the address, for a first start' },
  },
  async run(args, io) {
    noWords(args.words, 'serve');
    const settings = serverSettings(args, io);
    const workers = workerCount(args);
    const number = workerNumber();
    if (workers !== undefined && number !== undefined)
      return serveAsWorker(settings, io, { id: number, of: workers });
    if (settings.durability === 'relaxed') io.err(relaxedWarning);
    if (settings.smtpUrl === undefined) io.err(outboxNote(settings));
    const onReady = (url: string) => {
      io.out(`listening on ${url}\n`);
      if (args.has('hello')) io.err(hello(url, shownAddress(settings.data)));
    };
    if (workers === undefined) return serveAlone(settings, io, onReady);
    return serveWithWorkers(workers, settings, io, onReady);
  },
};
