import { open } from '@drops/engine';
import { listen } from '@drops/server';
import type { Command } from '../command.js';
import { noWords } from '../flags.js';
import type { Io } from '../io.js';
import { dataFlag, serverSettings } from '../settings.js';

/** Resolves at the first SIGTERM or SIGINT; a second one ends the process at once. */
function untilToldToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        resolve();
        process.once(signal, () => process.exit(1));
      });
    }
  });
}

function hello(url: string, data: string): string {
  return `
Drops keeps its data in ${data}. A first command to try:

  curl ${url}/exec -d 'save hello @world greeting: "Hi"; get hello @world'

A shop of 2,000 orders to ask about: node examples/shop/ask.mjs --url ${url}

Ctrl-C stops the server.
`;
}

const relaxedWarning =
  'warning: --durability relaxed: the last commit is acknowledged before it is on disk; a crash of this process loses nothing, ' +
  'a power failure or a crash of the system may lose that commit, and damages nothing\n';

const describeFault = (fault: unknown) =>
  `fault: ${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}\n`;

async function serveUntilStopped(
  settings: ReturnType<typeof serverSettings>,
  io: Io,
  greet: boolean,
): Promise<number> {
  const { host, port, data, adminToken, publicUrl, durability, limits } = settings;
  const onFault = (fault: unknown) => io.err(describeFault(fault));
  if (durability === 'relaxed') io.err(relaxedWarning);
  const engine = await open({
    data,
    onFault,
    durability,
    limits,
    ...(publicUrl !== undefined && { publicUrl }),
  });
  try {
    const stopped = untilToldToStop();
    const server = await listen(engine, {
      host,
      port,
      adminToken,
      durability,
      onFault,
      warn: (line) => io.err(`${line}\n`),
    });
    io.out(`listening on ${server.url}\n`);
    if (greet) io.err(hello(server.url, data));
    await stopped;
    await server.close();
  } finally {
    await engine.close();
  }
  return 0;
}

/** Serves a folder over HTTP until it is told to stop. */
export const serve: Command = {
  usage: 'serve',
  about: 'Serves the data over HTTP until SIGTERM or Ctrl-C, then finishes what runs and ends.',
  flags: {
    ...dataFlag,
    port: { value: 'PORT', about: 'the port, 0 for a free one (default: PORT, else 7700)' },
    host: { value: 'HOST', about: 'the address to listen on (default: HOST, else 127.0.0.1)' },
    'admin-token': {
      value: 'TOKEN',
      about: 'whoever sends it as key is administrator (default: DROPS_ADMIN_TOKEN)',
    },
    auth: { value: 'MODE', about: 'bearer: a key is taken at its word (default: DROPS_AUTH, else bearer)' },
    durability: {
      value: 'MODE',
      about:
        'full: acknowledged is on disk; relaxed: faster, a power failure may lose the last commit (default: full)',
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
    hello: { about: 'say more than the address, for a first start' },
  },
  async run(args, io) {
    noWords(args.words, 'serve');
    return serveUntilStopped(serverSettings(args, io), io, args.has('hello'));
  },
};
